import type { Identity } from "../../age/identity.js";
import { EvsealError } from "../../errors.js";
import { Home } from "../../keys/home.js";
import { refuseExistingKeys } from "../../keys/key-set.js";
import { createUnitKeys, loadIdentities, loadSigningKey } from "../../keys/unit-keys.js";
import { loadPolicy } from "../../keys/policy.js";
import { requireAllowedKind } from "../../keys/policy-rules.js";
import type { SigningKey } from "../../minisign/signing-key.js";
import { unitName } from "../../package/text-field.js";
import { mustAsk } from "../answers.js";
import { showOwnCard } from "../own-card.js";
import { withNewPassphrase, type AskPassphrase, type PassphraseOptions } from "../passphrase-source.js";
import type { Session } from "../session.js";

export interface KeygenOptions extends PassphraseOptions {
  readonly unit: string;
  readonly classic?: true;
  readonly expires?: string;
  readonly identity?: string;
  readonly signingKey?: string;
  /** False after --no-passphrase. */
  readonly passphrase: boolean;
}

export type GivenKeygenOptions = Omit<KeygenOptions, "unit"> & { readonly unit?: string };

export async function keygen(session: Session, options: GivenKeygenOptions): Promise<void> {
  const { ui, clock } = session;
  const unit = usableUnitName(options.unit ?? (await askForUnit(session)));
  const created = clock();
  const expires = options.expires === undefined ? inTwoYears(created) : lastMomentOf(options.expires, created);
  const home = Home.at(session.homePath);
  const policy = await loadPolicy(home);
  if (options.classic) requireAllowedKind(policy, "X25519", "a classic key", "leave out --classic");
  await refuseExistingKeys(home); // before a passphrase is typed twice for nothing

  const card = await withNewPassphrase(session, options, async (ask) => {
    const passphrase = options.passphrase ? { passphrase: await ask() } : {};
    const existing = await adopt(options, options.passphrase ? ask : refuseToAsk);
    try {
      const kind = existing.identity?.recipient.kind ?? (options.classic ? "X25519" : "mlkem768x25519");
      requireAllowedKind(policy, kind, "a classic key", "make a new key instead of taking over that one");
      return await createUnitKeys(home, { unit, kind, created, expires, existing, ...passphrase });
    } finally {
      existing.identity?.wipe();
      existing.signingKey?.wipe();
    }
  });

  showOwnCard(session, card);
  if (!options.passphrase) ui.warn("the keys have no passphrase: whoever copies them can open and sign as this unit");
  ui.next(
    "evseal card --out FILE, and send that file to the units you exchange discs with",
    "when they ring, read them the twelve words: only then may they trust the card",
    "keep a copy of the home folder and its passphrase in a safe: without them nothing sealed to you opens",
  );
}

/** The keys that the unit has already; their passphrase, if they have one, is the one given for the new files. */
async function adopt(
  { identity, signingKey }: GivenKeygenOptions,
  ask: AskPassphrase,
): Promise<{ identity?: Identity; signingKey?: SigningKey }> {
  const adopted = identity === undefined ? {} : { identity: await onlyIdentity(identity, ask) };
  if (signingKey === undefined) return adopted;
  try {
    return { ...adopted, signingKey: await loadSigningKey(signingKey, ask) };
  } catch (error) {
    adopted.identity?.wipe();
    throw error;
  }
}

async function onlyIdentity(file: string, ask: AskPassphrase): Promise<Identity> {
  const [identity, ...more] = await loadIdentities(file, ask);
  if (identity !== undefined && more.length === 0) return identity;
  for (const each of [identity, ...more]) each?.wipe();
  throw new EvsealError("KEY_UNUSABLE", "the identity file holds more than one key", {
    hint: "put the one key of this unit into a file of its own",
  });
}

function refuseToAsk(): Promise<never> {
  return Promise.reject(
    new EvsealError("PASSPHRASE_MISSING", "the key to take over has a passphrase", {
      hint: "give --passphrase-file or --passphrase-fd instead of --no-passphrase",
    }),
  );
}

async function askForUnit(session: Session): Promise<string> {
  mustAsk(session, "keygen", [["--unit <name>", undefined]]);
  await refuseExistingKeys(Home.at(session.homePath));
  const { askLine } = await import("../prompts.js"); // inquirer is slow to load, and few commands ask
  return await askLine("name that other units know yours by:", session.signal, (answer) => {
    return unitName.safeParse(answer).success ? undefined : unitNameHint;
  });
}

const unitNameHint = 'up to 64 visible characters, no space at either end, none of < > : " / \\ | ? *';

function usableUnitName(name: string): string {
  if (unitName.safeParse(name).success) return name;
  throw new EvsealError("USAGE", "--unit is not a name that evseal can use", {
    hint: unitNameHint,
  });
}

const usualYears = 2;

function inTwoYears(created: Date): Date {
  const expires = new Date(created);
  expires.setUTCFullYear(created.getUTCFullYear() + usualYears);
  return expires;
}

/** The end of the named day, in UTC: on that day the card is still good. */
function lastMomentOf(day: string, created: Date): Date {
  const expires = new Date(`${day}T23:59:59Z`);
  const isRealDay = !Number.isNaN(expires.getTime()) && expires.toISOString().slice(0, 10) === day;
  if (isRealDay && expires > created) return expires;
  throw new EvsealError("USAGE", "--expires wants a day that is still to come, written YYYY-MM-DD", {
    hint: "for example: --expires 2030-12-31",
  });
}
