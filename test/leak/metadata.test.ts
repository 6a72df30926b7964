/** What the outside of a package tells, measured on packages that the built program makes: FORMAT.md, THREATS.md. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeUnit, run } from "../cli/run.js";

interface Outside {
  readonly folder: string;
  readonly seal: string;
  /** Sizes in bytes by file name, the seal number left out of it. */
  readonly sizes: Readonly<Record<string, number>>;
}

interface Interview {
  readonly name: string;
  readonly sizesBytes: readonly number[];
  readonly record: readonly string[];
}

let place: string;
let home: string;

beforeAll(async () => {
  place = mkdtempSync(path.join(tmpdir(), "evseal-outside-"));
  home = path.join(place, "sender");
  const receiver = path.join(place, "receiver");
  await makeUnit(home, "Force A");
  const { fingerprint } = await makeUnit(receiver, "SCAS");
  await succeed(["card", "--out", path.join(place, "scas.json")], receiver);
  await succeed(["contacts", "add", path.join(place, "scas.json"), "--fingerprint", fingerprint], home);
});

afterAll(() => rmSync(place, { recursive: true }));

async function succeed(words: readonly string[], unitHome: string): Promise<void> {
  const { code, stderr } = await run(words, { home: unitHome });
  if (code !== 0) throw new Error(stderr);
}

async function sealed({ name, sizesBytes, record }: Interview): Promise<Outside> {
  const source = path.join(place, name);
  const out = path.join(place, `${name}-out`);
  mkdirSync(source);
  mkdirSync(out);
  for (const [index, sizeBytes] of sizesBytes.entries()) {
    writeFileSync(path.join(source, `${name}-${index}.mp4`), Buffer.alloc(sizeBytes, name));
    utimesSync(path.join(source, `${name}-${index}.mp4`), 1_000_000_000, 1_000_000_000);
  }
  await succeed(["pack", source, "--to", "SCAS", "--out", out, ...record], home);
  const [seal = ""] = readdirSync(out);
  const folder = path.join(out, seal);
  const sizes = readdirSync(folder).map((file) => [file.replace(seal, ""), statSync(path.join(folder, file)).size]);
  return { folder, seal, sizes: Object.fromEntries(sizes) as Record<string, number> };
}

describe("the outside of a package", () => {
  test("has the same sizes for interviews that differ by a few bytes, in length, names and record", async () => {
    const short = await sealed({ name: "a", sizesBytes: [1_000_000], record: ["--case", "1"] });
    const long = await sealed({ name: "interview", sizesBytes: [1_000_700], record: ["--case", "2026/114"] });
    expect(long.sizes).toEqual(short.sizes);
    expect(Object.keys(short.sizes)).toHaveLength(5);
  });

  test("has the same sizes for one file and for five that are as long together", async () => {
    const one = await sealed({ name: "one", sizesBytes: [500_000], record: [] });
    const five = await sealed({ name: "five", sizesBytes: [100_000, 100_000, 99_000, 99_000, 98_000], record: [] });
    expect(five.sizes[".evseal"]).toBe(one.sizes[".evseal"]);
  });

  test("does tell apart what differs by more than PADMÉ hides: the measure is one that can fail", async () => {
    const small = await sealed({ name: "small", sizesBytes: [1_000_000], record: [] });
    const large = await sealed({ name: "large", sizesBytes: [1_200_000], record: [] });
    expect(large.sizes[".evseal"]).not.toBe(small.sizes[".evseal"]);
  });

  test("has no time but the sealing instant, whatever the times of the sources, on every file and the folder", async () => {
    const before = Math.floor(Date.now() / 1000);
    const { folder, seal } = await sealed({ name: "timed", sizesBytes: [10, 20], record: [] });
    const label = JSON.parse(readFileSync(path.join(folder, `${seal}.label.json`), "utf8")) as { sealedAt: string };
    const instant = Date.parse(label.sealedAt);
    expect(instant / 1000).toBeGreaterThanOrEqual(before);
    for (const name of [".", ...readdirSync(folder)])
      expect(statSync(path.join(folder, name)).mtimeMs, name).toBe(instant);
  });
});
