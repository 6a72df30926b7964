import { EvsealError } from "../errors.js";
import type { TrustedSigners } from "../keys/trusted-signers.js";
import { PackageDiscs } from "./package-discs.js";
import { TakenDiscs, type VerifiedDisc, type VerifiedDiscs } from "./verified-discs.js";

/** What a person is asked for. */
export interface MissingDiscs {
  /** Their numbers. */
  readonly discs: readonly number[];
  readonly discCount: number;
  /** Why the last answer was not one of them. */
  readonly complaint?: EvsealError;
}

/** Waits for one of the missing discs and says where it is; throws INTERRUPTED, or whatever ends the waiting. */
export type NextDisc = (missing: MissingDiscs) => Promise<string>;

/**
 * Gives every disc of a package to `use`, while it is there: the next may be put into the same drive. Those that are
 * missing are asked for one after the other; where nobody can be asked, all must be at `paths` before any is used.
 * Throws what `verifyDiscs` and `use` do.
 */
export async function eachDisc(
  paths: readonly string[],
  { trusted, nextDisc }: { trusted: TrustedSigners; nextDisc: NextDisc | undefined },
  use: (disc: VerifiedDisc) => Promise<void>,
): Promise<VerifiedDiscs> {
  const taken = new TakenDiscs(trusted);
  const first: VerifiedDisc[] = [];
  for (const files of (await PackageDiscs.in(paths)).folders) first.push(await taken.take(files));
  if (nextDisc === undefined) taken.complete();
  for (const disc of first) await use(disc);
  let missing: MissingDiscs | undefined = taken.missing;
  while (missing !== undefined && nextDisc !== undefined) {
    const path = await nextDisc(missing);
    try {
      for (const files of (await PackageDiscs.in([path])).folders) await use(await taken.take(files));
      missing = taken.missing;
    } catch (cause) {
      if (!isWrongDisc(cause)) throw cause;
      const left = taken.missing; // others of that folder may have been taken before
      missing = left && { discs: left.discs, discCount: left.discCount, complaint: cause };
    }
  }
  return taken.complete();
}

/** A drive that is empty, or in which another disc is, can be given the right one. */
function isWrongDisc(cause: unknown): cause is EvsealError {
  const codes = ["PACKAGE_NOT_FOUND", "DISC_FOREIGN", "DISC_TWICE"];
  return cause instanceof EvsealError && codes.includes(cause.code);
}
