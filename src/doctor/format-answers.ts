/** The two formats that a package is made of, held against files that their own authors published. */
import { concat, utf8 } from "../bytes.js";
import { parseIdentity, type Identity } from "../age/identity.js";
import type { Unlock } from "../age/open.js";
import { existing, type ErrorCode } from "../errors.js";
import { MinisignPublicKey } from "../minisign/public-key.js";
import { altered, isHex, isRefused, publishedText, type Bench, type Requirement } from "./requirement.js";

const cctv = "C2SP CCTV, age test vectors";

export const formatRequirements: readonly Requirement[] = [
  {
    says: "A file that another program sealed to an X25519 key opens, and holds what it should.",
    source: "age v1 (C2SP), “The X25519 recipient type” and “Payload”",
    testedWith: `${cctv}: x25519`,
    holds: (bench: Bench): Promise<boolean> => opens(bench, bench.vectors.age.opened.x25519, withIdentity(bench)),
  },
  {
    says: "A file that another program sealed to a post-quantum key opens, and holds what it should.",
    source: "age v1 (C2SP), “The MLKEM768-X25519 recipient type”; RFC 9180",
    testedWith: `${cctv}: hybrid`,
    holds: (bench: Bench): Promise<boolean> => opens(bench, bench.vectors.age.opened.hybrid, withIdentity(bench)),
  },
  {
    says: "A file that another program sealed under a passphrase opens, and holds what it should.",
    source: "age v1 (C2SP), “The scrypt recipient type”",
    testedWith: `${cctv}: scrypt`,
    holds: (bench: Bench): Promise<boolean> => {
      return opens(bench, bench.vectors.age.opened.scrypt, ({ passphrase }) => (header) => {
        return bench.functions.unwrapWithPassphrase(header, publishedText(passphrase));
      });
    },
  },
  {
    says: "Files that are for another key, altered in the header or the payload, or cut short are refused, each as such.",
    source: "age v1 (C2SP), “Header MAC” and “Payload”",
    testedWith: `${cctv}: x25519_no_match, hmac_bad, stream_bad_tag, stream_no_final, stream_missing_tag`,
    holds: async (bench: Bench): Promise<boolean> => {
      const refused = bench.vectors.age.refused.map(({ code, identity, file }) =>
        isRefused(code as ErrorCode, () => payloadOf(bench, file, withIdentity(bench)({ identity }))),
      );
      return refused.length > 0 && (await Promise.all(refused)).every(Boolean);
    },
  },
  {
    says: "A published signature is accepted; with another document, signature, comment or key it is refused.",
    source: "minisign, “Signature format” and “Public key format”",
    testedWith: "the documented example of minisign-verify: the document “test”, signed with the key E7620F1842B4E81F",
    holds: async ({ vectors: { minisign }, functions: { verify } }: Bench): Promise<boolean> => {
      const key = MinisignPublicKey.parse(minisign.publicKey);
      const otherKey = MinisignPublicKey.of(key.keyId, altered(key.key, 0));
      const { trustedComment } = minisign;
      const [document, signature, spoiled] = [utf8(minisign.text), fileOf(minisign), spoiledFileOf(minisign)];
      const accepted = verify(document, signature, key, trustedComment);
      const refused = await Promise.all([
        isRefused("SIGNATURE_WRONG", () => verify(altered(document), signature, key, trustedComment)),
        isRefused("SIGNATURE_WRONG", () => verify(document, signature, otherKey, trustedComment)),
        isRefused("SIGNATURE_WRONG", () => verify(document, signature, key, `${trustedComment}.`)),
        isRefused("SIGNATURE_WRONG", () => verify(document, spoiled, key, trustedComment)),
      ]);
      return accepted.document === document && refused.every(Boolean);
    },
  },
];

type Unlocking<Vector> = (vector: Vector) => Unlock;

function withIdentity({ functions }: Bench): Unlocking<{ readonly identity: string }> {
  return ({ identity }) =>
    (header) =>
      functions.unwrapWithIdentities(header, [identityOf(identity)]).fileKey;
}

function identityOf(encoded: string): Identity {
  return existing(parseIdentity(utf8(encoded)), "a published identity");
}

async function opens<Vector extends { readonly file: string; readonly payloadSha256: string }>(
  bench: Bench,
  vector: Vector,
  unlocking: Unlocking<Vector>,
): Promise<boolean> {
  const payload = await payloadOf(bench, vector.file, unlocking(vector));
  return isHex(bench.functions.sha256(payload), vector.payloadSha256);
}

async function payloadOf(bench: Bench, file: string, unlock: Unlock): Promise<Uint8Array> {
  const { payload } = await bench.functions.openAgeFile(once(Buffer.from(file, "base64")), unlock);
  const parts: Uint8Array[] = [];
  for await (const part of payload) parts.push(Uint8Array.from(part));
  return concat(...parts);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield await Promise.resolve(bytes);
}

type SignatureLines = Readonly<Record<"signature" | "trustedComment" | "globalSignature", string>>;

function fileOf({ signature, trustedComment, globalSignature }: SignatureLines): Uint8Array {
  const first = "untrusted comment: signature from minisign secret key";
  return utf8(`${first}\n${signature}\ntrusted comment: ${trustedComment}\n${globalSignature}\n`);
}

/** With the global signature of nobody: its second byte is another one. */
function spoiledFileOf(lines: SignatureLines): Uint8Array {
  const spoiled = altered(Buffer.from(lines.globalSignature, "base64"), 1);
  return fileOf({ ...lines, globalSignature: Buffer.from(spoiled).toString("base64") });
}
