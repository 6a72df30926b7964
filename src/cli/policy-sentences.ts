import type { Policy } from "../keys/policy.js";
import { recordWords } from "../keys/policy-rules.js";

/** What holds in this unit, a plain sentence for each rule, also for those that its policy leaves as they are. */
export function policySentences(policy: Policy): readonly string[] {
  const { recoveryRecipient, allowedRecipients, requirePostQuantum, requireRecord, maxKeyAgeDays } = policy;
  return [
    recoveryRecipient === undefined
      ? "a package need not be sealed to a recovery unit"
      : `every package must be sealed to ${recoveryRecipient.unit} as well, so that it can be recovered`,
    allowedRecipients === undefined
      ? "packages may be sealed to every contact"
      : `packages may be sealed to no other unit than ${inWords(unitsOf(policy))}`,
    requirePostQuantum
      ? "nothing may be sealed to a classic key, and no classic key may be made: only post-quantum ones"
      : "classic keys may be used as well as post-quantum ones",
    requireRecord.length === 0
      ? "nothing needs to be said about the case"
      : `with every package ${inWords(requireRecord.map((part) => recordWords[part][1]))} must be said`,
    maxKeyAgeDays === undefined
      ? "a key may be used until its card expires"
      : `a key may be used for ${maxKeyAgeDays} days after it was made, and no longer than until its card expires`,
    policy.openTargets.length === 0
      ? "packages may be opened where evseal itself allows it, and nowhere else"
      : `packages may be opened where evseal itself allows it, and below ${inWords(policy.openTargets)}`,
    ...(policy.whoToAsk === undefined ? [] : [`about exceptions ask ${policy.whoToAsk}`]),
  ];
}

function unitsOf({ allowedRecipients = [], recoveryRecipient }: Policy): readonly string[] {
  const units = allowedRecipients.map(({ unit }) => unit);
  return [...new Set(recoveryRecipient === undefined ? units : [...units, recoveryRecipient.unit])];
}

/** `a`, `a and b`, `a, b and c`. */
function inWords(parts: readonly string[]): string {
  const last = parts.at(-1) ?? "";
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
}
