import { expect } from "vitest";
import type { Journey } from "./journey.js";

/** Everything came out as it went in, and every program lists all of it and complains of nothing. */
export function expectWholeJourney({ sources, opened, listings }: Journey): void {
  expect(Object.keys(sources).length).toBeGreaterThan(0);
  expect(differences(sources, opened)).toEqual([]);
  const expected = Object.entries(sources).map(([name, { sizeBytes }]) => `${composed(name)} ${sizeBytes}`);
  for (const [program, { entries, complaints }] of Object.entries(listings)) {
    expect(complaints, program).toBe("");
    expect(entries.at(-1)?.path, program).toMatch(/^EV-.*\/padding$/);
    const listed = entries.slice(0, -1).map(({ path, sizeBytes }) => `${composed(path)} ${sizeBytes}`);
    expect(listed.sort(), program).toEqual(expected.sort());
  }
  expect(Object.keys(listings)).toEqual(["GNU tar", "bsdtar", "Python's tarfile", "7-Zip"]);
}

/** bsdtar composes names, whatever form they have in the archive. */
function composed(name: string): string {
  return name.normalize("NFC");
}

/** Which names are not on both sides with the same content; a short list says more than 20,000 lines. */
function differences(a: Journey["sources"], b: Journey["opened"]): string[] {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].filter((name) => a[name]?.sha256 !== b[name]?.sha256);
}
