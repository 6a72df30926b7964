import { isAbsolute } from "node:path";
import { z } from "zod";
import { fromUtf8 } from "../bytes.js";
import { EvsealError } from "../errors.js";
import type { Home } from "./home.js";
import { readSmallFile } from "./small-file.js";

/** What a unit allows beyond what evseal allows by itself, evseal/policy/v1: there is no flag for any of it. */
const policySchema = z
  .strictObject({
    format: z.literal("evseal/policy/v1"),
    /** Folders that packages may be opened below, whatever storage they are on. */
    openTargets: z.array(z.string().max(4096).refine(isAbsolute)).max(100).readonly().default([]),
  })
  .readonly();

export type Policy = z.infer<typeof policySchema>;

const noPolicy: Policy = policySchema.parse({ format: "evseal/policy/v1" });
const capBytes = 64 * 1024;

/** The home's policy.json; a unit without one allows nothing more. Throws POLICY_UNUSABLE. */
export async function loadPolicy(home: Home): Promise<Policy> {
  const isMissing = new Error("there is none");
  try {
    const { bytes } = await readSmallFile(home.policy, capBytes, (problem, cause) =>
      problem === "is not there" ? isMissing : unusable(problem, cause),
    );
    return parsePolicy(bytes);
  } catch (cause) {
    if (cause === isMissing) return noPolicy;
    throw cause;
  }
}

function parsePolicy(bytes: Uint8Array): Policy {
  try {
    return policySchema.parse(JSON.parse(fromUtf8(bytes)));
  } catch (cause) {
    throw unusable("is not what evseal expects", cause);
  }
}

function unusable(complaint: string, cause?: unknown): EvsealError {
  return new EvsealError("POLICY_UNUSABLE", `the policy file ${complaint}`, {
    hint: 'write policy.json with no other members than these: {"format": "evseal/policy/v1", "openTargets": ["/a/folder"]}',
    cause,
  });
}
