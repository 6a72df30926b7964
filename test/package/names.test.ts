import { describe, expect, test } from "vitest";
import { archivePaths } from "../../src/package/archive-paths.js";
import {
  leftoverOf,
  openedName,
  partialName,
  partName,
  salvagedName,
  sealOfFileName,
  trustedComments,
} from "../../src/package/names.js";

const seal = "EV-7K3Q-9M2X-TB4H";

describe("what an interrupted run left", () => {
  test.each([
    [seal, "sealed"],
    [openedName(seal, true), "clear"],
    [openedName(seal, false), "clear"],
    [salvagedName(seal), "clear"],
  ])("is known by its hidden name: of %s it is %s", (finalName, kind) => {
    expect(leftoverOf(partialName(finalName))).toEqual({ seal, kind });
  });

  test.each([
    `x.${seal}.partial`,
    `.${seal}.partial.mp4`,
    `.${seal}.partial\n`,
    `.${seal}`,
    `.${seal}.other.partial`,
    `.x${seal}.partial`,
    `.UNVERIFIED-PARTIAL-${seal}.opened.partial`,
    `.${seal}UNVERIFIED-PARTIAL-.partial`,
    `.UNVERIFIED-PARTIAL-UNVERIFIED-PARTIAL-${seal}.partial`,
    "..partial",
    seal,
    "",
  ])("is not %j", (name) => {
    expect(leftoverOf(name)).toBeUndefined();
  });
});

test("what FORMAT.md calls a package's parts and the comments of its signatures", () => {
  expect(archivePaths.media(seal, "a/b")).toBe(`${seal}/media/a/b`);
  expect(archivePaths.padding(seal)).toBe(`${seal}/padding`);
  expect(archivePaths.manifest(seal)).toBe(`${seal}/manifest.json`);
  expect(archivePaths.manifestSignature(seal)).toBe(`${seal}/manifest.json.minisig`);
  expect(trustedComments.label(seal)).toBe(`evseal/label/v1 seal=${seal}`);
  expect(trustedComments.manifest(seal)).toBe(`evseal/manifest/v1 seal=${seal}`);
});

test("the seal number is in the name of each file but the text", () => {
  const all = [".evseal", ".evseal.001", ".manifest.evseal", ".label.json", ".label.json.minisig"];
  for (const end of all) expect(sealOfFileName(`${seal}${end}`)).toBe(seal);
  expect(sealOfFileName(partName(seal, 999))).toBe(seal);
  for (const name of ["HOW-TO-OPEN.txt", seal, `${seal}.evseal.000`, `${seal}.txt`, `x${seal}.evseal`, ""]) {
    expect(sealOfFileName(name)).toBeUndefined();
  }
});
