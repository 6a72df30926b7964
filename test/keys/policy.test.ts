import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Home } from "../../src/keys/home.js";
import { loadPolicy } from "../../src/keys/policy.js";
import { refusal } from "../refusal.js";
import { temporaryFolder } from "../temporary-folder.js";

const format = "evseal/policy/v1";

it("is empty where there is no file", async () => {
  expect(await loadPolicy(Home.at(await temporaryFolder()))).toEqual({ format, openTargets: [] });
});

it.each([
  ["nothing but its format", { format }, []],
  ["folders", { format, openTargets: ["/mnt/evidence"] }, ["/mnt/evidence"]],
])("may hold %s", async (_what, policy, openTargets) => {
  const home = Home.at(await temporaryFolder());
  await writeFile(home.policy, JSON.stringify(policy, null, 2));
  expect(await loadPolicy(home)).toEqual({ format, openTargets });
});

it.each([
  ["an empty file", ""],
  ["no JSON", "openTargets: /mnt"],
  ["no format", "{}"],
  ["another format", '{"format":"evseal/policy/v2"}'],
  ["an unknown member", '{"format":"evseal/policy/v1","openTarget":["/mnt"]}'],
  ["a path that depends on where one stands", '{"format":"evseal/policy/v1","openTargets":["mnt"]}'],
  ["a path where a list belongs", '{"format":"evseal/policy/v1","openTargets":"/mnt"}'],
  ["too much", " ".repeat(65 * 1024)],
  ["bytes that are no text", Buffer.from([0x22, 0xff, 0x22])],
])("is never ignored: %s is refused", async (_what, content) => {
  const home = Home.at(await temporaryFolder());
  await writeFile(home.policy, content);
  await expect(loadPolicy(home)).rejects.toEqual(refusal("POLICY_UNUSABLE"));
});

it("is not followed through a link, and a folder is none", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "real"), JSON.stringify({ format }));
  const home = Home.at(join(folder, "home"));
  await mkdir(home.path);
  await symlink(join(folder, "real"), home.policy);
  await expect(loadPolicy(home)).rejects.toEqual(refusal("POLICY_UNUSABLE"));
  const other = Home.at(join(folder, "other"));
  await mkdir(other.policy, { recursive: true });
  await expect(loadPolicy(other)).rejects.toEqual(refusal("POLICY_UNUSABLE"));
});
