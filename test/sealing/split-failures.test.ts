import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { quietWatch } from "../quiet-watch.js";
import { refusal } from "../refusal.js";
import { temporaryFolder } from "../temporary-folder.js";
import { packed } from "./on-discs.js";

describe("nothing is left of a package on several discs", () => {
  async function fails(
    code: Parameters<typeof refusal>[0],
    spoil: (partial: string, phase: string) => void,
  ): Promise<void> {
    const outDir = await temporaryFolder();
    const progress = (phase: string): void => {
      const [partial = ""] = readdirSync(outDir);
      if (partial !== "") spoil(join(outDir, partial), phase);
    };
    await expect(packed({ outDir, watch: { ...quietWatch(), progress } })).rejects.toThrow(refusal(code));
    expect(await readdir(outDir)).toEqual([]);
  }

  const sealOf = (partial: string): string => /EV-[^.]+/.exec(partial)?.[0] ?? "";

  it("where a later part cannot be made", async () => {
    await fails("OUTPUT_EXISTS", (partial) => {
      const path = join(partial, "disc-002", `${sealOf(partial)}.evseal.002`);
      if (!existsSync(path)) writeFileSync(path, "");
    });
  });

  it("where a later part cannot be read back", async () => {
    let isSpoilt = false;
    await fails("READ_BACK_DIFFERS", (partial, phase) => {
      if (phase !== "reading back" || isSpoilt) return;
      isSpoilt = true;
      const path = join(partial, "disc-003", `${sealOf(partial)}.evseal.003`);
      const bytes = readFileSync(path);
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      writeFileSync(path, bytes);
    });
  });

  it("where something is put beside its discs", async () => {
    await fails("READ_BACK_DIFFERS", (partial) => writeFileSync(join(partial, "note.txt"), ""));
  });

  it("where something is put on one of its discs", async () => {
    await fails("READ_BACK_DIFFERS", (partial) => writeFileSync(join(partial, "disc-002", "note.txt"), ""));
  });

  it("where it is interrupted", async () => {
    for (const stopAt of ["sealing", "reading back"]) {
      const stop = new AbortController();
      const outDir = await temporaryFolder();
      let steps = 0;
      const progress = (phase: string): void => {
        if (phase === stopAt && ++steps === 4) stop.abort();
      };
      await expect(packed({ outDir, watch: { signal: stop.signal, progress } })).rejects.toThrow(
        refusal("INTERRUPTED"),
      );
      expect(await readdir(outDir)).toEqual([]);
    }
  });
});
