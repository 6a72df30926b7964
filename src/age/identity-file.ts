import { concat, utf8 } from "../bytes.js";
import { KeyFile } from "../crypto/key-file.js";
import { SecretBytes } from "../crypto/secret-bytes.js";
import { EvsealError, type ErrorCode } from "../errors.js";
import { parseIdentity, type Identity } from "./identity.js";
import { open } from "./open.js";
import { Plaintext, sealWithPassphrase } from "./seal.js";
import { unwrapWithPassphrase } from "./unwrap.js";

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const comment = 0x23; // "#"
const sealedStart = utf8("age-encryption.org/");
const armorStart = utf8("-----BEGIN AGE ENCRYPTED FILE");

/**
 * The identities of a key file: plain text with one a line (blank lines and lines that start with "#" are skipped), or
 * a passphrase-protected age file of such text. The passphrase is asked for only if it is needed; content and
 * passphrase stay the caller's to wipe, the identities become the caller's. Throws KEY_UNUSABLE, PASSPHRASE_WRONG, and
 * whatever `passphrase` throws.
 */
export async function readIdentityFile(
  content: SecretBytes,
  passphrase: () => Promise<SecretBytes>,
): Promise<Identity[]> {
  if (startsWith(content.expose(), armorStart)) {
    throw unusable("the key file is in age's text form", "make it again with age, without the option -a");
  }
  if (!startsWith(content.expose(), sealedStart)) return parseIdentities(content.expose());
  const text = await openKeyFile(content, await passphrase());
  try {
    return parseIdentities(text.expose());
  } finally {
    text.wipe();
  }
}

/** One identity in the layout of age-keygen; under the passphrase if there is one, which the caller wipes. */
export async function encodeIdentityFile(
  identity: Identity,
  options: { created: Date; passphrase?: SecretBytes },
): Promise<KeyFile> {
  const created = options.created.toISOString().replace(/\.\d+Z$/, "Z");
  const comments = utf8(`# created: ${created}\n# public key: ${identity.recipient.encoded}\n`);
  const encoded = identity.encode();
  const text = SecretBytes.take(concat(comments, encoded.expose(), Uint8Array.of(lineFeed)));
  encoded.wipe();
  if (options.passphrase === undefined) return new KeyFile(text);
  try {
    const sealed = await sealWithPassphrase(Plaintext.of(once(text.expose())), options.passphrase);
    const parts: Uint8Array[] = [];
    for await (const part of sealed.chunks()) parts.push(part);
    sealed.wipe();
    return new KeyFile(SecretBytes.take(concat(...parts)));
  } finally {
    text.wipe();
  }
}

async function openKeyFile(content: SecretBytes, passphrase: SecretBytes): Promise<SecretBytes> {
  // Written into one place that can be wiped; the text is shorter than the file that holds it.
  const text = new Uint8Array(content.sizeBytes);
  let sizeBytes = 0;
  try {
    const { payload } = await open(once(content.expose()), (header) => unwrapWithPassphrase(header, passphrase));
    for await (const part of payload) {
      text.set(part, sizeBytes);
      sizeBytes += part.length;
      part.fill(0);
    }
    return SecretBytes.take(text.subarray(0, sizeBytes));
  } catch (error) {
    text.fill(0);
    throw damageOfKeyFile.has(error instanceof EvsealError ? error.code : undefined)
      ? unusable("the key file is damaged or is not a passphrase-protected key file", restoreHint, error)
      : error;
  }
}

const restoreHint = "use the unit's backup of its key file";
const damageOfKeyFile: ReadonlySet<ErrorCode | undefined> = new Set<ErrorCode>([
  "HEADER_MALFORMED",
  "HEADER_ALTERED",
  "NOT_ADDRESSED_TO_US",
  "ALTERED",
  "CUT_SHORT",
  "TRAILING_DATA",
]);

function parseIdentities(text: Uint8Array): Identity[] {
  const identities: Identity[] = [];
  try {
    for (const line of linesOf(text)) {
      if (line.length === 0 || line[0] === comment) continue;
      const identity = parseIdentity(line);
      if (identity === undefined) throw unusable("the key file has a line that is not an age key", restoreHint);
      identities.push(identity);
    }
    if (identities.length === 0) throw unusable("the key file holds no key", restoreHint);
    return identities;
  } catch (error) {
    for (const identity of identities) identity.wipe();
    throw error;
  }
}

/** The lines as views of `text`, without their line feed and a carriage return before it. */
function* linesOf(text: Uint8Array): Generator<Uint8Array, void> {
  for (let start = 0; start < text.length;) {
    const lineFeedAt = text.indexOf(lineFeed, start);
    const end = lineFeedAt < 0 ? text.length : lineFeedAt;
    const line = text.subarray(start, end);
    yield line.at(-1) === carriageReturn ? line.subarray(0, -1) : line;
    start = end + 1;
  }
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return start.every((byte, index) => bytes[index] === byte);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield await Promise.resolve(bytes);
}

function unusable(message: string, hint: string, cause?: unknown): EvsealError {
  return new EvsealError("KEY_UNUSABLE", message, { hint, cause });
}
