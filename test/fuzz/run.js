// `node test/fuzz/run.js TARGET RUNS SEED`: one target in a process of its own, for whoever started it to watch. Prints
// what `fuzz` gives and the memory it took, as JSON; with a channel to its parent, a beat now and then.
import { fuzz } from "./loop.js";
import { targets } from "./targets.js";

const [name, runs, seed] = process.argv.slice(2);
const beat = process.send ? () => process.send("alive") : undefined;
const found = await fuzz(targets[name], Number(runs), Number(seed), beat);
const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(JSON.stringify({ ...found, peakMiB }));
if (process.send) process.disconnect();
