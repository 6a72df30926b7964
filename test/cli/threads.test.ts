import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { commandOf, environment, scratchFolder } from "./run.js";

/** How many threads a command has, in whose line `word` stands, while it waits for a passphrase. */
async function threadsWith(word: string, env: Readonly<Record<string, string>> = {}): Promise<number> {
  const home = path.join(scratchFolder(), "home");
  const [file, ...words] = [...commandOf(), "keygen", "--unit", word, "--passphrase-fd", "0"];
  const child = spawn(file, words, { env: environment({ home, env }), stdio: ["pipe", "ignore", "ignore"] });
  await setTimeout(2000);
  const { length } = readdirSync(`/proc/${String(child.pid)}/task`);
  child.kill();
  await once(child, "close");
  return length;
}

test.runIf(process.platform === "linux")(
  "only `open` has more threads than node, if nobody says how many",
  async () => {
    const [opening, other, ...asked] = await Promise.all([
      threadsWith("open"),
      threadsWith("A"),
      threadsWith("open", { UV_THREADPOOL_SIZE: "4" }),
      threadsWith("open", { UV_THREADPOOL_SIZE: "" }),
    ]);
    expect(opening).toBe(other + 12); // 16 for node's 4
    expect(asked).toEqual([other, opening]);
  },
);
