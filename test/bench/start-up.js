import { measure } from "./measure.js";

/** How long a person waits before anything happens, beside node itself. */
export async function tryStartUp({ evseal, env, homes }, rounds) {
  const contenders = [
    { name: "evseal --version", steps: [[...evseal, "--version"]] },
    { name: "node -e 0", steps: [[process.execPath, "-e", "0"]] },
  ];
  const costs = contenders.map(() => []);
  for (let round = 0; round < rounds * 4; round++) {
    for (const turn of [0, 1]) {
      const index = (turn + round) % 2;
      costs[index].push(await measure(contenders[index].steps, { ...env, EVSEAL_HOME: homes.sender }));
    }
  }
  return contenders.map(({ name }, index) => ({ case: "start", job: "start", name, costs: costs[index] }));
}
