import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Home } from "../../src/keys/home.js";
import { loadPolicy, policySchema } from "../../src/keys/policy.js";
import { refusal } from "../refusal.js";
import { temporaryFolder } from "../temporary-folder.js";

const format = "evseal/policy/v1";
const nothing = { format, openTargets: [], requirePostQuantum: false, requireRecord: [] };
const scas = { unit: "SCAS", fingerprint: "0f".repeat(32) };

it("is empty where there is no file", async () => {
  expect(await loadPolicy(Home.at(await temporaryFolder()))).toEqual(nothing);
});

it.each([
  ["nothing but its format", {}],
  ["folders", { openTargets: ["/mnt/evidence"] }],
  ["whom to ask", { whoToAsk: "Information Security, extension 4410" }],
  ["a recovery recipient", { recoveryRecipient: scas }],
  ["allowed recipients", { allowedRecipients: [scas] }],
  ["what must be said", { requireRecord: ["case", "exhibit", "officer", "reason"] }],
  ["a kind and an age of keys", { requirePostQuantum: true, maxKeyAgeDays: 730 }],
])("may hold %s", async (_what, rules) => {
  const home = Home.at(await temporaryFolder());
  await writeFile(home.policy, JSON.stringify({ format, ...rules }, null, 2));
  expect(await loadPolicy(home)).toEqual({ ...nothing, ...rules });
});

it("is what docs/POLICY.md shows", async () => {
  const page = await readFile(new URL("../../docs/POLICY.md", import.meta.url), "utf8");
  const [, example = ""] = /```json\n([^]+?)```/.exec(page) ?? [];
  const home = Home.at(await temporaryFolder());
  await writeFile(home.policy, example);
  expect(Object.keys(await loadPolicy(home)).sort()).toEqual(Object.keys(policySchema.unwrap().shape).sort());
  expect([...page.matchAll(/^\| `(\w+)`/gm)].map(([, member]) => member).sort()).toEqual(
    Object.keys(policySchema.unwrap().shape)
      .filter((member) => member !== "format")
      .sort(),
  );
});

it.each([
  ["an empty file", ""],
  ["no JSON", "openTargets: /mnt"],
  ["no format", "{}"],
  ["another format", '{"format":"evseal/policy/v2"}'],
  ["an unknown member", '{"format":"evseal/policy/v1","openTarget":["/mnt"]}'],
  ["a path that depends on where one stands", '{"format":"evseal/policy/v1","openTargets":["mnt"]}'],
  ["a path where a list belongs", '{"format":"evseal/policy/v1","openTargets":"/mnt"}'],
  ["nobody who may be sealed to", JSON.stringify({ format, allowedRecipients: [] })],
  ["a unit without its fingerprint", JSON.stringify({ format, recoveryRecipient: { unit: "SCAS" } })],
  ["a recipient by name", JSON.stringify({ format, allowedRecipients: ["SCAS"] })],
  ["a record of another kind", JSON.stringify({ format, requireRecord: ["exhibits"] })],
  ["a rule that is neither on nor off", JSON.stringify({ format, requirePostQuantum: "yes" })],
  ["no age at all", JSON.stringify({ format, maxKeyAgeDays: 0 })],
  ["a line that could steer a terminal", JSON.stringify({ format, whoToAsk: "\u001b[2J" })],
  ["too much", JSON.stringify({ format }) + " ".repeat(256 * 1024)],
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

it.each([
  ['{"format":"evseal/policy/v1","maxKeyAgeDays":"a canary"}', "has something in maxKeyAgeDays that evseal cannot use"],
  ['{"format":"evseal/policy/v1","canary":1}', "has a member that evseal does not know"],
  ["{}", "has no format"],
  ["[]", "is not what evseal expects"],
  ["canary", "is not JSON, or says something twice"],
  ['{"format":"evseal/policy/v1","openTargets":["/a"],"openTargets":[]}', "is not JSON, or says something twice"],
])("that is wrong is refused in one sentence, which repeats nothing of it: %s", async (content, complaint) => {
  const home = Home.at(await temporaryFolder());
  await writeFile(home.policy, content);
  await expect(loadPolicy(home)).rejects.toThrow(`the policy file ${complaint}`);
});
