import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { toHex } from "../../src/bytes.js";
import { SecretBytes } from "../../src/crypto/secret-bytes.js";
import { generateIdentity } from "../../src/age/identity.js";
import { open } from "../../src/age/open.js";
import { parseRecipient } from "../../src/age/recipient.js";
import { Plaintext, seal, SealedStream, sealWithPassphrase } from "../../src/age/seal.js";
import { bytesOf, pattern, whole } from "./pieces.js";
import { refusal } from "./refusal.js";
import { sealBytes, unlockWith } from "./sealed-files.js";

const us = generateIdentity("X25519");
const plaintext = (): Plaintext => Plaintext.of(whole(pattern(70_000)));

describe("Plaintext", () => {
  it("is drained once only", async () => {
    const once = plaintext();
    seal(once, [us.recipient]);
    expect(await refusal(() => seal(once, [us.recipient]))).toBe("INTERNAL");
  });

  it("has no way out but sealing", () => {
    const holder = plaintext();
    expect(Reflect.ownKeys(holder)).toEqual([]);
    expect(Reflect.ownKeys(Plaintext.prototype)).toEqual(["constructor"]);
    expect(Reflect.ownKeys(Plaintext).sort()).toEqual(["length", "name", "of", "prototype"]);
    expect(inspect(holder, { showHidden: true, depth: 5 })).toBe("Plaintext {}");
  });
});

describe("SealedStream", () => {
  it("is made by sealing only, for the compiler as at run time", async () => {
    const fileKey = SecretBytes.take(pattern(16));
    const make = (): void => {
      // @ts-expect-error -- the constructor is private
      new SealedStream(Symbol("minted"), whole(pattern(9)), fileKey, []);
    };
    expect(await refusal(make)).toBe("INTERNAL");
    expect(await refusal(() => Reflect.construct(SealedStream, []) as unknown)).toBe("INTERNAL");
    class Forged extends (SealedStream as unknown as new (...args: unknown[]) => SealedStream) {
      override chunks(): AsyncIterable<Uint8Array> {
        return whole(pattern(9));
      }
    }
    expect(await refusal(() => new Forged())).toBe("INTERNAL");
    const dressedUp = Object.create(SealedStream.prototype) as SealedStream;
    expect(() => dressedUp.chunks()).toThrow(TypeError);
  });

  it("is read once only, and lends its file key once only", async () => {
    const sealed = seal(plaintext(), [us.recipient]);
    const bytes = await bytesOf(sealed.chunks());
    expect(await refusal(() => sealed.chunks())).toBe("INTERNAL");
    const { payload } = await open(whole(bytes), () => sealed.takeFileKey());
    expect((await bytesOf(payload)).equals(pattern(70_000))).toBe(true);
    expect(await refusal(() => sealed.takeFileKey())).toBe("INTERNAL");
  });

  it("seals on after its file key was taken and wiped", async () => {
    const sealed = seal(plaintext(), [us.recipient]);
    sealed.takeFileKey().wipe();
    const { payload } = await open(whole(await bytesOf(sealed.chunks())), unlockWith(us));
    expect((await bytesOf(payload)).equals(pattern(70_000))).toBe(true);
  });

  it("forgets its file key when its source fails", async () => {
    async function* failing(): AsyncGenerator<Uint8Array, void> {
      yield await Promise.resolve(pattern(10));
      throw new RangeError("unplugged");
    }
    const sealed = seal(Plaintext.of(failing()), [us.recipient]);
    await expect(bytesOf(sealed.chunks())).rejects.toThrow(RangeError);
    expect(await refusal(() => sealed.takeFileKey())).toBe("INTERNAL");
  });

  it("forgets its file key when nobody reads on, and tells its source", async () => {
    let closed = false;
    async function* endless(): AsyncGenerator<Uint8Array, void> {
      try {
        for (;;) yield await Promise.resolve(pattern(70_000));
      } finally {
        closed = true;
      }
    }
    const sealed = seal(Plaintext.of(endless()), [us.recipient]);
    let pieces = 0;
    for await (const piece of sealed.chunks()) {
      expect(piece.length).toBeGreaterThan(0);
      if (++pieces === 3) break;
    }
    expect(closed).toBe(true);
    expect(await refusal(() => sealed.takeFileKey())).toBe("INTERNAL");
  });

  it("can be wiped without being read, and gives nothing then", async () => {
    const sealed = seal(plaintext(), [us.recipient]);
    sealed.wipe();
    expect(await refusal(() => sealed.chunks())).toBe("INTERNAL");
    expect(await refusal(() => sealed.takeFileKey())).toBe("INTERNAL");
  });
});

describe("seal refuses what its callers should have refused", () => {
  const many = Array.from({ length: 21 }, () => generateIdentity("X25519").recipient);

  it("no recipient, too many, one twice, two kinds", async () => {
    expect(await refusal(() => seal(plaintext(), []))).toBe("INTERNAL");
    expect(await refusal(() => seal(plaintext(), many))).toBe("INTERNAL");
    expect(await refusal(() => seal(plaintext(), many.slice(1)))).toBe("not refused");
    const again = parseRecipient(us.recipient.encoded);
    expect(await refusal(() => seal(plaintext(), [us.recipient, again]))).toBe("INTERNAL");
    const hybrid = generateIdentity("mlkem768x25519").recipient;
    expect(await refusal(() => seal(plaintext(), [us.recipient, hybrid]))).toBe("INTERNAL");
  });

  it("an empty passphrase", async () => {
    expect(await refusal(() => sealWithPassphrase(plaintext(), SecretBytes.take(pattern(0))))).toBe("INTERNAL");
  });
});

describe("keys", () => {
  it("are another one for every file", () => {
    const keys = Array.from({ length: 3 }, () => seal(plaintext(), [us.recipient]).takeFileKey());
    expect(new Set(keys.map((key) => toHex(key.expose()))).size).toBe(3);
  });

  it("given to opening are wiped by it, whether it works out or not", async () => {
    const sealed = await sealBytes(pattern(10), [us]);
    const keys: SecretBytes[] = [];
    const watched: Parameters<typeof open>[1] = async (header) => {
      const key = await unlockWith(us)(header);
      keys.push(key);
      return key;
    };
    await open(whole(sealed), watched);
    const macAltered = Buffer.from(sealed);
    macAltered.write("A".repeat(42) + "E", sealed.length - 10 - 16 - 16 - 44);
    expect(await refusal(() => open(whole(macAltered), watched))).toBe("HEADER_ALTERED");
    expect(keys).toHaveLength(2);
    for (const key of keys) expect(() => key.expose()).toThrow(/wiped/);
  });

  it("of a wiped identity cannot be used", async () => {
    for (const kind of ["X25519", "mlkem768x25519"] as const) {
      const identity = generateIdentity(kind);
      const sealed = await sealBytes(pattern(10), [identity]);
      identity.wipe();
      expect(await refusal(() => open(whole(sealed), unlockWith(identity)))).toBe("INTERNAL");
      expect(await refusal(() => identity.encode())).toBe("INTERNAL");
    }
  });
});
