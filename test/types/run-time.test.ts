/**
 * What stands behind the compiler: somebody without types (`Reflect`, `Object.create`, a copy, a class of their own) who
 * wants a value that permits something. Each class either cannot be made that way, or what was made holds nothing: its
 * private fields are missing, so that every use of it throws before a byte is written. Not stopped here: an own property
 * that hides a getter (`{ bytes }` with PublicDocument's prototype). Code that can do that runs inside evseal; the linter
 * refuses the `any` it needs.
 */
import { describe, expect, test } from "vitest";
import { Plaintext, SealedStream, seal } from "../../src/age/seal.js";
import { generateIdentity } from "../../src/age/identity.js";
import { SecretBytes } from "../../src/crypto/secret-bytes.js";
import { generateSigningKey } from "../../src/minisign/signing-key.js";
import { sign, SignedDocument } from "../../src/minisign/sign.js";
import { RecoveredFile } from "../../src/output/recovered-file.js";
import { PortablePath } from "../../src/package/portable-path.js";
import { Markup, markup } from "../../src/package/markup.js";
import { PublicDocument } from "../../src/package/public-document.js";
import { escapeJson, UnsafeName } from "../../src/unsafe-name.js";

async function* some(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Uint8Array.of(1));
}
const us = generateIdentity("X25519");
const plaintext = (): Plaintext => Plaintext.of(some());

/** A sound value of each class, and the ways in which something can be got out of it. */
const classes: readonly [
  type: { prototype: object },
  sound: () => object,
  uses: readonly ((value: never) => unknown)[],
][] = [
  [Plaintext, plaintext, [(value) => seal(value, [us.recipient])]],
  [
    SealedStream,
    () => seal(plaintext(), [us.recipient]),
    [(value: SealedStream) => value.chunks(), (value: SealedStream) => value.takeFileKey()],
  ],
  [
    SignedDocument,
    () => sign(Uint8Array.of(1), generateSigningKey(), "evseal"),
    [(value: SignedDocument) => value.document, (value: SignedDocument) => value.signature],
  ],
  [
    RecoveredFile,
    () => RecoveredFile.authenticated(PortablePath.parse("a"), new Date(), some()),
    [(value: RecoveredFile) => value.content()],
  ],
  [
    PortablePath,
    () => PortablePath.parse("a/b"),
    [
      (value: PortablePath) => value.text,
      (value: PortablePath) => value.folders,
      (value: PortablePath) => value.name,
      (value: PortablePath) => value.within(PortablePath.parse("c")),
    ],
  ],
  [PublicDocument, () => PublicDocument.fixedText("a"), [(value: PublicDocument) => value.bytes]],
  [Markup, () => markup`a`, [(value: Markup) => value.text]],
  [
    UnsafeName,
    () => UnsafeName.of("a"),
    [(value: UnsafeName) => value.toString(), (value: UnsafeName) => escapeJson(value)],
  ],
  [
    SecretBytes,
    () => SecretBytes.take(Uint8Array.of(1, 2, 3)),
    [(value: SecretBytes) => value.expose(), (value: SecretBytes) => value.sizeBytes],
  ],
];

describe.each(
  classes.map(([type, sound, uses]) => ({ name: (type as unknown as { name: string }).name, type, sound, uses })),
)("$name", ({ type, sound, uses }) => {
  /** Using it is a TypeError, which is what a missing private field gives. */
  const expectUseless = (value: unknown): void => {
    for (const use of uses) expect(() => use(value as never)).toThrow(TypeError);
  };

  test("is of use when it is sound", () => {
    for (const use of uses) expect(() => use(sound() as never)).not.toThrow();
  });

  test("put together from its prototype is of no use", () => {
    expectUseless(Object.create(type.prototype));
    expectUseless(Object.setPrototypeOf({}, type.prototype));
  });

  test("copied is of no use, and takes nothing with it", () => {
    const original = sound();
    let copy: object = {};
    try {
      copy = structuredClone(original);
    } catch (error) {
      expect((error as Error).name).toBe("DataCloneError");
    }
    for (const each of [copy, { ...original }, Object.assign({}, original)]) {
      expect(JSON.stringify(Object.values(each).filter((value) => value instanceof Uint8Array))).toBe("[]");
      expectUseless(Object.setPrototypeOf(each, type.prototype));
    }
  });

  test("borrowed methods find nothing in something else", () => {
    const { prototype } = type as { prototype: Record<string, unknown> };
    for (const name of Object.getOwnPropertyNames(prototype)) {
      if (["constructor", "toString", "toJSON", "folders", "name"].includes(name)) continue;
      const found = Object.getOwnPropertyDescriptor(prototype, name);
      const method = Reflect.get(found ?? {}, found?.get ? "get" : "value") as (...words: unknown[]) => unknown;
      expect(() => Reflect.apply(method, {}, [prototype])).toThrow(TypeError);
    }
  });
});

const minted = [SealedStream, SignedDocument];
test.each(minted.map((type) => ({ name: type.name, type })))("$name cannot be constructed at all", ({ type }) => {
  const base = type as unknown as new (...words: unknown[]) => object;
  class Forged extends base {}
  for (const make of [
    () => Reflect.construct(type, [Symbol("minted")]) as object,
    () => new Forged(),
    () => new Forged("minted"),
  ]) {
    expect(make).toThrow(expect.objectContaining({ code: "INTERNAL" }) as Error);
  }
});
