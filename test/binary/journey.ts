/** More than one thread's work, from one unit to another, by a program that need not be the one that the suite runs. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { must } from "../interop/programs.js";

const sizeBytes = 40 * 1024 * 1024; // src/ring/pipeline.ts does the small in one thread
const clear = Buffer.alloc(sizeBytes, "what was said in the interview ");

/** Seals 40 MiB in `cwd` and opens them there with `program`. Throws unless each step succeeds; whether all came back. */
export async function sealsAndOpens(program: string, cwd: string): Promise<boolean> {
  const by: Run = async (home, ...words) => {
    const env = { HOME: "/nonexistent", EVSEAL_HOME: home };
    return (await must(program, words, { cwd, env })).stdout;
  };
  writeFileSync(path.join(cwd, "recording.mp4"), clear);
  for (const folder of ["out", "opened"]) mkdirSync(path.join(cwd, folder));
  for (const unit of ["a", "b"]) {
    await by(unit, "keygen", "--unit", unit, "--no-passphrase");
    await by(unit, "card", "--out", `${unit}.card.json`);
  }
  await trust(by, "a", "b");
  await trust(by, "b", "a");

  await by("a", "pack", "recording.mp4", "--to", "b", "--out", "out");
  const [seal = ""] = readdirSync(path.join(cwd, "out"));
  await by("b", "verify", `out/${seal}`);
  await by("b", "open", `out/${seal}`, "--out", "opened");
  return readFileSync(path.join(cwd, `opened/${seal}.opened/media/recording.mp4`)).equals(clear);
}

type Run = (home: string, ...words: string[]) => Promise<string>;

async function trust(by: Run, who: string, whom: string): Promise<void> {
  const { words } = JSON.parse(await by(whom, "card", "--json")) as { words: string };
  await by(who, "contacts", "add", `${whom}.card.json`, "--fingerprint", words);
}
