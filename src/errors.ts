import { UnsafeName } from "./unsafe-name.js";

/** What each exit code means is the interface that scripts depend on; every command's help prints this table. */
export const exitMeanings = {
  0: "done, durable on disk",
  1: "a fault in evseal itself",
  2: "the command line is wrong",
  3: "refused: something would be, or is, in the clear",
  4: "not proven: signature missing, wrong, or by nobody we trust",
  5: "key: not addressed to us, wrong passphrase, unknown or unusable contact",
  6: "damaged: altered, cut short, incomplete, or not what the manifest says",
  7: "input unusable: unreadable, changed while it was read, unsafe name, nothing to pack",
  8: "output failed: exists, no space, I/O",
  130: "interrupted; nothing left behind",
} as const;

export type ExitCode = keyof typeof exitMeanings;

/** The one table from stable error code to exit code. Codes are never renamed; scripts match on them. */
export const exitCodes = {
  INTERNAL: 1,
  SELF_TEST_FAILED: 1,

  USAGE: 2,
  ANSWER_MISSING: 2,
  ENVIRONMENT_UNSAFE: 2,
  POLICY_CASE_MISSING: 2,
  POLICY_EXHIBIT_MISSING: 2,
  POLICY_OFFICER_MISSING: 2,
  POLICY_REASON_MISSING: 2,

  CLEAR_FOUND: 3,
  DIGEST_DIFFERS: 3,
  NOTHING_THERE: 3,
  NOT_SEALED: 3,
  OUTPUT_INSIDE_SOURCE: 3,
  SOURCE_INSIDE_OUTPUT: 3,
  OUTPUT_NOT_ONLY_PACKAGES: 3,
  OUTPUT_HOLDS_PACKAGES: 3,
  HOME_INSIDE_SOURCE: 3,
  HOME_INSIDE_OUTPUT: 3,
  PRIVATE_KEY_IN_SOURCE: 3,
  PRIVATE_KEY_IN_OUTPUT: 3,
  PASSPHRASE_IN_SOURCE: 3,
  PASSPHRASE_IN_OUTPUT: 3,
  RECIPIENT_KEY_HERE: 3,
  LEFTOVER_FOREIGN: 3,
  TARGET_REMOVABLE: 3,
  TARGET_OPTICAL: 3,
  TARGET_NETWORK: 3,
  TARGET_UNKNOWN: 3,
  TARGET_NOT_PRIVATE: 3,

  SIGNATURE_MISSING: 4,
  SIGNATURE_MALFORMED: 4,
  SIGNATURE_WRONG: 4,
  SIGNER_UNKNOWN: 4,
  SIGNER_EXPIRED: 4,
  SIGNERS_DIFFER: 4,

  KEYS_MISSING: 5,
  KEY_UNUSABLE: 5,
  KEY_NOT_OURS: 5,
  PASSPHRASE_WRONG: 5,
  PASSPHRASE_MISSING: 5,
  PASSPHRASE_UNUSABLE: 5,
  PASSPHRASE_SHORT: 5,
  NOT_ADDRESSED_TO_US: 5,
  POLICY_UNUSABLE: 5,
  POLICY_RECOVERY_MISSING: 5,
  POLICY_RECIPIENT_REFUSED: 5,
  POLICY_KEY_CLASSIC: 5,
  POLICY_KEY_OLD: 5,
  CARD_UNUSABLE: 5,
  CARD_EXPIRED: 5,
  CARD_IS_OWN: 5,
  CONTACT_UNKNOWN: 5,
  CONTACT_CHANGED: 5,
  FINGERPRINT_DIFFERS: 5,
  RECIPIENT_TWICE: 5,
  RECIPIENT_ONLY_SELF: 5,
  RECIPIENTS_MIXED: 5,
  RECIPIENTS_TOO_MANY: 5,
  UNIT_UNFIT: 5,

  PACKAGE_NOT_FOUND: 6,
  PACKAGE_INCOMPLETE: 6,
  PACKAGE_FOREIGN_FILE: 6,
  DISC_MISSING: 6,
  DISC_FOREIGN: 6,
  DISC_TWICE: 6,
  COPIES_DAMAGED: 6,
  SALVAGE_INCOMPLETE: 6,
  ALTERED: 6,
  CUT_SHORT: 6,
  TRAILING_DATA: 6,
  LABEL_MALFORMED: 6,
  MANIFEST_MALFORMED: 6,
  MANIFEST_DIFFERS: 6,
  HEADER_MALFORMED: 6,
  HEADER_ALTERED: 6,
  RECIPIENTS_DIFFER: 6,
  CONTENT_DIFFERS: 6,

  SOURCE_UNREADABLE: 7,
  SOURCE_NOT_REGULAR: 7,
  SOURCE_CHANGED: 7,
  NAME_UNSAFE: 7,
  NAMES_COLLIDE: 7,
  NOTHING_TO_PACK: 7,
  RECORD_UNUSABLE: 7,
  NOTHING_MATCHES: 7,
  TOO_MUCH_TO_PACK: 7,

  OUTPUT_EXISTS: 8,
  OUTPUT_NO_SPACE: 8,
  OUTPUT_FAILED: 8,
  READ_BACK_DIFFERS: 8,

  INTERRUPTED: 130,
} as const satisfies Record<string, ExitCode>;

export type ErrorCode = keyof typeof exitCodes;

/**
 * The one error of evseal. `message` is a clause without capital or full stop saying what happened; `hint` says what
 * to do. Neither ever holds a secret or a name of evidence; a name stands in `subject`, which is shown on a terminal only,
 * escaped, never in a pipe, a log or JSON. `cause` is kept for tests and never printed (a library's message may hold one).
 */
export class EvsealError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly subject: UnsafeName | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint: string; subject?: string | UnsafeName; cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "EvsealError";
    this.code = code;
    this.hint = options.hint;
    this.subject = options.subject === undefined ? undefined : UnsafeName.of(options.subject);
  }

  get exitCode(): ExitCode {
    return exitCodes[this.code];
  }
}

/** `value`, which is there unless evseal itself is wrong; `what` names it. Throws INTERNAL. */
export function existing<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw fault(`${what} is missing`);
  return value;
}

/** A step that cannot be reached unless evseal itself is wrong; exits 1. */
export function fault(message: string, cause?: unknown): EvsealError {
  return new EvsealError("INTERNAL", message, { hint: "this is a fault in evseal: please report it", cause });
}
