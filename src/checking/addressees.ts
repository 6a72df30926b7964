import type { Party } from "../package/label.js";
import { finding, type Finding } from "./finding.js";

/** To whom a package may go. */
export interface Addressees {
  /** The fingerprints of the contacts' cards and of our own. */
  readonly known: ReadonlySet<string>;
  /** The units that each package must be addressed to, no more and no fewer; undefined when nobody said. */
  readonly expected: readonly Party[] | undefined;
}

/** What is wrong with the addressees of the package at `path`; the fingerprint decides, a name is anybody's. */
export function judgeAddressees(path: string, found: readonly Party[], addressees: Addressees): readonly Finding[] {
  const strangers = found.filter(({ fingerprint }) => !addressees.known.has(fingerprint));
  const unknown =
    strangers.length === 0
      ? []
      : [
          finding(
            "RECIPIENT_UNKNOWN",
            path,
            `a package for ${listed(strangers)}, whose card is not among your contacts`,
          ),
        ];
  return [...unknown, ...judgeExpected(path, found, addressees.expected ?? found)];
}

function judgeExpected(path: string, found: readonly Party[], expected: readonly Party[]): readonly Finding[] {
  const missing = expected.filter((party) => !includes(found, party));
  const extra = found.filter((party) => !includes(expected, party));
  if (missing.length === 0 && extra.length === 0) return [];
  const complaints = [
    ...(missing.length === 0 ? [] : [`is not addressed to ${listed(missing)}`]),
    ...(extra.length === 0 ? [] : [`is addressed to ${listed(extra)}, not expected`]),
  ];
  return [finding("WRONG_ADDRESSEE", path, `a package that ${complaints.join(", and ")}`)];
}

function includes(parties: readonly Party[], { fingerprint }: Party): boolean {
  return parties.some((party) => party.fingerprint === fingerprint);
}

function listed(parties: readonly Party[]): string {
  return parties.map(({ unit }) => unit).join(", ");
}
