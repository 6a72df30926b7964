/**
 * What `--json` prints, command by command (docs/scripting.md). Commands take their documents' types from here, and
 * docs/schemas is made from here. Members may be added and are never renamed, so readers must let unknown ones be.
 */
import * as z from "zod";
import { exitCodes, type ErrorCode } from "../errors.js";
import { policySchema } from "../keys/policy.js";
import { manifestSchema } from "../package/manifest.js";
import { labelledFile, party } from "../package/label.js";
import { sealNumber } from "../package/seal-number.js";
import { instant, sha256Hex, sizeInBytes, unitName } from "../package/text-field.js";
import type { UnsafeName } from "../unsafe-name.js";
import { examined } from "./doctor-document.js";
import { progressEvent } from "./progress-event.js";

const parties = z.array(party).readonly();
const containers = z
  .array(labelledFile)
  .readonly()
  .describe("the file that holds the media, or the parts that it is cut into, each with the disc that it is on");

/** A name that others chose: a text in JSON, and in the program what can only be shown. */
const foreignName = z.string() as unknown as z.ZodType<UnsafeName>;

const ownCard = z.object({
  unit: unitName,
  fingerprint: sha256Hex.describe("what the other side compares, in hex"),
  words: z.string().describe("the same in twelve words"),
  recipient: z.string().describe("the age recipient that others seal to"),
  signingKey: z.string().describe("the minisign public key"),
  home: z.string().describe("the folder of the keys"),
});

const contact = z.object({
  unit: unitName,
  fingerprint: sha256Hex,
  recipientType: z.enum(["X25519", "mlkem768x25519"]),
  expires: instant,
});

const contacts = z.object({ contacts: z.array(contact).readonly() });

const packed = z.object({
  seal: sealNumber,
  package: z.string().describe("the package's folder"),
  sealedAt: instant,
  sender: party,
  recipients: parties,
  files: sizeInBytes.describe("how many"),
  bytes: sizeInBytes.describe("of all files together"),
  containers,
  readBack: z.literal(true),
});

const checked = z.object({
  ok: z.boolean().describe("whether it may leave the building; the exit code is 0 exactly when it is true"),
  digest: sha256Hex.exactOptional().describe("for --expect-digest; only where ok is true"),
  packages: z
    .array(
      z.object({
        seal: sealNumber,
        path: z.string(),
        sender: party,
        recipients: parties,
        disc: z
          .int()
          .min(1)
          .exactOptional()
          .describe("its number, where the package is on several discs: one item each"),
        of: z.int().min(1).exactOptional().describe("how many discs the package is on"),
      }),
    )
    .readonly(),
  findings: z
    .array(
      z.object({
        code: z.string().describe("stable, as the codes of errors are"),
        path: foreignName.describe("may be the name of evidence: keep it out of logs"),
        detail: z.string(),
        hint: z.string(),
      }),
    )
    .readonly(),
  moreFindings: sizeInBytes.describe("how many there are beyond those that are listed"),
});

const verified = z.object({
  ok: z.literal(true),
  seal: sealNumber,
  sealedAt: instant,
  sender: party.extend({ trusted: z.literal(true) }),
  recipients: parties,
  containers,
});

const inspected = z.object({
  seal: sealNumber,
  sealedAt: instant,
  sender: party.extend({ trusted: z.boolean().describe("signed by a unit that yours trusts") }),
  recipients: parties,
  containers,
  stanzas: z.array(z.string()).readonly().describe("the age stanza types of the container"),
});

const opened = z.object({
  seal: sealNumber,
  sender: party,
  out: z.string().describe("the new folder that holds what was opened"),
  files: sizeInBytes.describe("how many were opened"),
  of: sizeInBytes.describe("how many the package holds"),
  bytes: sizeInBytes.describe("of the opened files together"),
  verified: z.literal(true),
  mended: z
    .array(
      z.object({
        from: z.int().min(2).describe("which copy, in the order in which they were named"),
        offset: sizeInBytes.describe("in the container"),
        sizeBytes: sizeInBytes,
      }),
    )
    .readonly()
    .exactOptional()
    .describe("what the first copy had lost and others gave; only where there was any"),
});

const salvaged = z.object({
  ok: z.boolean().describe("whether nothing is lost; the exit code is 0 exactly when it is true"),
  seal: sealNumber,
  sender: party,
  out: z.string().exactOptional().describe("the new folder that holds the whole files; only where there is one"),
  whole: sizeInBytes.describe("how many files were recovered"),
  partial: sizeInBytes.describe("how many have lost some of their content; none of it was recovered"),
  lost: sizeInBytes.describe("how many have lost all of it"),
  bytes: sizeInBytes.describe("of the recovered files together"),
  lostBytes: sizeInBytes.describe("of files and of what is around them"),
  files: z
    .array(
      z.object({
        path: foreignName.describe("in the package; may be the name of evidence: keep it out of logs"),
        state: z.enum(["whole", "partial", "lost"]),
        sizeBytes: sizeInBytes,
        lostBytes: sizeInBytes.describe("of this file's content"),
      }),
    )
    .readonly(),
});

const leftover = z.object({
  seal: sealNumber.exactOptional(),
  path: z.string(),
  kind: z.enum(["sealed", "clear", "card"]).describe("what may be inside"),
  reason: z.enum(["in use", "foreign"]).exactOptional().describe("why it was kept"),
});

const cleaned = z.object({ removed: z.array(leftover).readonly(), kept: z.array(leftover).readonly() });

const policy = z.object({
  file: z.string().describe("where policy.json is, or would be"),
  inForce: z.boolean().describe("whether there is one"),
  policy: policySchema.describe("the rules as they hold, with those that it leaves as they are"),
  sentences: z.array(z.string()).readonly(),
});

const completion = z.object({ shell: z.string(), script: z.string() });

/** In place of the command's own document where it failed; `check`, `salvage`, `clean` and `doctor` print their own then too. */
const failure = z.object({
  error: z.object({
    code: z.enum(Object.keys(exitCodes) as [ErrorCode, ...ErrorCode[]]),
    message: z.string(),
    hint: z.string().describe("what to do"),
    exitCode: z.int().min(1).max(255),
  }),
});

export type OwnCardDocument = z.infer<typeof ownCard>;
export type ContactDocument = z.infer<typeof contact>;
export type ContactsDocument = z.infer<typeof contacts>;
export type PackDocument = z.infer<typeof packed>;
export type CheckDocument = z.infer<typeof checked>;
export type VerifyDocument = z.infer<typeof verified>;
export type InspectDocument = z.infer<typeof inspected>;
export type OpenDocument = z.infer<typeof opened>;
export type SalvageDocument = z.infer<typeof salvaged>;
export type LeftoverDocument = z.infer<typeof leftover>;
export type CleanDocument = z.infer<typeof cleaned>;
export type PolicyDocument = z.infer<typeof policy>;
export type DoctorDocument = z.infer<typeof examined>;
export type CompletionDocument = z.infer<typeof completion>;
export type ErrorDocument = z.infer<typeof failure>;

/** By what the user types; beside the commands the file that `policy` reads, and what any of them can say. */
export const jsonDocuments: Readonly<Record<string, z.ZodType>> = {
  keygen: ownCard,
  card: ownCard,
  "contacts add": contact,
  "contacts list": contacts,
  "contacts show": contact,
  "contacts remove": contact,
  pack: packed,
  check: checked,
  verify: verified,
  inspect: inspected,
  list: manifestSchema,
  open: opened,
  salvage: salvaged,
  clean: cleaned,
  policy,
  doctor: examined,
  completion,
  "policy file": policySchema,
  error: failure,
  progress: progressEvent,
};
