import { appendFileSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { TrustedSigners } from "../../src/keys/trusted-signers.js";
import { listPackage } from "../../src/opening/list-package.js";
import { openPackage } from "../../src/opening/open-package.js";
import { pack, type PackRequest, type PackResult } from "../../src/sealing/pack.js";
import { quietWatch } from "../quiet-watch.js";
import { refusal } from "../refusal.js";
import { temporaryFolder } from "../temporary-folder.js";
import { makeUnit, partyOf } from "../units.js";

const sender = makeUnit("GMP");
const receiver = makeUnit("SCAS");
const second = makeUnit("Recovery");
const classic = makeUnit("Classic unit", "X25519");
const sealedAt = new Date("2026-11-23T22:10:05.678Z");

async function interview(): Promise<string> {
  const folder = join(await temporaryFolder(), "INT-001");
  await mkdir(folder);
  await writeFile(join(folder, "a.mp4"), "the interview");
  await writeFile(join(folder, "b.txt"), "");
  return folder;
}

async function packed(request: Partial<PackRequest> = {}): Promise<PackResult & { source: string; outDir: string }> {
  const source = await interview();
  const outDir = request.outDir ?? (await temporaryFolder());
  const result = await pack({
    sources: [source],
    recipients: [receiver.card],
    sender,
    outDir,
    record: { case: "2026/114" },
    clock: () => sealedAt,
    watch: quietWatch(),
    ...request,
  });
  return { ...result, source, outDir };
}

describe("a package", () => {
  it("is one folder of five files, named by its seal number alone, with the sealing instant for their time", async () => {
    const { seal, package: path, outDir } = await packed();
    expect(await readdir(outDir)).toEqual([seal]);
    expect((await readdir(path)).sort()).toEqual(
      [
        `${seal}.evseal`,
        `${seal}.label.json`,
        `${seal}.label.json.minisig`,
        `${seal}.manifest.evseal`,
        "HOW-TO-OPEN.txt",
      ].sort(),
    );
    for (const name of [".", ...(await readdir(path))]) {
      const found = await stat(join(path, name));
      expect(found.mtimeMs, name).toBe(Date.parse("2026-11-23T22:10:05Z"));
      expect(found.mode & 0o777, name).toBe(name === "." ? 0o700 : 0o600);
    }
  });

  it("gives back what went in, with its times and the signed manifest beside it", async () => {
    const { seal, package: path } = await packed();
    const outDir = await temporaryFolder();
    const trusted = TrustedSigners.of([sender.card]);
    const identities = [receiver.identity];
    const result = await openPackage([path], { outDir, trusted, identities, watch: quietWatch() });
    expect(result).toEqual({
      seal,
      sender: partyOf(sender),
      out: join(outDir, `${seal}.opened`),
      files: 2,
      of: 2,
      bytes: 13,
      verified: true,
    });
    expect((await readdir(result.out, { recursive: true })).sort()).toEqual([
      "manifest.json",
      "manifest.json.minisig",
      "media",
      "media/INT-001",
      "media/INT-001/a.mp4",
      "media/INT-001/b.txt",
    ]);
    expect(await readFile(join(result.out, "media/INT-001/a.mp4"), "utf8")).toBe("the interview");
    const { files } = await listPackage(path, { trusted, identities });
    const restored = (await stat(join(result.out, "media/INT-001/a.mp4"))).mtimeMs;
    expect(Math.abs(restored - Date.parse(files[0]?.modified ?? ""))).toBeLessThan(2); // utimes(2) through a double
  });

  it("stands where it should when the output folder is named by a link", async () => {
    const place = await temporaryFolder();
    const link = join(await temporaryFolder(), "link");
    await symlink(place, link);
    const { seal, package: path } = await packed({ outDir: link });
    expect(path).toBe(join(link, seal));
    expect(await readdir(place)).toEqual([seal]);
  });

  it("opens for each of its recipients", async () => {
    const { package: path } = await packed({ recipients: [receiver.card, second.card] });
    for (const { identity } of [receiver, second]) {
      const trusted = TrustedSigners.of([sender.card]);
      const options = { outDir: await temporaryFolder(), trusted, identities: [identity], watch: quietWatch() };
      await expect(openPackage([path], options)).resolves.toMatchObject({ verified: true });
    }
  });

  it("tells nothing of its sources outside the encryption", async () => {
    const { package: path } = await packed({ record: { case: "CASE-4711", reason: "Jane Doe" } });
    for (const name of await readdir(path)) {
      const bytes = await readFile(join(path, name), "latin1");
      for (const telling of ["INT-001", "a.mp4", "CASE-4711", "Jane", "the interview"]) {
        expect(bytes.includes(telling), `${telling} in ${name}`).toBe(false);
      }
    }
  });

  it("has the same sizes for sources that differ by a few bytes", async () => {
    const sizes = async (length: number): Promise<number[]> => {
      const source = join(await temporaryFolder(), "a.mp4");
      await writeFile(source, Buffer.alloc(length));
      const { package: path, containers } = await packed({ sources: [source] });
      const names = (await readdir(path)).filter((name) => name.endsWith(".manifest.evseal"));
      return [containers[0]?.size ?? 0, (await stat(join(path, names[0] ?? ""))).size];
    };
    expect(await sizes(1_000_001)).toEqual(await sizes(1_004_999));
  });
});

describe("packing is refused, and leaves nothing, for", () => {
  async function refused(code: Parameters<typeof refusal>[0], request: Partial<PackRequest>): Promise<void> {
    const outDir = request.outDir ?? (await temporaryFolder());
    const before = await readdir(outDir).catch(() => []);
    await expect(packed({ ...request, outDir })).rejects.toThrow(refusal(code));
    expect(await readdir(outDir).catch(() => [])).toEqual(before);
  }

  it("no recipient", () => refused("USAGE", { recipients: [] }));
  it("only oneself", () => refused("RECIPIENT_ONLY_SELF", { recipients: [sender.card] }));
  it("a recipient twice", () => refused("RECIPIENT_TWICE", { recipients: [receiver.card, receiver.card] }));
  it("both kinds of keys", () => refused("RECIPIENTS_MIXED", { recipients: [receiver.card, classic.card] }));
  it("more than 20 recipients", () =>
    refused("RECIPIENTS_TOO_MANY", {
      recipients: Array.from({ length: 21 }, (_, index) => makeUnit(`Unit ${index}`, "X25519").card),
    }));
  it("an expired recipient", () =>
    refused("CARD_EXPIRED", { recipients: [{ ...receiver.card, expires: "2026-11-23T22:10:05Z" }] }));
  it("an expired sender", () =>
    refused("CARD_EXPIRED", { sender: { ...sender, card: { ...sender.card, expires: "2026-01-02T00:00:00Z" } } }));
  it("a signing key that is not the card's", () =>
    refused("KEY_NOT_OURS", { sender: { card: sender.card, signingKey: second.signingKey } }));
  it("no source", () => refused("NOTHING_TO_PACK", { sources: [] }));
  it("a source that is not there", () => refused("SOURCE_UNREADABLE", { sources: ["/nonexistent/INT"] }));
  it("an output folder that is not there", () => refused("OUTPUT_FAILED", { outDir: "/nonexistent/out" }));

  it("an output folder inside a source, by whatever path", async () => {
    const source = await interview();
    await mkdir(join(source, "out"));
    await refused("OUTPUT_INSIDE_SOURCE", { sources: [source], outDir: join(source, "out") });
    await refused("OUTPUT_INSIDE_SOURCE", { sources: [source], outDir: source });
    const elsewhere = join(await temporaryFolder(), "link");
    await symlink(join(source, "out"), elsewhere);
    await refused("OUTPUT_INSIDE_SOURCE", { sources: [join(source, "out", "..")], outDir: elsewhere });
  });

  it("a source inside the output folder", async () => {
    const source = await interview();
    await refused("SOURCE_INSIDE_OUTPUT", { sources: [source], outDir: join(source, "..") });
    await refused("SOURCE_INSIDE_OUTPUT", { sources: [join(source, "a.mp4")], outDir: join(source, "..") });
  });

  it("an output folder that holds anything but packages", async () => {
    for (const name of ["note.txt", ".DS_Store", "Smith"]) {
      const outDir = await temporaryFolder();
      await mkdir(join(outDir, name));
      await refused("OUTPUT_NOT_ONLY_PACKAGES", { outDir });
    }
    for (const spoil of [
      (path: string) => writeFile(join(path, "note.txt"), ""),
      (path: string) => mkdir(join(path, "..", "EV-0000-0000-0000", "HOW-TO-OPEN.txt"), { recursive: true }),
      (path: string) => mkdir(join(path, "..", ".EV-0000-0000-0000.partial", "media"), { recursive: true }),
      (path: string) => mkdir(`${path}.opened`),
    ]) {
      const { outDir, package: path } = await packed();
      await spoil(path);
      await refused("OUTPUT_NOT_ONLY_PACKAGES", { outDir });
    }
  });

  it("but not for one that holds packages, or what another run has begun", async () => {
    const { outDir } = await packed();
    await mkdir(join(outDir, ".EV-0000-0000-0000.partial"));
    await packed({ outDir });
    expect((await readdir(outDir)).filter((name) => name.startsWith("EV-"))).toHaveLength(2);
  });

  it("a source that changes once it is being sealed", async () => {
    const source = await interview();
    const watch = {
      ...quietWatch(),
      progress: (phase: string, doneBytes: number) => {
        if (phase === "sealing" && doneBytes === 0) writeFileSync(join(source, "b.txt"), "more");
      },
    };
    await refused("SOURCE_CHANGED", { sources: [source], watch });
  });

  it.each([
    ["grows after it was read", (source: string) => appendFileSync(join(source, "a.mp4"), "more")],
    ["gets a new file", (source: string) => writeFileSync(join(source, "c.mp4"), "")],
    ["loses a file", (source: string) => rmSync(join(source, "b.txt"))],
    ["gets a link", (source: string) => symlinkSync("a.mp4", join(source, "link"))],
  ])("a source that %s, even while the package is read back", async (_what, change) => {
    const source = await interview();
    const progress = (phase: string, doneBytes: number): void => {
      if (phase === "reading back" && doneBytes === 0) change(source);
    };
    await refused("SOURCE_CHANGED", { sources: [source], watch: { ...quietWatch(), progress } });
  });

  it("an interruption, in any phase", async () => {
    for (const stopAt of ["sealing", "reading back"]) {
      const stop = new AbortController();
      const progress = (phase: string): void => {
        if (phase === stopAt) stop.abort();
      };
      await refused("INTERRUPTED", { watch: { signal: stop.signal, progress } });
    }
  });

  it("a container that does not come back from the disk as it was written", async () => {
    const outDir = await temporaryFolder();
    const progress = (phase: string, doneBytes: number): void => {
      if (phase !== "reading back" || doneBytes !== 0) return;
      const [partial = ""] = readdirSync(outDir);
      const [container = ""] = readdirSync(join(outDir, partial));
      const bytes = readFileSync(join(outDir, partial, container));
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      writeFileSync(join(outDir, partial, container), bytes);
    };
    await refused("READ_BACK_DIFFERS", { outDir, watch: { ...quietWatch(), progress } });
  });
});
