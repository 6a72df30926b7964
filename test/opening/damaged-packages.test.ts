import { copyFile, mkdir, mkdtemp, open, readdir, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { EvsealError, type ErrorCode } from "../../src/errors.js";
import { TrustedSigners } from "../../src/keys/trusted-signers.js";
import { openPackage } from "../../src/opening/open-package.js";
import { verifyPackage } from "../../src/opening/verify-package.js";
import { howToName, namesFor, type PackageNames } from "../../src/package/names.js";
import { quietWatch } from "../quiet-watch.js";
import { refusal } from "../refusal.js";
import { temporaryFolder } from "../temporary-folder.js";
import { makeUnit } from "../units.js";
import { forgePackage } from "./forged-package.js";

/** EVSEAL_TAMPER=all (`npm run test:tamper`) takes every bit and every length; otherwise a slice of them. */
const isWhole = process.env["EVSEAL_TAMPER"] === "all";
const bitStride = isWhole ? 1 : 211;
const lengthStride = isWhole ? 1 : 97;
const seal = "EV-F0RG-ED00-0001";
const names: PackageNames = namesFor(seal);
const watch = quietWatch();

const flipped: Record<string, readonly ErrorCode[]> = {
  [names.container]: ["ALTERED"],
  [names.manifest]: ["ALTERED"],
  [names.label]: ["SIGNATURE_WRONG"],
  [names.labelSignature]: ["SIGNATURE_WRONG", "SIGNATURE_MALFORMED", "SIGNER_UNKNOWN"],
  [howToName]: ["ALTERED"],
};
const shortened: Record<string, readonly ErrorCode[]> = {
  ...flipped,
  [names.container]: ["CUT_SHORT"],
  [names.manifest]: ["CUT_SHORT"],
  [names.labelSignature]: ["SIGNATURE_MALFORMED"],
  [howToName]: ["CUT_SHORT"],
};
const lengthened: Record<string, readonly ErrorCode[]> = {
  ...shortened,
  [names.container]: ["TRAILING_DATA"],
  [names.manifest]: ["TRAILING_DATA"],
  [howToName]: ["TRAILING_DATA"],
};

describe.each(["X25519", "mlkem768x25519"] as const)("a damaged package (%s)", (kind) => {
  const sender = makeUnit("GMP", kind);
  const receiver = makeUnit("SCAS", kind);
  const trusted = TrustedSigners.of([sender.card]);
  let path = "";
  let outDir = "";
  let aside = "";

  /** Verifying and opening both refuse with one of `codes`, and nothing at all is left in the output folder. */
  async function refused(what: string, codes: readonly ErrorCode[]): Promise<void> {
    const options = { outDir, trusted, identities: [receiver.identity], watch };
    for (const attempt of [() => verifyPackage(path, { trusted, watch }), () => openPackage(path, options)]) {
      const error: unknown = await attempt().then(
        () => "accepted",
        (cause: unknown) => cause,
      );
      if (!(error instanceof EvsealError) || !codes.includes(error.code)) {
        expect.fail(
          `${what}: ${error instanceof EvsealError ? error.code : String(error)} instead of ${codes.join("|")}`,
        );
      }
    }
    const left = await readdir(outDir);
    if (left.length > 0) expect.fail(`${what} left ${left.join()}`);
  }

  beforeAll(async () => {
    aside = await mkdtemp(join(tmpdir(), "evseal-damage-"));
    outDir = join(aside, "out");
    await mkdir(outDir);
    await mkdir(join(aside, "in"));
    path = await forgePackage(join(aside, "in"), sender, [receiver]);
    return () => rm(aside, { recursive: true, force: true });
  });

  it("is whole before it is damaged", async () => {
    await expect(verifyPackage(path, { trusted, watch })).resolves.toMatchObject({ ok: true });
  });

  it.each(Object.entries(flipped))(
    "is refused with any bit flipped in %s",
    { timeout: 3_600_000 },
    async (name, codes) => {
      const handle = await open(join(path, name), "r+");
      const byte = Buffer.alloc(1);
      let flips = 0;
      for (let bit = 0; bit < 8 * (await handle.stat()).size; bit += bitStride) {
        await handle.read(byte, 0, 1, bit >> 3);
        await handle.write(Buffer.from([(byte[0] ?? 0) ^ (1 << (bit & 7))]), 0, 1, bit >> 3);
        await refused(`${name} bit ${bit}`, codes);
        await handle.write(byte, 0, 1, bit >> 3);
        flips += 1;
      }
      await handle.close();
      expect(flips).toBeGreaterThan(10);
    },
  );

  it.each(Object.entries(shortened))(
    "is refused with %s cut short anywhere",
    { timeout: 3_600_000 },
    async (name, codes) => {
      const file = join(path, name);
      await copyFile(file, join(aside, `${name}.whole`));
      try {
        for (let size = (await stat(file)).size - 1; size >= 0; size -= lengthStride) {
          await truncate(file, size);
          await refused(`${name} of ${size} bytes`, codes);
        }
      } finally {
        await rename(join(aside, `${name}.whole`), file);
      }
    },
  );

  it.each(Object.entries(lengthened))("is refused with anything after the end of %s", async (name, codes) => {
    const file = join(path, name);
    const { size } = await stat(file);
    for (const tail of [Buffer.alloc(1), Buffer.from("\n"), Buffer.alloc(100_000, 7)]) {
      await writeFile(file, tail, { flag: "a" });
      await refused(`${name} with ${tail.length} bytes more`, codes);
      await truncate(file, size);
    }
  });

  it.each(Object.keys(flipped))("is refused without %s", async (name) => {
    const file = join(path, name);
    await rename(file, join(aside, `${name}.away`));
    const code = { [names.label]: "PACKAGE_NOT_FOUND", [names.labelSignature]: "SIGNATURE_MISSING" }[name];
    try {
      await refused(`no ${name}`, [(code ?? "PACKAGE_INCOMPLETE") as ErrorCode]);
    } finally {
      await rename(join(aside, `${name}.away`), file);
    }
  });

  it("is refused with a file more, of whatever name", async () => {
    for (const name of ["note.txt", ".DS_Store", `${seal}.evseal.001`]) {
      await writeFile(join(path, name), "");
      await refused(name, ["PACKAGE_FOREIGN_FILE"]);
      await rm(join(path, name));
    }
  });

  it("is refused with any file exchanged for that of another package of the same sender", async () => {
    const other = await forgePackage(await temporaryFolder(), sender, [receiver], {
      files: { "INT/a.mp4": "the inte--iew", "INT/b.txt": "" },
    });
    for (const name of [names.container, names.manifest, names.label, names.labelSignature]) {
      const [ours, theirs] = [join(path, name), join(other, name)];
      await copyFile(ours, `${theirs}.ours`);
      await copyFile(theirs, ours);
      await refused(`foreign ${name}`, ["ALTERED", "SIGNATURE_WRONG", "CUT_SHORT", "TRAILING_DATA"]);
      await rename(`${theirs}.ours`, ours);
    }
    await expect(verifyPackage(path, { trusted, watch })).resolves.toMatchObject({ ok: true });
  });

  it("is refused under another package's number", async () => {
    const renamed = await forgePackage(await temporaryFolder(), sender, [receiver], { seal: "EV-F0RG-ED00-0002" });
    for (const name of await readdir(renamed)) {
      await rename(join(renamed, name), join(renamed, name.replace("0002", "0003")));
    }
    await expect(verifyPackage(renamed, { trusted, watch })).rejects.toThrow(refusal("SIGNATURE_WRONG"));
  });
});
