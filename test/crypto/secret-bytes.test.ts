import { format, inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { KeyFile } from "../../src/crypto/key-file.js";
import { randomBytes, randomSecret } from "../../src/crypto/random.js";
import { SecretBytes } from "../../src/crypto/secret-bytes.js";

const content = "a secret that must not be seen";
const make = (): SecretBytes => SecretBytes.take(Buffer.from(content));

describe("a secret", () => {
  it.each<[string, (secret: SecretBytes) => string]>([
    ["a template string", (secret) => `<${secret as unknown as string}>`],
    ["a concatenation", (secret) => "<" + (secret as unknown as string)],
    ["String()", (secret) => String(secret)],
    ["JSON", (secret) => JSON.stringify({ secret })],
    ["util.inspect", (secret) => inspect({ secret }, { showHidden: true, depth: 9 })],
    ["util.format", (secret) => format("%s %o %j", secret, secret, secret)],
    ["an error's message", (secret) => new Error(secret as unknown as string).message],
    ["an error's cause", (secret) => inspect(new Error("x", { cause: secret }))],
    ["its keys", (secret) => JSON.stringify([Object.entries(secret), "[secret]"])],
  ])("shows nothing of itself in %s", (_where, show) => {
    const shown = show(make());
    expect(shown).toContain("[secret]");
    expect(shown).not.toContain(content);
    expect(shown).not.toContain(Buffer.from(content).toString("hex").slice(0, 8));
    expect(shown).not.toMatch(/97|32, ?115|61 20/); // the first bytes as numbers
  });

  it("is given out as the bytes themselves, not a copy", () => {
    const secret = SecretBytes.take(Buffer.from(content));
    expect(Buffer.from(secret.expose()).toString()).toBe(content);
    expect(secret.expose()).toBe(secret.expose());
    expect(secret.sizeBytes).toBe(content.length);
  });

  it("is moved in, or copied, as its name says", () => {
    const [moved, copied] = [Buffer.from(content), Buffer.from(content)];
    expect(SecretBytes.take(moved).expose()).toEqual(SecretBytes.copyOf(copied).expose());
    expect(moved.every((byte) => byte === 0)).toBe(true);
    expect(copied.toString()).toBe(content);
  });

  it("is overwritten when it is wiped, and cannot be used then", () => {
    const secret = make();
    const bytes = secret.expose();
    secret.wipe();
    expect(bytes.every((byte) => byte === 0)).toBe(true);
    expect(() => secret.expose()).toThrow(expect.objectContaining({ code: "INTERNAL" }) as Error);
    secret.wipe();
    expect(secret.sizeBytes).toBe(content.length);
  });

  it("is made by `take` only, for the compiler", () => {
    // @ts-expect-error -- the constructor is private
    expect(new SecretBytes(Buffer.from(content))).toBeInstanceOf(SecretBytes);
  });
});

describe("a key file", () => {
  it("shows nothing of itself, and is wiped with its content", () => {
    const secret = make();
    const file = new KeyFile(secret);
    expect(inspect(file, { showHidden: true })).not.toContain("secret that");
    expect(JSON.stringify(file)).toBe("{}");
    expect(Buffer.from(file.expose()).toString()).toBe(content);
    file.wipe();
    expect(() => secret.expose()).toThrow(/wiped/);
  });
});

describe("random bytes", () => {
  it("have the size that was asked for, and are not the same twice", () => {
    expect(randomBytes(0)).toHaveLength(0);
    expect(randomBytes(32)).toHaveLength(32);
    expect(randomBytes(32)).not.toEqual(randomBytes(32));
    expect(randomSecret(32).expose()).not.toEqual(randomSecret(32).expose());
  });
});
