/** A tray with a package on three discs, and what the gate says of it. */
import { join } from "node:path";
import { beforeEach, expect } from "vitest";
import { checkTree, type CheckResult } from "../../src/checking/check.js";
import { TrustedSigners } from "../../src/keys/trusted-signers.js";
import { partName } from "../../src/package/names.js";
import { forgePackage, type Forgery } from "../opening/forged-package.js";
import { quietWatch } from "../quiet-watch.js";
import { temporaryFolder } from "../temporary-folder.js";
import { makeUnit, partyOf } from "../units.js";

export const sender = makeUnit("GMP");
export const receiver = makeUnit("SCAS");
const trusted = TrustedSigners.of([sender.card]);
const known = new Set([sender, receiver].map((unit) => partyOf(unit).fingerprint));

export const seal = "EV-F0RG-ED00-0001";
export const clear = "CLEARTEXT interview of Smith";
/** The first disc holds two parts, and in the first of them the whole header. */
const discs = [[4000, 500], [700], [1]];
const files = { "INT/a.mp4": "the interview ".repeat(500) };

export async function check(path: string): Promise<CheckResult> {
  return await checkTree(path, { trusted, known, expected: undefined, expectedDigest: undefined, watch: quietWatch() });
}

export async function forgeOnDiscs(tray: string, forgery: Forgery = {}, recipients = [receiver]): Promise<string> {
  return await forgePackage(tray, sender, recipients, { discs, files, ...forgery });
}

export function part(number: number): string {
  return partName(seal, number);
}

/** A new tray for each test. */
export class DiscTray {
  path = "";

  constructor() {
    beforeEach(async () => {
      this.path = await temporaryFolder();
      await forgeOnDiscs(this.path);
    });
  }

  get package(): string {
    return join(this.path, seal);
  }

  /** Something on a disc that is about to be burned. */
  disc(number: number, ...below: readonly string[]): string {
    return join(this.package, `disc-00${number}`, ...below);
  }

  /** What is found, each with its path below `root`. */
  async found(root = this.path): Promise<readonly string[]> {
    const { ok, digest, findings } = await check(root);
    expect([ok, digest === undefined]).toEqual([findings.length === 0, findings.length > 0]);
    return findings.map(({ code, path }) => `${code} ${path.toString().slice(root.length + 1)}`);
  }
}
