/** Each known answer is able to fail: every vector is falsified, every function broken, and doctor must say so. */
import { describe, expect, test } from "vitest";
import { SecretBytes } from "../../src/crypto/secret-bytes.js";
import { requirements, testRequirements, type TestedRequirement } from "../../src/doctor/requirements.js";
import { usualBench, type Bench, type PublishedVectors } from "../../src/doctor/requirement.js";
import { testedFunctions, type TestedFunctions } from "../../src/doctor/tested-functions.js";
import { quietWatch } from "../quiet-watch.js";
import { allVectors } from "../age/vectors.js";
import { publishedAgeFiles } from "../../src/doctor/published-age-files.js";

const failedOn = (tested: readonly TestedRequirement[]): string[] => {
  return tested.filter(({ state }) => state === "failed").map(({ id }) => id);
};

/** Which of the requirements that `wanted` picks fail on `bench`. */
async function failures(bench: Bench, wanted: (id: string) => boolean): Promise<string[]> {
  const failed: string[] = [];
  for (const [index, { holds }] of requirements.entries()) {
    const id = `R${index + 1}`;
    const held = async (): Promise<boolean> => await holds(bench);
    if (wanted(id) && !(await held().catch(() => false))) failed.push(id);
  }
  return failed;
}

test("all hold here, numbered, with words, a source and vectors each", async () => {
  const tested = await testRequirements(quietWatch());
  expect(failedOn(tested)).toEqual([]);
  expect(tested.map(({ id }) => id)).toEqual(tested.map((_, index) => `R${index + 1}`));
  expect(tested.length).toBe(18);
  for (const { says, source, testedWith } of tested) {
    expect([says, source, testedWith].every((text) => text.length > 5)).toBe(true);
  }
});

test("the age files are those that were published, and their expectations are theirs", () => {
  const { opened, refused } = publishedAgeFiles;
  const named = [...Object.entries(opened).map(([name, { file }]) => ({ name, file })), ...refused];
  for (const { name, file } of named) {
    expect(allVectors.find((vector) => vector.name === name)?.file.toString("base64"), name).toBe(file);
  }
  for (const [name, { payloadSha256 }] of Object.entries(opened)) {
    expect(allVectors.find((vector) => vector.name === name)?.payloadHash).toBe(payloadSha256);
  }
});

test("an interrupted examination ends", async () => {
  await expect(testRequirements(quietWatch(AbortSignal.abort()))).rejects.toMatchObject({ code: "INTERRUPTED" });
});

/** Paths of all texts in `vectors`, such as `hkdf.salt`. */
function pathsIn(vectors: object, prefix = ""): string[] {
  return Object.entries(vectors).flatMap(([name, value]: [string, unknown]) =>
    typeof value === "object" && value !== null ? pathsIn(value, `${prefix}${name}.`) : [`${prefix}${name}`],
  );
}

/** The same vectors, in which `change` was made to the text at `path`. */
function falsified(path: string, change: (text: string) => string): PublishedVectors {
  const vectors = structuredClone(usualBench.vectors);
  const names = path.split(".");
  const last = names.pop() ?? "";
  let place = vectors as unknown as Record<string, unknown>;
  for (const name of names) place = place[name] as Record<string, unknown>;
  place[last] = change(place[last] as string);
  return vectors;
}

/** Another letter or digit in the middle, of hex as of base64 and words. */
function otherInTheMiddle(text: string): string {
  const at = Math.floor(text.length / 2);
  const other = text[at] === "1" ? "2" : "1";
  return text.slice(0, at) + other + text.slice(at + 1);
}

describe("a falsified vector is reported", () => {
  const paths = pathsIn(usualBench.vectors).filter((path) => !path.startsWith("age.refused."));
  const ofPromises = new Set(["R15", "R16", "R17", "R18"]); // they have no vectors

  test.each(paths)("%s", async (path) => {
    const bench = { ...usualBench, vectors: falsified(path, otherInTheMiddle) };
    expect(await failures(bench, (id) => !ofPromises.has(id))).toHaveLength(1);
  });

  const refused = usualBench.vectors.age.refused.map(({ name }, index) => [name, index] as const);
  test.each(refused)("%s, where it is not refused, or for another reason", async (_name, index) => {
    const good = usualBench.vectors.age.opened.x25519;
    for (const [member, value] of [
      ["file", good.file],
      ["code", "INTERNAL"],
    ] as const) {
      let vectors = falsified(`age.refused.${index}.${member}`, () => value);
      if (member === "file") {
        vectors = structuredClone(vectors);
        Object.assign(vectors.age.refused[index] ?? {}, { identity: good.identity });
      }
      expect(await failures({ ...usualBench, vectors }, (id) => id === "R13")).toEqual(["R13"]);
    }
  });
});

const flip = (bytes: Uint8Array): Uint8Array => {
  const other = Uint8Array.from(bytes);
  other[0] = (other[0] ?? 0) ^ 1;
  return other;
};
const flipSecret = (secret: SecretBytes): SecretBytes => SecretBytes.take(flip(secret.expose()));
const f = testedFunctions;
const real = "a passphrase for this test alone";

/** Of each function the ways in which it could be wrong and still give something of the right form. */
const broken: { readonly [Name in keyof TestedFunctions]: readonly TestedFunctions[Name][] } = {
  sha256: [(...a) => flip(f.sha256(...a))],
  runningSha256: [(pieces) => f.runningSha256(pieces.slice(1)), () => ""],
  hmacSha256: [(...a) => flip(f.hmacSha256(...a))],
  hkdfSha256: [
    (...a) => flipSecret(f.hkdfSha256(...a)),
    (secret, _, info, size) => f.hkdfSha256(secret, new Uint8Array(), info, size),
  ],
  scrypt: [
    async (...a) => flipSecret(await f.scrypt(...a)),
    (words, salt, logN, size) => f.scrypt(words, salt, logN - 1, size),
  ],
  aeadSeal: [
    (...a) => flip(f.aeadSeal(...a)),
    (key, nonce, bytes) => new Uint8Array([...f.aeadSeal(key, nonce, bytes).subarray(0, -16), ...new Uint8Array(16)]),
  ],
  aeadOpen: [() => undefined, (_key, _nonce, sealed) => sealed.subarray(0, -16), () => Uint8Array.of(0x2a)],
  x25519: [() => undefined, (secret, point) => f.x25519(secret, point) ?? SecretBytes.take(new Uint8Array(32))],
  x25519PublicKey: [(secret) => flip(f.x25519PublicKey(secret))],
  xwingPublicKey: [(seed) => flip(f.xwingPublicKey(seed))],
  xwingEncapsulate: [(key) => ({ ...f.xwingEncapsulate(key), sharedSecret: SecretBytes.take(new Uint8Array(32)) })],
  xwingDecapsulate: [(...a) => flipSecret(f.xwingDecapsulate(...a))],
  ed25519KeyPair: [(seed) => ({ ...f.ed25519KeyPair(seed), publicKey: new Uint8Array(32) })],
  ed25519Sign: [(...a) => flip(f.ed25519Sign(...a))],
  ed25519Verify: [
    () => true,
    () => false,
    (signature, _message, key) => f.ed25519Verify(signature, Uint8Array.of(0xaf, 0x82), key),
  ],
  blake2b: [(...a) => flip(f.blake2b(...a))],
  openAgeFile: [
    async (...a) => ({ ...(await f.openAgeFile(...a)), payload: (async function* () {})() }), // eslint-disable-line @typescript-eslint/no-empty-function
    () => Promise.reject(new Error("it opens nothing")),
  ],
  unwrapWithIdentities: [
    (...a) => ({ ...f.unwrapWithIdentities(...a), fileKey: SecretBytes.take(new Uint8Array(16)) }),
    () => {
      throw new Error("it opens nothing");
    },
  ],
  unwrapWithPassphrase: [() => Promise.resolve(SecretBytes.take(new Uint8Array(16)))],
  generateIdentity: [
    () => {
      throw new Error("it makes none");
    },
  ],
  encodeIdentityFile: [
    (identity, { created }) => f.encodeIdentityFile(identity, { created }), // the passphrase left out
    (_identity, options) => f.encodeIdentityFile(f.generateIdentity("X25519"), options), // another key
  ],
  readIdentityFile: [
    (content) => f.readIdentityFile(content, () => Promise.resolve(SecretBytes.take(Buffer.from(real)))), // any will do
    () => Promise.resolve([]),
  ],
  generateSigningKey: [
    () => {
      throw new Error("it makes none");
    },
  ],
  sign: [
    (_document, ...a) => f.sign(Uint8Array.of(1), ...a),
    () => {
      throw new Error("it signs nothing");
    },
  ],
  verify: [
    () => {
      throw new Error("it accepts nothing");
    },
    ((document: Uint8Array) => ({ document })) as unknown as typeof f.verify, // it accepts everything
  ],
  parsePath: [(text) => text, (text) => f.parsePath(text).toUpperCase()],
  escape: [(text) => text, (text) => JSON.stringify(text)],
};

describe("a broken function is reported", () => {
  const ways = Object.entries(broken).flatMap(([name, list]) => list.map((wrong, way) => ({ name, way, wrong })));

  test.each(ways)("$name, way $way", async ({ name, wrong }) => {
    const bench = { ...usualBench, functions: { ...testedFunctions, [name]: wrong } };
    const isSlow = /Identity(File)?$/.test(name); // R15 derives keys from passphrases
    expect(await failures(bench, (id) => (id === "R15") === isSlow)).not.toEqual([]);
  });
});
