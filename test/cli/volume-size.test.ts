/** `pack --volume-size`, by the built program. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { presetNames } from "../../src/package/volumes.js";
import { evseal, exchange, sharedFolder, type Exchange } from "../interop/exchange.js";
import { errorOf, run, type RunResult } from "./run.js";

const place = sharedFolder();
let units: Exchange;
let source: string;

beforeAll(async () => {
  units = await exchange(place, "--classic");
  source = path.join(place, "interview");
  mkdirSync(source);
  writeFileSync(path.join(source, "a.mp4"), Buffer.alloc(5 * 1024 * 1024, "the interview"));
});

function outFolder(name: string): string {
  const out = path.join(place, name);
  mkdirSync(out);
  return out;
}

async function pack(out: string, ...words: readonly string[]): Promise<RunResult> {
  return await run(["pack", source, "--to", "Receiver", "--out", out, ...words], { home: units.sender.home });
}

describe("pack --volume-size", () => {
  test("says first what is needed, and at the end what to do with each disc", async () => {
    const out = outFolder("said");
    const { code, stdout, stderr } = await pack(out, "--volume-size", "6MiB");
    expect(code).toBe(0);
    const [seal = ""] = readdirSync(out);
    const folder = path.join(out, seal);
    expect(stdout).toContain(`package  ${folder}\ndiscs    3, disc-001 to disc-003\n`);
    const lines = stderr.split("\n");
    const needs = lines.findIndex((line) => line.includes("this needs"));
    expect(lines[needs]).toMatch(
      /^evseal: this needs 3 discs \(6\.3 MB each\); \d\.\d MB of space is needed for it, \d+\.\d [MGT]B is free$/,
    );
    expect(lines.slice(0, needs).join()).not.toContain("sealing");
    expect(lines.filter((line) => line.includes("next: "))).toEqual([
      `evseal: next: evseal check ${folder}, before you burn it`,
      "evseal: next: burn what is in each of its 3 folders on a disc of its own, and write its number and the seal number on it",
      "evseal: next: evseal check each folder, then its disc: it must say the same digest",
      `evseal: next: write the seal number ${seal} into your record of the exhibit`,
    ]);
  });

  test("lists in its document the parts, each with its disc", async () => {
    const { home } = units.sender;
    const words = ["pack", source, "--to", "Receiver", "--out", outFolder("documents"), "--volume-size", "6MiB"];
    const document = await evseal(home, ...words);
    const part = (disc: number): unknown =>
      expect.objectContaining({ name: `${String(document["seal"])}.evseal.00${disc}`, disc });
    expect(document["containers"]).toEqual([part(1), part(2), part(3)]);
  });

  test("says the same as ever where it all fits on one", async () => {
    const out = outFolder("fits");
    const { code, stdout, stderr } = await pack(out, "--volume-size", "dvd");
    expect(code).toBe(0);
    expect(stdout).not.toContain("discs");
    expect(stderr).toContain("evseal: this needs 1 DVD (4.7 GB); ");
    expect(stderr).toContain(`evseal: next: evseal check ${out}, before you burn it\n`);
    expect(readdirSync(path.join(out, readdirSync(out)[0] ?? ""))).toHaveLength(5);
  });

  test("says nothing of discs where only files are limited", async () => {
    const { stderr } = await pack(outFolder("stick"), "--volume-size", "fat32");
    expect(stderr).toMatch(/evseal: this needs 1 FAT32 medium; \d/);
  });

  test("is silent of space and discs with --quiet", async () => {
    expect(await pack(outFolder("quiet"), "--volume-size", "6MiB", "--quiet")).toMatchObject({ code: 0, stderr: "" });
  });

  test.each(["cd", "700", "1MB", ""])("is refused with %j, before a passphrase is asked for", async (size) => {
    const out = outFolder(`refused ${size}`);
    const words = ["pack", source, "--to", "Nobody", "--out", out, "--volume-size", size, "--json"];
    const refused = await run(words, { home: path.join(place, "no home") });
    expect(refused.code).toBe(2);
    expect(errorOf(refused)).toMatchObject({ code: "USAGE" });
    expect(readdirSync(out)).toEqual([]);
  });

  test("is refused with a size that leaves no room beside the small files", async () => {
    const out = outFolder("small");
    const refused = await pack(out, "--volume-size", "5MiB", "--json");
    expect(errorOf(refused)).toMatchObject({ code: "USAGE" });
    expect(readdirSync(out)).toEqual([]);
  });

  test("is explained in its help, with every kind of disc", async () => {
    const { stdout } = await run(["pack", "--help"], { home: units.sender.home });
    for (const name of presetNames) expect(stdout.replace(/\s+/g, " ")).toMatch(new RegExp(`discs: .*\\b${name},`));
  });
});
