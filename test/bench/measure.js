import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const gauge = fileURLToPath(new URL("measure.py", import.meta.url));

/**
 * Runs `steps`, each a program with its arguments, one after another: { seconds, cpuSeconds, peakBytes } of them all,
 * and what they said. `env` is the whole environment. Throws with what they complained of unless each exits 0.
 */
export async function measure(steps, env) {
  const child = spawn("python3", [gauge, JSON.stringify(steps)], { env, stdio: ["ignore", "pipe", "pipe", "pipe"] });
  const ended = new Promise((resolve, reject) => {
    child.once("close", resolve);
    child.once("error", reject);
  });
  const texts = await Promise.all([textOf(child.stdio[1]), textOf(child.stdio[2]), textOf(child.stdio[3])]);
  const [said, complaints, cost] = texts;
  if ((await ended) !== 0) throw new Error(`${steps.map(([program]) => program).join(", ")}: ${complaints}${said}`);
  return { ...JSON.parse(cost), said };
}

async function textOf(stream) {
  let text = "";
  for await (const part of stream.setEncoding("utf8")) text += part;
  return text;
}
