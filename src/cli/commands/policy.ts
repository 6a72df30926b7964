import { Contacts } from "../../keys/contacts.js";
import { Home } from "../../keys/home.js";
import { findPolicy, noPolicy, type Policy } from "../../keys/policy.js";
import { isCardOf } from "../../keys/policy-rules.js";
import type { PolicyDocument } from "../json-documents.js";
import { policySentences } from "../policy-sentences.js";
import type { Session } from "../session.js";

/** Says in sentences what holds in this unit, whether from a policy file or because there is none. */
export async function showPolicy(session: Session): Promise<void> {
  const home = Home.at(session.homePath);
  const found = await findPolicy(home);
  const policy = found ?? noPolicy;
  const sentences = policySentences(policy);
  const inForce = found !== undefined;
  const document: PolicyDocument = { file: home.policy, inForce, policy, sentences };
  session.ui.result(document, [["policy", inForce ? home.policy : `none (it would be ${home.policy})`], ...sentences]);
  await warnOfMissingRecovery(session, home, policy);
}

/** Whoever reads the policy learns what would keep every package from being sealed. */
async function warnOfMissingRecovery({ ui }: Session, home: Home, { recoveryRecipient }: Policy): Promise<void> {
  if (recoveryRecipient === undefined) return;
  const contacts = (await Contacts.load(home)).list();
  if (contacts.some(({ card }) => isCardOf(card, recoveryRecipient))) return;
  ui.warn(`the card of ${recoveryRecipient.unit} is not among your contacts: until it is, nothing can be sealed`);
}
