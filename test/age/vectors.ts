/** The test vectors of age's own author (C2SP/CCTV), one file each, as the package cctv-age 0.2.0 brings them. */
import { inflateSync } from "node:zlib";
import * as files from "cctv-age";
import { EvsealError } from "../../src/errors.js";
import { SecretBytes } from "../../src/crypto/secret-bytes.js";
import { parseIdentity, type Identity } from "../../src/age/identity.js";
import type { Unlock } from "../../src/age/open.js";
import { unwrapWithIdentities, unwrapWithPassphrase } from "../../src/age/unwrap.js";

export type Expectation = "success" | "no match" | "HMAC failure" | "header failure" | "payload failure";

export interface Vector {
  readonly name: string;
  readonly expect: string;
  readonly armored: boolean;
  /** SHA-256, in hex, of all plaintext that may be given out; undefined where there is none. */
  readonly payloadHash: string | undefined;
  readonly fileKey: Buffer | undefined;
  readonly identities: readonly string[];
  readonly passphrases: readonly string[];
  readonly file: Buffer;
  readonly unknownKeys: readonly string[];
}

const knownKeys = ["expect", "payload", "file key", "identity", "passphrase", "armored", "compressed", "comment"];

export const allVectors: readonly Vector[] = Object.entries(files).map(([name, bytes]) =>
  parseVector(name, Buffer.from(bytes)),
);

function parseVector(name: string, bytes: Buffer): Vector {
  const headEnd = bytes.indexOf("\n\n");
  const pairs = bytes
    .subarray(0, headEnd)
    .toString()
    .split("\n")
    .map((line) => /^([^:]+): (.*)$/.exec(line)?.slice(1) ?? [line, ""])
    .map(([key, value]) => ({ key: key ?? "", value: value ?? "" }));
  const valuesOf = (wanted: string): string[] => pairs.filter(({ key }) => key === wanted).map(({ value }) => value);
  const [compression] = valuesOf("compressed");
  const body = bytes.subarray(headEnd + 2);
  const [fileKey] = valuesOf("file key");
  return {
    name,
    expect: valuesOf("expect")[0] ?? "",
    armored: valuesOf("armored").length > 0,
    payloadHash: valuesOf("payload")[0],
    fileKey: fileKey === undefined ? undefined : Buffer.from(fileKey, "hex"),
    identities: valuesOf("identity"),
    passphrases: valuesOf("passphrase"),
    file: compression === "zlib" ? inflateSync(body) : body,
    unknownKeys: pairs.map(({ key }) => key).filter((key) => !knownKeys.includes(key)),
  };
}

/** Opens with the vector's identities, or with its passphrases, one after the other, where it has them. */
export function unlockVector(vector: Vector): Unlock {
  const [first, ...others] = vector.passphrases.map((text) => SecretBytes.take(Buffer.from(text)));
  if (first === undefined) {
    return (header) => unwrapWithIdentities(header, vector.identities.map(identityOf)).fileKey;
  }
  return async (header) => {
    for (const [index, passphrase] of [first, ...others].entries()) {
      try {
        return await unwrapWithPassphrase(header, passphrase);
      } catch (error) {
        const isWrong = error instanceof EvsealError && error.code === "PASSPHRASE_WRONG";
        if (!isWrong || index === others.length) throw error;
      }
    }
    throw new Error("not reached");
  };
}

function identityOf(encoded: string): Identity {
  const identity = parseIdentity(Buffer.from(encoded));
  if (identity === undefined) throw new Error(`not an identity: ${encoded}`);
  return identity;
}
