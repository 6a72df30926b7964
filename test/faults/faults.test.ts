/**
 * What evseal leaves when its surroundings fail it, decided by other people's programs. A slice of every campaign runs
 * here; `npm run test:faults` runs the whole of them and shows what came of it.
 */
import { afterAll, beforeAll, describe } from "vitest";
import { describeWith } from "../interop/programs.js";
import { changingSources } from "./sources.js";
import { company } from "./together.js";
import { failingHomes } from "./home.js";
import { durability } from "./durability.js";
import { failingCalls } from "./errors.js";
import { powerCuts } from "./power.js";
import { sigkill } from "./kill.js";
import { unreadablePackages } from "./reading.js";
import { silence } from "./streams.js";
import { smallDisks } from "./space.js";
import { makeWorld, type World } from "./world.js";

describeWith(["cc", "strace", "age", "minisign", "python3"], "evseal under", () => {
  const the = {} as { world: World }; // made before the tests, used in them only
  beforeAll(async () => {
    the.world = await makeWorld();
  });
  afterAll(() => the.world.end());

  describe("SIGKILL", () => sigkill(the));
  describe("system calls that fail", () => failingCalls(the));
  describe("a home whose disk fails", () => failingHomes(the));
  describe("packages that cannot be read", () => unreadablePackages(the));
  describe("an output folder without room", () => smallDisks(the));
  describe("stdout and stderr that take nothing", () => silence(the));
  describe("company in its output folder", () => company(the));
  describe("sources that change", () => changingSources(the));
  describe("the need to be durable", () => durability(the));
  describe("a power cut", () => powerCuts(the));
});
