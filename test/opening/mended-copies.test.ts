import { cp, mkdir, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { filePattern, openPackage, type OpenResult } from "../../src/opening/open-package.js";
import { verifyPackage } from "../../src/opening/verify-package.js";
import { howToName } from "../../src/package/names.js";
import { interrupted } from "../../src/watch.js";
import { refusal } from "../refusal.js";
import { temporaryFolder } from "../temporary-folder.js";
import { unreadableAt } from "../unreadable.js";
import { identities, other, receiver, rewriteHeader, sender, trusted, watch } from "./attack.js";
import { copiesOf, type Copies, damage, names, payloadStartOf, seal, sealedChunkSizeBytes } from "./copies.js";
import { forgePackage } from "./forged-package.js";

const files = { "INT/a.mp4": "the interview ".repeat(50_000), "INT/b.txt": "note" };
const containerIn = (copy: string): string => join(copy, names.container);
let outDir = "";
let start = 0;
let sealed = Buffer.alloc(0);
let copies: Copies = ["", ""];
const chunkAt = (index: number): number => start + index * sealedChunkSizeBytes;

beforeEach(async () => {
  outDir = await temporaryFolder();
  copies = await copiesOf({ files });
  sealed = await readFile(containerIn(copies[0]));
  start = payloadStartOf(sealed);
});

const open = (paths: readonly string[] = copies): Promise<OpenResult> =>
  openPackage(paths, { outDir, trusted, identities, watch });

async function expectOpened(paths: readonly string[] = copies): Promise<OpenResult> {
  const result = await open(paths);
  const media = join(outDir, `${seal}.opened`, "media");
  expect(await readFile(join(media, "INT/a.mp4"), "utf8")).toBe(files["INT/a.mp4"]);
  expect(await readFile(join(media, "INT/b.txt"), "utf8")).toBe("note");
  expect(await readdir(outDir)).toEqual([`${seal}.opened`]);
  await rm(join(outDir, `${seal}.opened`), { recursive: true });
  return result;
}

async function expectRefused(code: Parameters<typeof refusal>[0], paths: readonly string[] = copies): Promise<void> {
  await expect(open(paths)).rejects.toEqual(refusal(code));
  expect(await readdir(outDir)).toEqual([]);
}

describe("two copies of a package", () => {
  it("that are whole are opened, and nothing is said of mending", async () => {
    expect(await expectOpened()).not.toHaveProperty("mended");
    await expect(verifyPackage(copies, { trusted, watch })).rejects.toEqual(refusal("DISC_TWICE"));
  });

  it("of which each is damaged elsewhere make one, and it is told what came from the second", async () => {
    await damage(containerIn(copies[0]), chunkAt(2) + 5, 70_000);
    await damage(containerIn(copies[0]), chunkAt(6));
    await damage(containerIn(copies[1]), chunkAt(5) - 1);
    expect((await expectOpened()).mended).toEqual([
      { from: 2, offset: chunkAt(2), sizeBytes: 2 * sealedChunkSizeBytes },
      { from: 2, offset: chunkAt(6), sizeBytes: sealedChunkSizeBytes },
    ]);
    expect((await expectOpened([copies[1], copies[0]])).mended).toEqual([
      { from: 2, offset: chunkAt(4), sizeBytes: sealedChunkSizeBytes },
    ]);
    const only = filePattern("**/b.txt");
    const options = { outDir, trusted, identities, watch, only };
    await expect(openPackage(copies, options)).resolves.toMatchObject({ files: 1, mended: [{ from: 2 }, { from: 2 }] });
  });

  it("and a third are better than two", async () => {
    const third = join(await temporaryFolder(), seal);
    await cp(copies[0], third, { recursive: true });
    for (const copy of copies) await damage(containerIn(copy), chunkAt(3));
    await damage(containerIn(copies[0]), chunkAt(1));
    await damage(containerIn(third), 9);
    expect((await expectOpened([...copies, third])).mended).toEqual([
      { from: 2, offset: chunkAt(1), sizeBytes: sealedChunkSizeBytes },
      { from: 3, offset: chunkAt(3), sizeBytes: sealedChunkSizeBytes },
    ]);
  });

  it("of which a chunk is whole in neither are refused, with how much that is", async () => {
    for (const copy of copies) await damage(containerIn(copy), chunkAt(3) + 17);
    await expectRefused("COPIES_DAMAGED");
    await expect(open()).rejects.toThrow("65536 bytes of the container are whole in no copy");
  });

  it("of which one has lost its header, or its nonce, make one; where both have, there is no way", async () => {
    await damage(containerIn(copies[0]), 30);
    expect((await expectOpened()).mended).toEqual([{ from: 2, offset: 0, sizeBytes: start - 16 }]);
    await damage(containerIn(copies[1]), start - 1);
    await expectOpened();
    await damage(containerIn(copies[1]), 40);
    await expectRefused("COPIES_DAMAGED");
    await expect(open()).rejects.toThrow("the beginning of the container is whole in no copy");
  });

  it("may be short, long, or without a container", async () => {
    await truncate(containerIn(copies[0]), chunkAt(4) + 100);
    await writeFile(containerIn(copies[1]), Buffer.concat([sealed, Buffer.from("more")]));
    expect((await expectOpened()).mended).toEqual([
      { from: 2, offset: chunkAt(4), sizeBytes: sealed.length - chunkAt(4) },
    ]);
    await rm(containerIn(copies[0]));
    expect((await expectOpened()).mended).toEqual([{ from: 2, offset: 0, sizeBytes: sealed.length }]);
    await mkdir(containerIn(copies[0]));
    await expectOpened();
    await truncate(containerIn(copies[1]), 10);
    await expectRefused("COPIES_DAMAGED");
  });

  it("are mended where they cannot be read", async () => {
    const half = chunkAt(5) + 1000;
    unreadableAt(
      new Map([
        [containerIn(copies[0]), [[0, half]]],
        [containerIn(copies[1]), [[chunkAt(6) + 8192, sealed.length]]],
      ]),
    );
    expect((await expectOpened()).mended).toEqual([{ from: 2, offset: 0, sizeBytes: chunkAt(6) }]);
  });

  it("may have each of their small files damaged in one", async () => {
    const smallFiles = [names.label, names.labelSignature, names.manifest, howToName];
    for (const [index, name] of smallFiles.entries()) {
      const copy = copies[index < 2 ? 0 : 1];
      await damage(join(copy, name), 3, 200);
      await expectOpened();
      await rm(join(copy, name));
      await expectOpened(); // without a label it is known by its other files
    }
    await damage(containerIn(copies[1]), chunkAt(1));
    expect(await expectOpened()).not.toHaveProperty("mended");
    expect((await expectOpened([copies[1], copies[0]])).mended).toHaveLength(1);
  });

  it("have to prove label and manifest in one of them", async () => {
    for (const copy of copies) await damage(join(copy, names.manifest), 3000);
    await expectRefused("ALTERED");
    for (const copy of copies) await rm(join(copy, names.manifest));
    await expectRefused("ALTERED");
    await damage(join(copies[0], names.label), 10);
    await rm(join(copies[1], names.labelSignature));
    await expectRefused("SIGNATURE_WRONG");
  });

  it("are not of two packages, nor of two sealings under one number; nor are they one copy twice", async () => {
    const [again] = await copiesOf({ files });
    await expectRefused("DISC_FOREIGN", [copies[0], again]);
    const another = { seal: "EV-F0RG-ED00-0002" };
    const foreign = await forgePackage(await temporaryFolder(), sender, [receiver], another);
    await expectRefused("DISC_FOREIGN", [copies[0], foreign]);
    await expectRefused("DISC_TWICE", [copies[0], copies[0]]);
  });

  it("are of the container that was signed, though another is as whole", async () => {
    const path = await forgePackage(await temporaryFolder(), sender, [receiver], { files, seal: "EV-F0RG-ED00-0002" });
    await cp(join(path, "EV-F0RG-ED00-0002.evseal"), containerIn(copies[0]));
    expect((await expectOpened()).mended).toEqual([{ from: 2, offset: 0, sizeBytes: sealed.length }]);
    await cp(containerIn(copies[0]), containerIn(copies[1]));
    await expectRefused("CONTENT_DIFFERS");
    const [again] = await copiesOf({ files });
    for (const copy of copies) await cp(containerIn(again), containerIn(copy));
    await expectRefused("ALTERED");
  });

  it("are refused for what a sender has sealed into them, and not for damage that they have not", async () => {
    const resealed = await copiesOf({ mediaRecipients: [receiver, other] });
    await expectRefused("RECIPIENTS_DIFFER", resealed);
    const container = (sealed: Uint8Array): Promise<Uint8Array> =>
      rewriteHeader(sealed, ([stanza, ...others]) => [...(stanza ? [stanza, stanza] : []), ...others]);
    await expectRefused("RECIPIENTS_DIFFER", await copiesOf({ container }));
    await damage(join(resealed[0], names.container), 3);
    await expectRefused("RECIPIENTS_DIFFER", resealed);
    await damage(join(resealed[1], names.container), 3);
    await expectRefused("COPIES_DAMAGED", resealed);
  });

  it("leave nothing when it is stopped, and when the output is there", async () => {
    const stopped = new AbortController();
    const progress = (): void => stopped.abort();
    const options = { outDir, trusted, identities, watch: { signal: stopped.signal, progress } };
    await expect(openPackage(copies, options)).rejects.toEqual(interrupted());
    expect(await readdir(outDir)).toEqual([]);
    await mkdir(join(outDir, `${seal}.opened`));
    await expect(open()).rejects.toEqual(refusal("OUTPUT_EXISTS"));
  });

  it("make one exactly if every chunk is whole in one of them", async () => {
    const chunkCount = Math.ceil((sealed.length - start) / sealedChunkSizeBytes);
    const place = fc.record({ at: fc.nat(sealed.length - 1), sizeBytes: fc.integer({ min: 1, max: 100_000 }) });
    const damages = fc.array(place, { maxLength: 4 });
    const outcomes = { opened: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(damages, damages, async (...all) => {
        const bad = all.map((places) => new Set(places.flatMap(({ at, sizeBytes }) => unitsOf(at, at + sizeBytes))));
        for (const [copy, places] of all.entries()) {
          const bytes = Buffer.from(sealed);
          for (const { at, sizeBytes } of places) bytes.subarray(at, at + sizeBytes).fill(0xa5);
          await writeFile(containerIn(copies[copy] ?? ""), bytes);
        }
        // -2 is the header, -1 the nonce.
        const units = Array.from({ length: chunkCount + 2 }, (_, index) => index - 2);
        if (units.every((unit) => !bad.every((damaged) => damaged.has(unit)))) {
          await expectOpened();
          outcomes.opened += 1;
        } else {
          await expectRefused("COPIES_DAMAGED");
          outcomes.refused += 1;
        }
      }),
      {
        numRuns: 60,
        examples: [
          [[], []],
          [[{ at: 0, sizeBytes: sealed.length }], []],
        ],
      },
    );
    expect(outcomes.opened).toBeGreaterThan(5);
    expect(outcomes.refused).toBeGreaterThan(5);
  });
});

function unitsOf(from: number, to: number): readonly number[] {
  const end = Math.min(to, sealed.length);
  const chunks = Array.from({ length: Math.ceil((sealed.length - start) / sealedChunkSizeBytes) }, (_, index) => index);
  return [
    ...(from < start - 16 ? [-2] : []),
    ...(from < start && end > start - 16 ? [-1] : []),
    ...chunks.filter((index) => from < chunkAt(index + 1) && end > chunkAt(index)),
  ];
}
