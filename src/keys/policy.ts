import { isAbsolute } from "node:path";
import * as z from "zod";
import { fromUtf8 } from "../bytes.js";
import { parseUnambiguousJson } from "../package/unambiguous-json.js";
import { EvsealError } from "../errors.js";
import { party } from "../package/label.js";
import { recordLine } from "../package/text-field.js";
import type { Home } from "./home.js";
import { readSmallFile } from "./small-file.js";

/** What a policy can demand to be known of a case. */
export const recordParts = ["case", "exhibit", "officer", "reason"] as const;
export type RecordPart = (typeof recordParts)[number];

/** What a unit allows and demands beyond what evseal does by itself, evseal/policy/v1: there is no flag for any of it. */
export const policySchema = z
  .strictObject({
    format: z.literal("evseal/policy/v1"),
    /** Who decides about exceptions, in words for a person: each refusal names them. */
    whoToAsk: recordLine.exactOptional(),
    /** Folders that packages may be opened below, whatever storage they are on. */
    openTargets: z.array(z.string().max(4096).refine(isAbsolute)).max(100).readonly().default([]),
    /** A unit to whose card every package must be sealed as well. */
    recoveryRecipient: party.readonly().exactOptional(),
    /** The only units, beside the recovery recipient, that packages may be sealed to. */
    allowedRecipients: z.array(party.readonly()).min(1).max(1000).readonly().exactOptional(),
    /** Nothing is sealed to classic keys, and no classic key is made. */
    requirePostQuantum: z.boolean().default(false),
    /** What must be known of the case of every package. */
    requireRecord: z.array(z.enum(recordParts)).max(recordParts.length).readonly().default([]),
    /** From the day on which a card was made, the unit's own and the recipients'. */
    maxKeyAgeDays: z.int().min(1).max(36_500).exactOptional(),
  })
  .readonly();

export type Policy = z.infer<typeof policySchema>;

/** What holds in a unit without a policy.json. */
export const noPolicy: Policy = policySchema.parse({ format: "evseal/policy/v1" });
const capBytes = 256 * 1024;

/** The home's policy.json; a unit without one demands nothing and allows nothing more. Throws POLICY_UNUSABLE. */
export async function loadPolicy(home: Home): Promise<Policy> {
  return (await findPolicy(home)) ?? noPolicy;
}

/** Undefined where there is no policy.json. Throws POLICY_UNUSABLE. */
export async function findPolicy(home: Home): Promise<Policy | undefined> {
  const isMissing = new Error("there is none");
  try {
    const { bytes } = await readSmallFile(home.policy, capBytes, (problem, cause) =>
      problem === "is not there" ? isMissing : unusable(problem, cause),
    );
    return parsePolicy(bytes);
  } catch (cause) {
    if (cause === isMissing) return undefined;
    throw cause;
  }
}

function parsePolicy(bytes: Uint8Array): Policy {
  let document: unknown;
  try {
    document = parseUnambiguousJson(fromUtf8(bytes));
  } catch (cause) {
    throw unusable("is not JSON, or says something twice", cause);
  }
  const parsed = policySchema.safeParse(document);
  if (parsed.success) return parsed.data;
  throw unusable(complaintOf(parsed.error, document), parsed.error);
}

const members = new Set(Object.keys(policySchema.unwrap().shape));

/** Names the member that is wrong, never what it holds; of one that there is not, not even the name. */
function complaintOf({ issues }: z.ZodError, document: unknown): string {
  const [issue] = issues;
  const member = issue?.path[0];
  if (typeof member === "string" && members.has(member)) {
    const isThere = typeof document === "object" && document !== null && member in document;
    return isThere ? `has something in ${member} that evseal cannot use` : `has no ${member}`;
  }
  return issue?.code === "unrecognized_keys" ? "has a member that evseal does not know" : "is not what evseal expects";
}

function unusable(complaint: string, cause?: unknown): EvsealError {
  return new EvsealError("POLICY_UNUSABLE", `the policy file ${complaint}`, {
    hint: "have policy.json put right as docs/POLICY.md describes it, or put its backup in its place",
    cause,
  });
}
