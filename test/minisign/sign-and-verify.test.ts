import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concat, fromUtf8, utf8 } from "../../src/bytes.js";
import { blake2b } from "../../src/crypto/sodium.js";
import { EvsealError } from "../../src/errors.js";
import { MinisignPublicKey } from "../../src/minisign/public-key.js";
import { encodeSignatureFile, parseSignatureFile } from "../../src/minisign/signature-file.js";
import { generateSigningKey, type SigningKey } from "../../src/minisign/signing-key.js";
import { sign, SignedDocument } from "../../src/minisign/sign.js";
import { signatureKeyId, VerifiedDocument, verify } from "../../src/minisign/verify.js";
import { refusal } from "../refusal.js";
import * as minisign from "./made-by-minisign.js";

const comment = "evseal/label/v1 seal=EV-7K3Q-9M2X-TB4H";
const document = utf8('{\n  "format": "evseal/label/v1"\n}\n');
const key = generateSigningKey();
const { signature } = sign(document, key, comment);

function verdict(altered: Partial<{ document: Uint8Array; signature: Uint8Array; comment: string }>): string {
  try {
    verify(altered.document ?? document, altered.signature ?? signature, key.publicKey, altered.comment ?? comment);
    return "verified";
  } catch (error) {
    if (error instanceof EvsealError) return error.code;
    throw error;
  }
}

/** The signature file with some of its fields put in from elsewhere. */
function withFields(fields: Partial<ReturnType<typeof parseSignatureFile>>): Uint8Array {
  return encodeSignatureFile({ ...parseSignatureFile(signature), ...fields });
}

function flip(bytes: Uint8Array, bit: number): Uint8Array {
  return bytes.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
}

describe("a signature", () => {
  it("verifies, and gives the very document back with its signer", () => {
    const verified = verify(document, signature, key.publicKey, comment);
    expect(verified.document).toBe(document);
    expect(verified.signer).toBe(key.publicKey);
    expect(signatureKeyId(signature)).toEqual(key.publicKey.keyId);
  });

  it("that minisign made verifies", () => {
    const signer = MinisignPublicKey.parseFile(utf8(minisign.publicKeyFile));
    const file = utf8(minisign.signatureFile);
    expect(verify(utf8(minisign.document), file, signer, minisign.trustedComment).signer).toBe(signer);
  });

  it("is four lines that minisign reads, and the same for the same document", () => {
    expect(fromUtf8(signature)).toMatch(
      /^untrusted comment: signature from minisign secret key\nRU[^\n]{98}\ntrusted comment: evseal[^\n]+\n[^\n]{88}\n$/,
    );
    expect(sign(document, key, comment).signature).toEqual(signature);
  });

  it("of nothing verifies as well", () => {
    const signed = sign(new Uint8Array(0), key, comment);
    expect(verify(signed.document, signed.signature, key.publicKey, comment).document).toHaveLength(0);
  });
});

describe("a signature is refused", () => {
  it("with any of its bits flipped", () => {
    const codes = Array.from({ length: 8 * signature.length }, (_, bit) =>
      verdict({ signature: flip(signature, bit) }),
    );
    expect(new Set(codes)).toEqual(new Set(["SIGNATURE_MALFORMED", "SIGNATURE_WRONG"]));
    const commentLine = 8 * "untrusted comment: signature from minisign secret key\n".length;
    expect(new Set(codes.slice(0, commentLine))).toEqual(new Set(["SIGNATURE_MALFORMED"]));
  });

  it("cut at any place", () => {
    for (let size = 0; size < signature.length; size++) {
      expect(verdict({ signature: signature.subarray(0, size) })).toBe("SIGNATURE_MALFORMED");
    }
  });

  it("with any bit of the document flipped, cut or lengthened", () => {
    for (let bit = 0; bit < 8 * document.length; bit++) {
      expect(verdict({ document: flip(document, bit) })).toBe("SIGNATURE_WRONG");
    }
    expect(verdict({ document: document.subarray(1) })).toBe("SIGNATURE_WRONG");
    expect(verdict({ document: concat(document, Uint8Array.of(0)) })).toBe("SIGNATURE_WRONG");
  });

  it("when it was made for another package, though the signer and the document are right", () => {
    const { signature: other } = sign(document, key, "evseal/label/v1 seal=EV-0000-0000-0000");
    expect(verdict({ signature: other })).toBe("SIGNATURE_WRONG");
    expect(verdict({ comment: "evseal/manifest/v1 seal=EV-7K3Q-9M2X-TB4H" })).toBe("SIGNATURE_WRONG");
    expect(verdict({ comment: "" })).toBe("SIGNATURE_WRONG");
  });

  it("when the trusted comment was exchanged for the one that is expected", () => {
    const { signature: other } = sign(document, key, "something else");
    const forged = encodeSignatureFile({ ...parseSignatureFile(other), trustedComment: comment });
    expect(verdict({ signature: forged })).toBe("SIGNATURE_WRONG");
  });

  it("when comment and global signature come from another signature of the same key", () => {
    const { globalSignature } = parseSignatureFile(sign(utf8("another"), key, comment).signature);
    expect(verdict({ signature: withFields({ globalSignature }) })).toBe("SIGNATURE_WRONG");
  });

  it("when it is another key's, even under the signer's key id", () => {
    const other = generateSigningKey();
    const theirs = sign(document, other, comment).signature;
    expect(verdict({ signature: theirs })).toBe("SIGNATURE_WRONG");
    const renamed = encodeSignatureFile({ ...parseSignatureFile(theirs), keyId: key.publicKey.keyId });
    expect(verdict({ signature: renamed })).toBe("SIGNATURE_WRONG");
  });

  it("when only its key id is another's", () => {
    expect(verdict({ signature: withFields({ keyId: new Uint8Array(8) }) })).toBe("SIGNATURE_WRONG");
  });

  it("when it is of the old kind, which signs the document and not its hash, with a message of its own", () => {
    const signer = MinisignPublicKey.parseFile(utf8(minisign.publicKeyFile));
    const legacy = () =>
      verify(utf8(minisign.document), utf8(minisign.legacySignatureFile), signer, minisign.trustedComment);
    expect(legacy).toThrow(refusal("SIGNATURE_MALFORMED"));
    expect(legacy).toThrow("minisign's old kind");
    // Renamed to the new kind it is a signature of something else.
    const renamed = utf8(minisign.legacySignatureFile.replace("\nRW", "\nRU"));
    expect(() => verify(utf8(minisign.document), renamed, signer, minisign.trustedComment)).toThrow(
      refusal("SIGNATURE_WRONG"),
    );
  });

  it("when the document's hash is passed off as the document", () => {
    expect(verdict({ document: blake2b(document, 64) })).toBe("SIGNATURE_WRONG");
  });

  const text = fromUtf8(signature);
  const [untrusted = "", record = "", trusted = "", global = ""] = text.split("\n");
  it.each([
    ["nothing in it", ""],
    [
      "an untrusted comment that says something in the clear",
      text.replace("from minisign secret key", "Smith interview"),
    ],
    ["no untrusted comment", text.slice(untrusted.length + 1)],
    ["Windows' line ends", text.replaceAll("\n", "\r\n")],
    ["no line feed at the end", text.slice(0, -1)],
    ["an empty line at the end", `${text}\n`],
    ["something behind it", `${text}Smith interview\n`],
    ["an empty line at the start", `\n${text}`],
    ["a byte order mark", `\u{feff}${text}`],
    ["a space behind a line", text.replace(record, `${record} `)],
    ["its lines in another order", [untrusted, global, trusted, record, ""].join("\n")],
    ["a second trusted comment", text.replace(trusted, `${trusted}\n${trusted}`)],
    ["a carriage return in the trusted comment", text.replace(trusted, `${trusted}\r`)],
    ["a NUL in the trusted comment", text.replace(trusted, `${trusted}\0`)],
    ["base64 without padding", text.replace("==\n", "\n")],
    ["stray bits at the end of the base64", text.replace("==\n", "").replace(global, `${global.slice(0, -3)}B==`)],
    ["an unknown algorithm", text.replace("\nRU", "\nRV")],
    ["more than 4 KiB", text.replace(trusted, `${trusted}${"x".repeat(4096)}`)],
  ])("with %s", (_, altered) => {
    expect(altered).not.toBe(text);
    expect(verdict({ signature: utf8(altered) })).toBe("SIGNATURE_MALFORMED");
    expect(() => signatureKeyId(utf8(altered))).toThrow(refusal("SIGNATURE_MALFORMED"));
  });

  it("when it is not UTF-8", () => {
    const at = text.indexOf("evseal/label");
    const altered = signature.map((byte, index) => (index === at ? 0xff : byte));
    expect(verdict({ signature: altered })).toBe("SIGNATURE_MALFORMED");
  });

  it("or is the one encoding of what was read, whatever the file holds", () => {
    const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });
    const anyComment = fc.string({ unit: "binary", maxLength: 40 });
    const file = fc.oneof(
      fc
        .record({ keyId: bytes(8), signature: bytes(64), trustedComment: anyComment, globalSignature: bytes(64) })
        .map(encodeSignatureFile),
      fc
        .tuple(fc.nat(text.length), fc.nat(3), fc.string({ maxLength: 3 }))
        .map(([at, gone, put]) => utf8(text.slice(0, at) + put + text.slice(at + gone))),
      fc.uint8Array({ maxLength: 400 }),
    );
    let parsed = 0;
    fc.assert(
      fc.property(file, (candidate) => {
        try {
          expect(encodeSignatureFile(parseSignatureFile(candidate))).toEqual(candidate);
          parsed++;
        } catch (error) {
          if (!(error instanceof EvsealError)) throw error;
          expect(error.code).toBe("SIGNATURE_MALFORMED");
        }
      }),
      { numRuns: 500 },
    );
    expect(parsed).toBeGreaterThan(0);
  });
});

describe("signing", () => {
  it.each(["", "two\nlines", "a\rreturn", "a\ttab", "ümlaut", "x".repeat(1025)])(
    "is a fault with %j for a trusted comment",
    (trustedComment) => {
      expect(() => sign(document, key, trustedComment)).toThrow(refusal("INTERNAL"));
    },
  );

  it("is a fault when what it made does not verify", () => {
    // A computer that computes wrongly: the key signs, but not as its public key says.
    const broken = Object.create(key, { publicKey: { value: generateSigningKey().publicKey } }) as SigningKey;
    Object.defineProperty(broken, "signRaw", { value: (message: Uint8Array) => key.signRaw(message) });
    expect(() => sign(document, broken, comment)).toThrow(refusal("INTERNAL"));
  });

  it("and verifying are the only ways to their documents", () => {
    const forge = (made: unknown) => () =>
      new (made as new (...parts: unknown[]) => unknown)(undefined, document, signature);
    expect(forge(SignedDocument)).toThrow(refusal("INTERNAL"));
    expect(forge(VerifiedDocument)).toThrow(refusal("INTERNAL"));
  });
});
