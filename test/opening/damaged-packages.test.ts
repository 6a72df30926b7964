import {
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { EvsealError, existing, type ErrorCode } from "../../src/errors.js";
import { TrustedSigners } from "../../src/keys/trusted-signers.js";
import { openPackage } from "../../src/opening/open-package.js";
import { verifyPackage } from "../../src/opening/verify-package.js";
import { howToName, namesFor, type PackageNames } from "../../src/package/names.js";
import { campaign, timeLimitMs, whole, type Verdict } from "../faults/campaign.js";
import { quietWatch } from "../quiet-watch.js";
import { refusal } from "../refusal.js";
import { temporaryFolder } from "../temporary-folder.js";
import { makeUnit } from "../units.js";
import { forgePackage } from "./forged-package.js";

// `npm run test:faults` takes every bit and every length; otherwise a slice of them.
const bitStride = whole ? 1 : 211;
const lengthStride = whole ? 1 : 97;
const seal = "EV-F0RG-ED00-0001";
const names: PackageNames = namesFor(seal);
const watch = quietWatch();

/** A bit of a file, or a length. */
interface Place {
  readonly name: string;
  readonly at: number;
}

/** A package to be damaged, and where it would be opened. */
interface Copy {
  readonly path: string;
  readonly outDir: string;
}

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

function codesFor(table: typeof flipped, name: string): readonly ErrorCode[] {
  return existing(table[name], `what is expected of ${name}`);
}

describe.each(["X25519", "mlkem768x25519"] as const)("a damaged package (%s)", (kind) => {
  const sender = makeUnit("GMP", kind);
  const receiver = makeUnit("SCAS", kind);
  const trusted = TrustedSigners.of([sender.card]);
  let path = "";
  let outDir = "";
  let aside = "";
  const idle: Copy[] = [];

  async function placesIn(
    codes: typeof flipped,
    stride: number,
    amountIn: (sizeBytes: number) => number,
  ): Promise<readonly Place[]> {
    const places = Object.keys(codes).map(async (name) => {
      const amount = Math.ceil(amountIn((await stat(join(path, name))).size) / stride);
      expect(amount).toBeGreaterThan(0);
      return Array.from({ length: amount }, (_, index): Place => ({ name, at: index * stride }));
    });
    return (await Promise.all(places)).flat();
  }

  /** Lends a copy of the package to `damage`, which alters the file `name` of it; afterwards it is whole again. */
  async function onCopy(damage: (copy: Copy) => Promise<readonly string[]>, name: string): Promise<Verdict> {
    const copy = idle.pop() ?? (await anotherCopy());
    const violations = await damage(copy);
    await copyFile(join(path, name), join(copy.path, name));
    idle.push(copy);
    return { violations, reached: true };
  }

  async function anotherCopy(): Promise<Copy> {
    const folder = await mkdtemp(join(aside, "copy-"));
    const copy: Copy = { path: join(folder, seal), outDir: join(folder, "out") };
    await mkdir(copy.outDir);
    await cp(path, copy.path, { recursive: true });
    expect(await notRefused(copy, [])).toEqual(["accepted instead of ", "accepted instead of "]); // it is whole
    await rm(copy.outDir, { recursive: true });
    await mkdir(copy.outDir);
    return copy;
  }

  /** Verifying and opening both refuse with one of `codes`, and nothing at all is left in the output folder. */
  async function refused(what: string, codes: readonly ErrorCode[]): Promise<void> {
    expect(await notRefused({ path, outDir }, codes), what).toEqual([]);
  }

  async function notRefused(at: Copy, codes: readonly ErrorCode[]): Promise<string[]> {
    const wrong: string[] = [];
    const options = { outDir: at.outDir, trusted, identities: [receiver.identity], watch };
    for (const attempt of [() => verifyPackage([at.path], { trusted, watch }), () => openPackage([at.path], options)]) {
      const error: unknown = await attempt().then(
        () => "accepted",
        (cause: unknown) => cause,
      );
      if (!(error instanceof EvsealError) || !codes.includes(error.code)) {
        wrong.push(`${error instanceof EvsealError ? error.code : String(error)} instead of ${codes.join("|")}`);
      }
    }
    const left = await readdir(at.outDir);
    if (left.length > 0 && codes.length > 0) wrong.push(`left ${left.join()}`);
    return wrong;
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
    await expect(verifyPackage([path], { trusted, watch })).resolves.toMatchObject({ ok: true });
  });

  it(
    "is refused with any bit flipped",
    async () => {
      const bits = await placesIn(flipped, bitStride, (sizeBytes) => 8 * sizeBytes);
      const describe = ({ name, at }: Place): string => `${name} bit ${at}`;
      await campaign(`every bit of a package (${kind})`, bits, describe, async ({ name, at }) => {
        return await onCopy(async (copy) => {
          const content = await readFile(join(path, name));
          content[at >> 3] = (content[at >> 3] ?? 0) ^ (1 << (at & 7));
          await writeFile(join(copy.path, name), content);
          return await notRefused(copy, codesFor(flipped, name));
        }, name);
      });
    },
    timeLimitMs,
  );

  it(
    "is refused with any file cut short anywhere",
    async () => {
      const lengths = await placesIn(shortened, lengthStride, (sizeBytes) => sizeBytes);
      const describe = ({ name, at }: Place): string => `${name} of ${at} bytes`;
      await campaign(`every truncation of a package (${kind})`, lengths, describe, async ({ name, at }) => {
        return await onCopy(async (copy) => {
          await truncate(join(copy.path, name), at);
          return await notRefused(copy, codesFor(shortened, name));
        }, name);
      });
    },
    timeLimitMs,
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
    await expect(verifyPackage([path], { trusted, watch })).resolves.toMatchObject({ ok: true });
  });

  it("is refused under another package's number", async () => {
    const renamed = await forgePackage(await temporaryFolder(), sender, [receiver], { seal: "EV-F0RG-ED00-0002" });
    for (const name of await readdir(renamed)) {
      await rename(join(renamed, name), join(renamed, name.replace("0002", "0003")));
    }
    await expect(verifyPackage([renamed], { trusted, watch })).rejects.toThrow(refusal("SIGNATURE_WRONG"));
  });
});
