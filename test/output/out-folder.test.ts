import { link, mkdir, rename, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { EvsealError } from "../../src/errors.js";
import { isGone, packageFilesIn, refusePackagesIn, requireOnlyPackages } from "../../src/output/out-folder.js";
import { identityOf } from "../../src/output/place.js";
import { keySearchSizeBytes } from "../../src/package/private-key.js";
import { refusal } from "../refusal.js";
import { temporaryFolder } from "../temporary-folder.js";
import { afterListing, systemError } from "../stand-in.js";

const seal = "EV-7K3Q-9M2X-TB4H";
const cut = "EV-2222-2222-2222";
const key = "AGE-SECRET-KEY-1QQQQ";

let out = "";
beforeEach(async () => {
  out = await temporaryFolder();
});

async function put(path: string, content: string | Uint8Array = ""): Promise<string> {
  await mkdir(dirname(join(out, path)), { recursive: true });
  await writeFile(join(out, path), content);
  return join(out, path);
}

async function putLink(path: string): Promise<void> {
  await mkdir(dirname(join(out, path)));
  await symlink("/etc/passwd", join(out, path));
}

async function putDiscs(): Promise<void> {
  for (const disc of ["001", "002"]) {
    for (const name of [`.evseal.${disc}`, ".manifest.evseal", ".label.json", ".label.json.minisig"]) {
      await put(`${cut}/disc-${disc}/${cut}${name}`, "sealed");
    }
  }
}

async function putPackage(): Promise<void> {
  for (const name of [".evseal", ".manifest.evseal", ".label.json", ".label.json.minisig"]) {
    await put(`${seal}/${seal}${name}`, "sealed");
  }
  await put(`${seal}/HOW-TO-OPEN.txt`, "text");
}

describe("a folder to pack into", () => {
  it("may be empty, or hold packages, and what is being made of one", async () => {
    await expect(requireOnlyPackages(out)).resolves.toBeUndefined();
    await putPackage();
    await put(".EV-0000-0000-0000.partial/EV-0000-0000-0000.evseal", "sea");
    await mkdir(join(out, "EV-1111-1111-1111"));
    await putDiscs();
    await put(".EV-3333-3333-3333.partial/disc-001/EV-3333-3333-3333.evseal.001", "sea");
    await mkdir(join(out, ".EV-3333-3333-3333.partial/disc-002"));
    await put(`EV-4444-4444-4444/EV-4444-4444-4444.evseal.001`, "one of several on a disc");
    await expect(requireOnlyPackages(out)).resolves.toBeUndefined();
  });

  it.each<[string, () => Promise<unknown>]>([
    ["interview.mp4", () => put("interview.mp4", "the interview")],
    ["notes", () => put("notes/a.txt")],
    [".hidden", () => put(".hidden")],
    ["EV-0000-0000-0000", () => put("EV-0000-0000-0000")],
    ["EV-1111-1111-1111", () => symlink(join(out, seal), join(out, "EV-1111-1111-1111"))],
    [seal, () => put(`${seal}/interview.mp4`, "the interview")],
    [seal, () => put(`${seal}/EV-0000-0000-0000.evseal`)],
    ["EV-1111-1111-1111", () => putLink("EV-1111-1111-1111/EV-1111-1111-1111.evseal")],
    ["EV-1111-1111-1111", () => put("EV-1111-1111-1111/EV-1111-1111-1111.evseal/interview.mp4")],
    [`${seal}.opened`, () => put(`${seal}.opened/manifest.json`)],
    [`.${seal}.opened.partial`, () => mkdir(join(out, `.${seal}.opened.partial`))],
    [`.${seal}.partial`, () => put(`.${seal}.partial/a.mp4`)],
    [cut, () => put(`${cut}/disc-001/interview.mp4`, "the interview")],
    [cut, () => put(`${cut}/disc-001/${seal}.evseal.001`)],
    [cut, () => put(`${cut}/disc-001/disc-001/${cut}.evseal.001`)],
    [cut, () => put(`${cut}/disc-003/${cut}.evseal.003/x`)],
    [cut, () => put(`${cut}/note.txt`)],
    [cut, () => put(`${cut}/${cut}.evseal`)], // beside the folders of its discs
    [cut, () => put(`${cut}/disc-000/${cut}.evseal.001`)],
    [cut, () => put(`${cut}/disc-1/${cut}.evseal.001`)],
    [cut, () => put(`${cut}/DISC-003/${cut}.evseal.001`)],
    [cut, () => put(`${cut}/disc-003`)],
    [cut, () => symlink(join(out, seal), join(out, cut, "disc-003"))],
    [`.${cut}.partial`, () => put(`.${cut}.partial/disc-001/a.mp4`)],
  ])("is refused with %s among its packages, which is named", async (subject, spoil) => {
    await putPackage();
    await putDiscs();
    await spoil();
    await expect(requireOnlyPackages(out)).rejects.toEqual(refusal("OUTPUT_NOT_ONLY_PACKAGES"));
    const failure: unknown = await requireOnlyPackages(out).catch((cause: unknown) => cause);
    expect(String((failure as EvsealError).subject)).toBe(subject);
  });

  it("fails where there is none", async () => {
    await expect(requireOnlyPackages(join(out, "none"))).rejects.toEqual(refusal("OUTPUT_FAILED"));
  });
});

describe("a secret under the name of a package's file is found", () => {
  const name = `${seal}/${seal}.evseal`;
  const within = (before: number, after: number): Buffer =>
    Buffer.concat([Buffer.alloc(before), Buffer.from(key), Buffer.alloc(after)]);

  it.each([
    ["at its beginning", within(0, 300_000)],
    ["at its end", within(300_000, 7)],
    ["alone in it", within(0, 0)],
  ])("a private key %s", async (_, content) => {
    await putPackage();
    await put(name, content);
    await expect(requireOnlyPackages(out)).rejects.toEqual(refusal("PRIVATE_KEY_IN_OUTPUT"));
  });

  it("a private key on one of several discs", async () => {
    await putDiscs();
    await put(`${cut}/disc-002/HOW-TO-OPEN.txt`, key);
    await expect(requireOnlyPackages(out)).rejects.toEqual(refusal("PRIVATE_KEY_IN_OUTPUT"));
  });

  it("and a key's letters in the middle of what is sealed are none", async () => {
    await put(name, within(keySearchSizeBytes, keySearchSizeBytes));
    await expect(requireOnlyPackages(out)).resolves.toBeUndefined();
  });

  it("the passphrase's own file, by whatever name it is here, and no other", async () => {
    const file = join(await temporaryFolder(), "passphrase");
    await writeFile(file, "correct horse");
    await mkdir(join(out, seal));
    await link(file, join(out, name));
    const passphrase = identityOf(await stat(file, { bigint: true }));
    await expect(requireOnlyPackages(out, passphrase)).rejects.toEqual(refusal("PASSPHRASE_IN_OUTPUT"));
    await expect(requireOnlyPackages(out, "0:0")).resolves.toBeUndefined();
    await expect(requireOnlyPackages(out)).resolves.toBeUndefined();
  });
});

describe("packers that work in one folder at a time", () => {
  const [hidden, final] = [`.${seal}.partial`, seal];

  it("do not disturb each other: one that gets its final name meanwhile is looked at again", async () => {
    await put(`${hidden}/${seal}.evseal`, "sealed");
    let looks = 0;
    afterListing(out, async () => {
      if (looks++ === 0) await rename(join(out, hidden), join(out, final));
    });
    await expect(requireOnlyPackages(out)).resolves.toBeUndefined();
    expect(looks).toBe(2);
  });

  it("hide nothing: what is left in the folder then is refused as ever", async () => {
    await put(`${hidden}/${seal}.evseal`, key);
    let looks = 0;
    afterListing(out, async () => {
      if (looks++ === 0) await rename(join(out, hidden), join(out, final));
    });
    await expect(requireOnlyPackages(out)).rejects.toEqual(refusal("PRIVATE_KEY_IN_OUTPUT"));
    expect(looks).toBe(2);
  });

  it("cannot keep it looking for ever", async () => {
    await put(`${hidden}/${seal}.evseal`, "sealed");
    let looks = 0;
    afterListing(out, async () => {
      const [from, to] = looks++ % 2 === 0 ? [hidden, final] : [final, hidden];
      await rename(join(out, from), join(out, to));
    });
    await expect(requireOnlyPackages(out)).rejects.toEqual(refusal("OUTPUT_FAILED"));
    expect(looks).toBe(100);
  });

  it("are told from a folder that is not there, and from other failures", () => {
    const failed = (cause: unknown): EvsealError => new EvsealError("OUTPUT_FAILED", "no", { hint: "x", cause });
    expect(isGone(failed(systemError("ENOENT")))).toBe(true);
    expect(isGone(failed(systemError("EACCES")))).toBe(false);
    expect(isGone(failed(new Error("swapped")))).toBe(false);
    expect(isGone(failed(undefined))).toBe(false);
    expect(isGone(systemError("ENOENT"))).toBe(false); // not of the output
  });
});

describe("a folder to open into", () => {
  it("may hold anything but packages, opened ones too", async () => {
    await put("notes.txt");
    await put(`${seal}.opened/manifest.json`);
    await put(`.${seal}.opened.partial/manifest.json`);
    await put(`${seal}.evseal.txt`);
    await expect(refusePackagesIn(out)).resolves.toBeUndefined();
  });

  it.each([seal, `.${seal}.partial`, `${seal}.label.json`])("is refused with %s in it", async (name) => {
    await put("notes.txt");
    await mkdir(join(out, name));
    await expect(refusePackagesIn(out)).rejects.toEqual(refusal("OUTPUT_HOLDS_PACKAGES"));
  });

  it("is refused where the discs of a package are, and not for a name alone", async () => {
    await put("disc-001/VIDEO_TS.IFO");
    await put("disc-003");
    await expect(refusePackagesIn(out)).resolves.toBeUndefined();
    await put(`disc-002/${seal}.evseal.002`);
    await expect(refusePackagesIn(out)).rejects.toEqual(refusal("OUTPUT_HOLDS_PACKAGES"));
  });

  it("fails where there is none", async () => {
    await expect(refusePackagesIn(join(out, "none"))).rejects.toEqual(refusal("OUTPUT_FAILED"));
  });
});

it("the files of a package are those by its names, whole or not", async () => {
  await putPackage();
  expect([...((await packageFilesIn(join(out, seal), seal)) ?? [])].sort()).toEqual(
    [
      `HOW-TO-OPEN.txt`,
      `${seal}.evseal`,
      `${seal}.label.json`,
      `${seal}.label.json.minisig`,
      `${seal}.manifest.evseal`,
    ].sort(),
  );
  expect(await packageFilesIn(join(out, seal), "EV-0000-0000-0000")).toBeUndefined();
  await putDiscs();
  expect(await packageFilesIn(join(out, cut), cut)).toContain(`disc-002/${cut}.evseal.002`);
  await mkdir(join(out, "EV-0000-0000-0000"));
  expect(await packageFilesIn(join(out, "EV-0000-0000-0000"), "EV-0000-0000-0000")).toEqual([]);
});
