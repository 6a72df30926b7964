// `npm run test:faults`: the whole of every campaign against faults, leaks and damage, and a table of what came of it.
import { runCampaigns } from "../tooling/run-campaigns.js";

runCampaigns("EVSEAL_FAULTS", ["test/faults", "test/leak", "test/fuzz", "test/opening/damaged-packages.test.ts"]);
