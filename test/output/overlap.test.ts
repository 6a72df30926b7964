import { link, mkdir, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { refuseInsidePackage, refuseOverlap, refusePassphrase } from "../../src/output/overlap.js";
import { identityAt, identityOf, Place } from "../../src/output/place.js";
import { canMount, mounted } from "../cli/mounts.js";
import { refusal } from "../refusal.js";
import { temporaryFolder } from "../temporary-folder.js";

let folder = "";
beforeEach(async () => {
  folder = await temporaryFolder();
  for (const name of ["out", "media/deep", "home"]) await mkdir(join(folder, name), { recursive: true });
});
const at = (...names: string[]): string => join(folder, ...names);

describe("opening", () => {
  it("is refused inside the package itself, at any depth and by another way, and nowhere else", async () => {
    await mkdir(at("package", "deep"), { recursive: true });
    await symlink(at("package"), at("link"));
    for (const inside of ["package", "package/deep", "link", "link/deep"]) {
      await expect(refuseInsidePackage(at(inside), at("package"))).rejects.toEqual(refusal("OUTPUT_INSIDE_SOURCE"));
    }
    await expect(refuseInsidePackage(folder, at("package"))).resolves.toBeUndefined();
    await expect(refuseInsidePackage(at("out"), at("package"))).resolves.toBeUndefined();
  });

  it("is refused inside a package on several discs, of which one is named, and not beside a disc elsewhere", async () => {
    const disc = at("EV-7K3Q-9M2X-TB4H", "disc-002");
    for (const path of [disc, at("EV-7K3Q-9M2X-TB4H", "plain"), at("mounts", "disc-001")])
      await mkdir(path, { recursive: true });
    await symlink(disc, at("second"));
    for (const inside of ["EV-7K3Q-9M2X-TB4H", "EV-7K3Q-9M2X-TB4H/plain"]) {
      for (const named of [disc, at("second")])
        await expect(refuseInsidePackage(at(inside), named)).rejects.toEqual(refusal("OUTPUT_INSIDE_SOURCE"));
    }
    await expect(refuseInsidePackage(at("mounts"), at("mounts", "disc-001"))).resolves.toBeUndefined();
  });

  it("is not inside a package that is not there, which others will say", async () => {
    await expect(refuseInsidePackage(at("out"), at("none"))).resolves.toBeUndefined();
    await expect(refuseInsidePackage(at("none"), at("media"))).rejects.toEqual(refusal("OUTPUT_FAILED"));
  });
});

describe("packing is refused", () => {
  it.each([
    ["OUTPUT_INSIDE_SOURCE", "media", ["media"], {}],
    ["OUTPUT_INSIDE_SOURCE", "media/deep", ["home", "media"], {}],
    ["SOURCE_INSIDE_OUTPUT", "media", ["media/deep"], {}],
    ["HOME_INSIDE_OUTPUT", "home", ["media"], { home: "home" }],
    ["HOME_INSIDE_SOURCE", "out", ["home"], { home: "home" }],
    ["HOME_INSIDE_SOURCE", "out", ["home/contacts"], { home: "home" }],
  ] as const)("with %s: into %s, of %j", async (code, out, sources, { home }: { home?: string }) => {
    await mkdir(at("home", "contacts"));
    const paths = sources.map((name) => at(name));
    const kept = home === undefined ? {} : { home: at(home) };
    await expect(refuseOverlap(at(out), paths, kept)).rejects.toEqual(refusal(code));
  });

  it("whatever a link calls the folder", async () => {
    await symlink(at("media"), at("link"));
    await expect(refuseOverlap(at("link", "deep"), [at("media")])).rejects.toEqual(refusal("OUTPUT_INSIDE_SOURCE"));
    await expect(refuseOverlap(at("out"), [at("link")], { home: at("media") })).rejects.toEqual(
      refusal("HOME_INSIDE_SOURCE"),
    );
  });

  const bind = canMount((path) => ["--bind", path]);
  it.skipIf(!bind)(`whatever a bind mount calls it${bind ? "" : " [SKIPPED, none can be made here]"}`, async () => {
    await mkdir(at("out", "EV-0000-0000-0000"));
    const elsewhere = mounted(at("elsewhere"), "--bind", at("out", "EV-0000-0000-0000"));
    await expect(refuseOverlap(at("out"), [elsewhere])).rejects.toEqual(refusal("SOURCE_INSIDE_OUTPUT"));
  });

  it("without an output folder, but not for a home or a source that is not there", async () => {
    await expect(refuseOverlap(at("none"), [at("media")])).rejects.toEqual(refusal("OUTPUT_FAILED"));
    await writeFile(at("out", "a file"), "");
    const kept = { home: at("none") };
    await expect(refuseOverlap(at("out"), [at("none"), at("media")], kept)).resolves.toBeTypeOf("function");
  });
});

describe("what is met in a source", () => {
  const found = (path: string) => stat(path, { bigint: true });

  it("is refused when it is the output folder, or above it, or the home, or the passphrase's file", async () => {
    await writeFile(at("passphrase"), "correct horse");
    await link(at("passphrase"), at("media", "readme"));
    const passphraseFile = identityOf(await found(at("passphrase")));
    const meet = await refuseOverlap(at("out"), [at("media")], { home: at("home"), passphraseFile });
    for (const [code, path] of [
      ["OUTPUT_INSIDE_SOURCE", at("out")],
      ["OUTPUT_INSIDE_SOURCE", folder],
      ["HOME_INSIDE_SOURCE", at("home")],
      ["PASSPHRASE_IN_SOURCE", at("media", "readme")],
    ] as const) {
      const met = await found(path);
      expect(() => meet(met, path), path).toThrow(refusal(code));
    }
    await writeFile(at("media", "a.mp4"), "");
    for (const path of [at("media"), at("media", "deep"), at("media", "a.mp4")]) {
      const met = await found(path);
      expect(() => meet(met, path)).not.toThrow();
    }
  });

  it("is refused for nothing that is not to be kept back", async () => {
    const meet = await refuseOverlap(at("out"), [at("media")]);
    const met = await found(at("home"));
    expect(() => meet(met, at("home"))).not.toThrow();
  });

  it("is refused when it is the passphrase, by its SHA-256", () => {
    expect(() => refusePassphrase(["aa", "bb"], ["cc", "bb"])).toThrow(refusal("PASSPHRASE_IN_SOURCE"));
    expect(() => refusePassphrase(["aa"], ["cc"])).not.toThrow();
    expect(() => refusePassphrase(["aa"])).not.toThrow();
  });
});

describe("a place", () => {
  it("is within every folder above it and itself, by whatever way, and in no other", async () => {
    await symlink(at("media"), at("link"));
    const place = await Place.at(at("link", "deep"));
    expect(place.identity).toBe(await identityAt(at("media", "deep")));
    for (const above of [at("link", "deep"), at("link"), at("media"), folder, "/"]) {
      expect(place.isWithin((await identityAt(above)) ?? ""), above).toBe(true);
    }
    for (const other of [at("out"), at("home")]) expect(place.isWithin((await identityAt(other)) ?? "")).toBe(false);
  });

  it("is nothing where nothing is", async () => {
    expect(await identityAt(at("none"))).toBeUndefined();
    await expect(Place.at(at("none"))).rejects.toMatchObject({ code: "ENOENT" });
  });
});
