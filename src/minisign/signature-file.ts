import { concat, equal, fromUtf8, utf8 } from "../bytes.js";
import { EvsealError } from "../errors.js";
import { decodeBase64, encodeBase64 } from "./base64.js";
import { untrustedPrefix } from "./key-line.js";

/** No signature that evseal makes comes near it; minisign's own limit for the trusted comment alone is 8 KiB. */
export const signatureFileCapBytes = 4096;

const prehashed = utf8("ED");
const legacy = utf8("Ed");

/** minisign's own default. Nothing signs this line: with any other text in it, it could carry something in the clear. */
const untrustedComment = `${untrustedPrefix}signature from minisign secret key`;

/** Four lines, each ended by a line feed, and nothing else (minisign's format page, "Signature format"). */
const layout = new RegExp(`^${untrustedComment}\n([^\n]{100})\ntrusted comment: ([\t\\P{Cc}]*)\n([^\n]{88})\n$`, "u");

export interface SignatureFields {
  readonly keyId: Uint8Array; // 8 bytes
  /** Over the BLAKE2b-512 hash of the document; 64 bytes. */
  readonly signature: Uint8Array;
  readonly trustedComment: string;
  /** Over `signature` followed by the trusted comment; 64 bytes. */
  readonly globalSignature: Uint8Array;
}

export function encodeSignatureFile(fields: SignatureFields): Uint8Array {
  const record = encodeBase64(concat(prehashed, fields.keyId, fields.signature));
  const globalSignature = encodeBase64(fields.globalSignature);
  return utf8(
    `${untrustedComment}\n${fromUtf8(record)}\n` +
      `trusted comment: ${fields.trustedComment}\n${fromUtf8(globalSignature)}\n`,
  );
}

/** Stricter than minisign: encoding what it gives yields the same bytes again. Throws SIGNATURE_MALFORMED. */
export function parseSignatureFile(bytes: Uint8Array): SignatureFields {
  if (bytes.length > signatureFileCapBytes) throw malformed("is too large to be one");
  const [, encodedRecord, trustedComment, encodedGlobalSignature] = layout.exec(textOf(bytes)) ?? [];
  if (encodedRecord === undefined || trustedComment === undefined || encodedGlobalSignature === undefined) {
    throw malformed("does not have the form of one");
  }
  const record = decodeBase64(utf8(encodedRecord));
  const globalSignature = decodeBase64(utf8(encodedGlobalSignature));
  if (record?.length !== 74 || globalSignature?.length !== 64) throw malformed("does not have the form of one");
  const algorithm = record.subarray(0, 2);
  if (equal(algorithm, legacy)) throw malformed("is of minisign's old kind, which evseal does not accept");
  if (!equal(algorithm, prehashed)) throw malformed("is of an unknown kind");
  return { keyId: record.slice(2, 10), signature: record.slice(10), trustedComment, globalSignature };
}

function textOf(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes);
  } catch {
    throw malformed("does not have the form of one");
  }
}

function malformed(complaint: string): EvsealError {
  return new EvsealError("SIGNATURE_MALFORMED", `the signature ${complaint}`, {
    hint: "copy it again from where it came; if that does not help, ask the sender to seal it again with evseal",
  });
}
