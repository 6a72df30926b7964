// `npm run test:discs`: every test of this folder with full counts, and a table of what its campaigns found. A test file that
// is added is part of it: it asks `whole` of campaign.ts whether it was meant.
import { runCampaigns } from "../tooling/run-campaigns.js";

runCampaigns("EVSEAL_DISCS", ["test/discs"]);
