import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { describeWith, exec } from "../interop/programs.js";
import { advised, check, codesOf, makeImage, makeSplitTray, makeTray, patch, seal } from "./images.js";

const xorriso = ["-as", "mkisofs", "-quiet"];
const genisoimage = ["-quiet"];
const xorrisoOptions = [
  ["-r", "-J", "-V", seal],
  ["-r"],
  ["-R", "-J"],
  ["-J"],
  ["-r", "-iso-level", "1"],
  ["-r", "-J", "-iso-level", "2"],
  ["-r", "-J", "-iso-level", "3", "-no-pad"],
  ["-r", "-J", "-V", seal.replaceAll("-", "_"), "-publisher", seal],
];
const genisoimageOptions = [
  ["-r", "-J", "-V", seal],
  ["-r"],
  ["-J"],
  ["-r", "-iso-level", "3"],
  ["-R", "-J", "-no-pad"],
];

describeWith(["xorriso"], "an image that xorriso made of packages passes, and has the digest of the folder", () => {
  test.each(xorrisoOptions.map((options) => ({ options })))("with $options", async ({ options }) => {
    const tray = await makeTray(2);
    const folder = await check(tray);
    const image = await check(await makeImage(tray, [...xorriso, ...options]), folder.digest);
    expect(image).toMatchObject({ ok: true, findings: [], digest: folder.digest });
    expect(image.packages.map((each) => each.seal)).toEqual([seal, "EV-F0RG-ED00-0002"]);
  });

  test("of a single package's folder", async () => {
    const tray = await makeTray();
    const image = await makeImage(join(tray, seal));
    expect(await check(image)).toMatchObject({ ok: true, digest: (await check(join(tray, seal))).digest });
  });

  test("with zeros after it, as a drive gives them", async () => {
    const image = await makeImage(await makeTray());
    await patch(image, (bytes) => Buffer.concat([bytes, Buffer.alloc(300 * 2048)]));
    expect(await codesOf(image)).toEqual([]);
  });

  test("unless it is another's: the digest differs", async () => {
    const image = await makeImage(await makeTray());
    const { findings } = await check(image, (await check(await makeTray(2))).digest);
    expect(findings.map(({ code }) => code)).toEqual(["DIGEST_DIFFERS"]);
  });
});

describeWith(["genisoimage"], "an image that genisoimage made of packages passes", () => {
  test.each(genisoimageOptions.map((options) => ({ options })))("with $options", async ({ options }) => {
    const tray = await makeTray(2);
    const image = await makeImage(tray, [...genisoimage, ...options], "genisoimage");
    expect(await check(image)).toMatchObject({ ok: true, findings: [], digest: (await check(tray)).digest });
  });
});

describeWith(
  ["xorriso", "genisoimage"],
  "the image of one of several discs passes, and has the digest of its folder",
  () => {
    const programs = [
      ...xorrisoOptions.map((options) => ({ program: "xorriso", options: [...xorriso, ...options] })),
      ...genisoimageOptions.map((options) => ({ program: "genisoimage", options: [...genisoimage, ...options] })),
    ];
    test.each(programs)("made by $program with $options", async ({ program, options }) => {
      const tray = await makeSplitTray();
      for (const disc of [1, 2, 3]) {
        const folder = join(tray, seal, `disc-00${disc}`);
        const { digest } = await check(folder);
        const image = await check(await makeImage(folder, options, program), digest);
        expect(image).toMatchObject({ ok: true, findings: [], digest, packages: [{ seal, disc, of: 3 }] });
      }
    });

    test("with the disc in a folder named for the package", async () => {
      const tray = await makeSplitTray();
      const image = await makeImage(`${seal}=${join(tray, seal, "disc-002")}`, [...advised, "-graft-points"]);
      expect(await check(image)).toMatchObject({ ok: true, packages: [{ seal, disc: 2, of: 3 }] });
    });

    test("with as many parts as there can be", async () => {
      const parts = Array.from({ length: 998 }, () => 1);
      const tray = await makeSplitTray([[4000, ...parts]]);
      const { ok, digest } = await check(tray);
      expect(ok).toBe(true);
      for (const source of [tray, join(tray, seal)]) expect(await codesOf(await makeImage(source))).toEqual([]);
      expect(await check(await makeImage(tray), digest)).toMatchObject({ ok: true, digest });
    });
  },
);

describeWith(["xorriso", "losetup"], "a block device", () => {
  test("passes as the image on it does, and its size is found", async (context) => {
    const tray = await makeTray();
    const image = await makeImage(tray);
    const attached = await exec("losetup", ["--find", "--show", "--read-only", image]);
    if (attached.code !== 0) context.skip("this machine attaches no loop devices");
    const device = attached.stdout.trim();
    onTestFinished(async () => {
      await exec("losetup", ["--detach", device]);
    });
    expect(await check(device)).toMatchObject({ ok: true, findings: [], digest: (await check(tray)).digest });
  });
});

describeWith(["xorriso"], "an image is only read", () => {
  test("no byte of it changes", async () => {
    const image = await makeImage(await makeTray());
    const before = await readFile(image);
    await check(image);
    expect((await readFile(image)).equals(before)).toBe(true);
  });
});
