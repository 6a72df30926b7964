import { beforeEach, expect, it } from "vitest";
import { checkTree } from "../../src/checking/check.js";
import { TrustedSigners } from "../../src/keys/trusted-signers.js";
import { forgePackage } from "../opening/forged-package.js";
import { quietWatch } from "../quiet-watch.js";
import { temporaryFolder } from "../temporary-folder.js";
import { makeUnit, partyOf, type Unit } from "../units.js";

const sender = makeUnit("GMP");
const receiver = makeUnit("SCAS");
const other = makeUnit("CPS");
const trusted = TrustedSigners.of([sender.card]);

let tray = "";
beforeEach(async () => {
  tray = await temporaryFolder();
});

/** What the gate finds in the tray, when `known` are the units it knows and `expected` those it must be for. */
async function findings(known: readonly Unit[], expected?: readonly Unit[]) {
  const options = { expectedDigest: undefined, watch: quietWatch(), trusted };
  const addressees = {
    known: new Set(known.map((unit) => partyOf(unit).fingerprint)),
    expected: expected?.map(partyOf),
  };
  const { ok, findings } = await checkTree(tray, { ...options, ...addressees });
  expect(ok).toBe(findings.length === 0);
  return findings.map(({ code, detail }) => [code, detail]);
}

it("a trusted signer's package for a unit that nobody here knows is refused: it may be for anybody", async () => {
  await forgePackage(tray, sender, [receiver, other]);
  expect(await findings([sender, receiver])).toEqual([
    ["RECIPIENT_UNKNOWN", "a package for CPS, whose card is not among your contacts"],
  ]);
  expect(await findings([receiver, other])).toEqual([]);
});

it("a unit is known by its card, not by its name: a key of somebody else's may bear the same", async () => {
  await forgePackage(tray, sender, [makeUnit("SCAS")]);
  expect((await findings([sender, receiver]))[0]?.[0]).toBe("RECIPIENT_UNKNOWN");
});

it("a package for another known unit than the expected is refused: it was put into the wrong tray", async () => {
  await forgePackage(tray, sender, [other]);
  expect(await findings([receiver, other], [receiver])).toEqual([
    ["WRONG_ADDRESSEE", "a package that is not addressed to SCAS, and is addressed to CPS, not expected"],
  ]);
});

it("a package for the expected unit and one more is refused: that unit could read it as well", async () => {
  await forgePackage(tray, sender, [receiver, other]);
  const detail = "a package that is addressed to CPS, not expected";
  expect(await findings([receiver, other], [receiver])).toEqual([["WRONG_ADDRESSEE", detail]]);
});

it("a package that lacks one of the expected units is refused: that unit could not open it", async () => {
  await forgePackage(tray, sender, [receiver]);
  const detail = "a package that is not addressed to CPS";
  expect(await findings([receiver, other], [receiver, other])).toEqual([["WRONG_ADDRESSEE", detail]]);
});

it("a package for exactly the expected units passes, in any order", async () => {
  await forgePackage(tray, sender, [receiver, other]);
  expect(await findings([receiver, other], [other, receiver])).toEqual([]);
});
