import { expect, test } from "vitest";
import type { Policy } from "../../src/keys/policy.js";
import { noPolicy } from "../../src/keys/policy.js";
import {
  requireAllowedKind,
  requireAllowedRecipients,
  requireRecord,
  requireYoungOwnCard,
} from "../../src/keys/policy-rules.js";
import type { ErrorCode } from "../../src/errors.js";
import { refusal } from "../refusal.js";
import { makeUnit, partyOf } from "../units.js";

const scas = makeUnit("SCAS");
const cps = makeUnit("CPS");
const recovery = makeUnit("Recovery");
const impostor = makeUnit("Recovery");
const classic = makeUnit("Old lab", "X25519");
/** 100 days after all cards were made. */
const at = new Date(Date.parse(scas.card.created) + 100 * 24 * 60 * 60 * 1000);

const policy = (rules: Partial<Policy>): Policy => ({ ...noPolicy, ...rules });

function refused(code: ErrorCode, says: RegExp, act: () => void): void {
  expect(act).toThrow(refusal(code));
  expect(act).toThrow(says);
}

test("without a policy everything is allowed, and nothing needs to be said", () => {
  requireAllowedRecipients(noPolicy, [scas.card, classic.card], at);
  requireYoungOwnCard(noPolicy, scas.card, new Date("2099-01-01"));
  requireAllowedKind(noPolicy, "X25519", "it", "");
  requireRecord(noPolicy, {});
});

test("a recovery recipient is one by its fingerprint, whatever others call themselves", () => {
  const rule = policy({ recoveryRecipient: partyOf(recovery) });
  requireAllowedRecipients(rule, [scas.card, recovery.card], at);
  const cards = [scas.card, impostor.card];
  refused("POLICY_RECOVERY_MISSING", /\(recoveryRecipient\) wants .+ Recovery as well/, () => {
    requireAllowedRecipients(rule, [scas.card], at);
  });
  refused("POLICY_RECOVERY_MISSING", /\(recoveryRecipient\) means another card of Recovery/, () => {
    requireAllowedRecipients(rule, cards, at);
  });
});

test("allowed recipients are these cards and the recovery recipient's", () => {
  const allowedRecipients = [partyOf(scas), { ...partyOf(cps), fingerprint: "0".repeat(64) }];
  const rule = policy({ allowedRecipients, recoveryRecipient: partyOf(recovery) });
  requireAllowedRecipients(rule, [scas.card, recovery.card], at);
  refused("POLICY_RECIPIENT_REFUSED", /\(allowedRecipients\) does not allow packages for CPS/, () => {
    requireAllowedRecipients(rule, [scas.card, recovery.card, cps.card], at);
  });
});

test("where post-quantum keys are demanded, classic ones are refused", () => {
  const rule = policy({ requirePostQuantum: true });
  requireAllowedRecipients(rule, [scas.card], at);
  refused("POLICY_KEY_CLASSIC", /\(requirePostQuantum\) does not allow the classic key of Old lab/, () => {
    requireAllowedRecipients(rule, [scas.card, classic.card], at);
  });
});

test("a key may be as old as is allowed, and not a moment older", () => {
  const aMomentLater = new Date(at.getTime() + 1);
  const rule = policy({ maxKeyAgeDays: 100 });
  requireAllowedRecipients(rule, [scas.card], at);
  requireYoungOwnCard(rule, scas.card, at);
  const says = /\(maxKeyAgeDays\) does not allow the key of SCAS: it was made on 2026-01-01, more than 100 days ago/;
  refused("POLICY_KEY_OLD", says, () => requireAllowedRecipients(rule, [scas.card], aMomentLater));
  refused("POLICY_KEY_OLD", says, () => requireYoungOwnCard(rule, scas.card, aMomentLater));
});

test.each([
  ["case", "POLICY_CASE_MISSING", "--case"],
  ["exhibit", "POLICY_EXHIBIT_MISSING", "--exhibit"],
  ["officer", "POLICY_OFFICER_MISSING", "--officer"],
  ["reason", "POLICY_REASON_MISSING", "--reason"],
] as const)("where the %s is demanded, it must be said", (part, code, option) => {
  const record = { case: "1", exhibits: ["2"], officer: "3", reason: "4" };
  const rule = policy({ requireRecord: [part] });
  requireRecord(rule, record);
  const without = { ...record, [part === "exhibit" ? "exhibits" : part]: undefined };
  refused(code, /\(requireRecord\) wants /, () => requireRecord(rule, without));
  expect(() => requireRecord(rule, without)).toThrow(
    expect.objectContaining({ hint: expect.stringContaining(`give ${option}`) as unknown }) as Error,
  );
});

test("every refusal ends with whom to ask", () => {
  const hints = [{}, { whoToAsk: "the evidence desk, extension 12" }].map((asked) => {
    try {
      requireRecord(policy({ requireRecord: ["case"], ...asked }), {});
    } catch (error) {
      return (error as { hint: string }).hint;
    }
    return "";
  });
  expect(hints[0]).toMatch(/; about exceptions ask whoever keeps your unit's policy$/);
  expect(hints[1]).toMatch(/; about exceptions ask the evidence desk, extension 12$/);
});
