import { fromUtf8 } from "../bytes.js";
import { SealedSource } from "../opening/sealed-source.js";
import { keySearchSizeBytes, privateKeyIn, type PrivateKeyKind } from "../package/private-key.js";
import { formatWords } from "./format-words.js";

/** What a file is, for a person. A key's kind stands apart: such a file is worse than one in the clear. */
export type Content = { readonly words: string } | { readonly key: PrivateKeyKind };

/**
 * Looks at the first and the last 64 KiB of a file, however large it is, and through no link. `name` only sharpens the
 * words. Undefined when it cannot be read.
 */
export async function describeFile(location: string | Buffer, name: string): Promise<Content | undefined> {
  const ends = await readEnds(location).catch(() => undefined);
  if (ends === undefined) return undefined;
  const key = privateKeyIn(ends.head) ?? privateKeyIn(ends.tail);
  if (key !== undefined) return { key };
  const words = ownWords(Buffer.from(ends.head), name) ?? (await formatWords(ends.head));
  return { words: words ?? (isText(ends.head) ? "a text" : "a file of unknown content") };
}

interface Ends {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

async function readEnds(location: string | Buffer): Promise<Ends> {
  const source = await SealedSource.open(location);
  try {
    const head = await source.read(0, keySearchSizeBytes);
    const tail = await source.read(Math.max(0, source.sizeBytes - keySearchSizeBytes), keySearchSizeBytes);
    return { head, tail };
  } finally {
    await source.close();
  }
}

/** ECMA-119, 8.1: the first volume descriptor stands in sector 16, after its type; ECMA-167 has the same place. */
const volumeIdentifierOffset = 16 * 2048 + 1;

/** Where it stands, the bytes there as latin1, and what that makes of the file. */
const magics: readonly (readonly [offset: number, magic: string, words: string])[] = [
  [0, "DVDVIDEO-VMG", "a DVD's index in the clear (VIDEO_TS.IFO or its copy)"],
  [0, "DVDVIDEO-VTS", "a DVD's index in the clear (VTS_nn_0.IFO or its copy)"],
  [0, "DVDAUDIO-", "an audio DVD's index in the clear"],
  [0, "age-encryption.org/v1\n", "a sealed file without its package"],
  [0, "\0\0\0\u0001Bud1", "a macOS folder note (.DS_Store)"],
  [0, "\0\u0005\u0016\u0007", "what macOS keeps beside a file (AppleDouble)"],
  [0, "CMMM", "a Windows thumbnail cache"],
  [0, "untrusted comment: ", "a minisign key or signature without its package"],
  [volumeIdentifierOffset, "CD001", "a disc image (ISO 9660)"],
  [volumeIdentifierOffset, "BEA01", "a disc image (UDF)"],
  [volumeIdentifierOffset, "NSR0", "a disc image (UDF)"],
];

/** [MS-CFB] 2.2: what Thumbs.db is, and what office programs wrote until 2007. Its name tells which. */
const compoundFile = "\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1";

function ownWords(head: Buffer, name: string): string | undefined {
  if (head.length === 0) return "an empty file";
  const stands = (offset: number, magic: string): boolean =>
    head.toString("latin1", offset, offset + magic.length) === magic;
  if (stands(0, compoundFile) && /^(eh)?thumbs.*\.db$/i.test(name)) return "a Windows thumbnail cache";
  return magics.find(([offset, magic]) => stands(offset, magic))?.[2];
}

/** UTF-8 without control characters but the usual ones. */
function isText(head: Uint8Array): boolean {
  // The last character may be cut in two; a character has at most four bytes.
  return [0, 1, 2, 3].some((cut) => isUtf8Text(head.subarray(0, head.length - cut)));
}

function isUtf8Text(bytes: Uint8Array): boolean {
  try {
    return bytes.length > 0 && !/[^\P{Cc}\t\n\f\r]/u.test(fromUtf8(bytes));
  } catch {
    return false;
  }
}
