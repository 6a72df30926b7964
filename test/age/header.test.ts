import { describe, expect, it } from "vitest";
import { SecretBytes } from "../../src/crypto/secret-bytes.js";
import { checkHeaderMac, encodeHeader, headerCapBytes, parseHeader, readHeader } from "../../src/age/header.js";
import { SourceReader } from "../../src/age/source-reader.js";
import { byteByByte, pattern, whole } from "./pieces.js";
import { refusal } from "./refusal.js";

const fileKey = SecretBytes.take(pattern(16));
const mac = `--- ${"A".repeat(43)}\n`;
const start = "age-encryption.org/v1\n";
const parse = (text: string): unknown => parseHeader(Buffer.from(text, "latin1"));

describe("a header", () => {
  it.each([0, 1, 47, 48, 49, 95, 96, 97, 1000])("with a body of %i bytes reads as it was written", (size) => {
    const stanzas = [
      { type: "one", args: [], body: pattern(size) },
      { type: "two", args: ["!", "~", "-->"], body: pattern(3) },
    ];
    const header = encodeHeader(stanzas, fileKey);
    const again = parseHeader(header.bytes);
    expect(again.stanzas).toEqual(stanzas);
    checkHeaderMac(again, fileKey);
  });

  it("has body lines of 64 columns, and a shorter one at the end even if it is empty", () => {
    const { bytes } = encodeHeader([{ type: "x", args: ["y"], body: new Uint8Array(48) }], fileKey);
    const lines = Buffer.from(bytes).toString().split("\n");
    expect(lines.slice(0, 4)).toEqual(["age-encryption.org/v1", "-> x y", "A".repeat(64), ""]);
    expect(lines[4]).toMatch(/^--- [A-Za-z0-9+/]{43}$/);
  });

  it("fails under another file key, and with another stanza", async () => {
    const header = encodeHeader([{ type: "x", args: [], body: pattern(3) }], fileKey);
    const otherKey = SecretBytes.take(pattern(17).subarray(1));
    expect(await refusal(() => checkHeaderMac(header, otherKey))).toBe("HEADER_ALTERED");
    const other = parseHeader(Buffer.from(Buffer.from(header.bytes).toString().replace("-> x", "-> z")));
    expect(await refusal(() => checkHeaderMac(other, fileKey))).toBe("HEADER_ALTERED");
  });

  it.each([
    ["nothing", ""],
    ["no line feed at its end", `${start}-> x\n\n${mac.trimEnd()}`],
    ["another version", `age-encryption.org/v2\n-> x\n\n${mac}`],
    ["a carriage return", `age-encryption.org/v1\r\n-> x\n\n${mac}`],
    ["no stanza", `${start}${mac}`],
    ["a stanza without a type", `${start}->\n\n${mac}`],
    ["an empty argument", `${start}-> x  y\n\n${mac}`],
    ["a space at the end of a line", `${start}-> x \n\n${mac}`],
    ["a tab in an argument", `${start}-> x\ty\n\n${mac}`],
    ["a letter beyond ASCII", `${start}-> \u00e9\n\n${mac}`],
    ["a body that does not end", `${start}-> x\n${mac}`],
    ["a body that ends in a full line", `${start}-> x\n${"A".repeat(64)}\n${mac}`],
    ["a line of 65 columns", `${start}-> x\n${"A".repeat(65)}\n\n${mac}`],
    ["a line of 68 columns", `${start}-> x\n${"A".repeat(68)}\n\n${mac}`],
    ["padding", `${start}-> x\nAA==\n${mac}`],
    ["bits left over", `${start}-> x\nAB\n${mac}`],
    ["the other base64 alphabet", `${start}-> x\n-_\n${mac}`],
    ["a space in a body", `${start}-> x\nAA AA\n${mac}`],
    ["something between the stanza and the end", `${start}-> x\n\nAAAA\n${mac}`],
    ["a stanza that starts wrongly", `${start}> x\n\n${mac}`],
    ["no space before the MAC", `${start}-> x\n\n---${"A".repeat(43)}\n`],
    ["a MAC that is too short", `${start}-> x\n\n--- ${"A".repeat(42)}\n`],
    ["a MAC that is too long", `${start}-> x\n\n--- ${"A".repeat(46)}\n`],
    ["a MAC with bits left over", `${start}-> x\n\n--- ${"A".repeat(42)}B\n`],
    ["a MAC with padding", `${start}-> x\n\n--- ${"A".repeat(43)}=\n`],
    ["two MAC lines", `${start}-> x\n\n${mac}${mac}`],
    ["a line after the MAC", `${start}-> x\n\n${mac}\n`],
  ])("is refused with %s", async (_what, text) => {
    expect(await refusal(() => parse(text))).toBe("HEADER_MALFORMED");
  });

  it("is accepted when none of that is wrong", () => {
    expect(parse(`${start}-> x y ~\nAAAA\n-> z\n\n${mac}`)).toMatchObject({
      stanzas: [
        { type: "x", args: ["y", "~"] },
        { type: "z", args: [] },
      ],
    });
  });
});

describe("reading a header", () => {
  it("stops where the header ends", async () => {
    const { bytes } = encodeHeader([{ type: "x", args: [], body: pattern(3) }], fileKey);
    const reader = new SourceReader(byteByByte(Buffer.concat([bytes, Buffer.from("--- the payload")])));
    expect((await readHeader(reader)).bytes).toEqual(bytes);
    expect(Buffer.from(await reader.read(100)).toString()).toBe("--- the payload");
    expect(await reader.atEnd()).toBe(true);
  });

  it("reads 64 KiB of header, and not a byte more", async () => {
    const size = headerCapBytes - start.length - mac.length;
    const exact = `${start}${"-> x\n\n".repeat(Math.floor(size / 6) - 1)}-> ${"x".repeat((size % 6) + 1)}\n\n${mac}`;
    expect(exact).toHaveLength(headerCapBytes);
    expect((await readHeader(new SourceReader(whole(Buffer.from(exact))))).bytes).toHaveLength(headerCapBytes);
    const longer = exact.replace("-> x\n", "-> xx\n");
    expect(await refusal(() => readHeader(new SourceReader(whole(Buffer.from(longer)))))).toBe("HEADER_MALFORMED");
  });

  it.each([
    ["one endless line", Buffer.alloc(1_000_000, "a")],
    ["endless lines", Buffer.alloc(1_000_000, "aaa\n")],
    ["zeros", Buffer.alloc(1_000_000)],
  ])("gives up on %s after 64 KiB", async (_what, bytes) => {
    let taken = 0;
    async function* source(): AsyncGenerator<Uint8Array, void> {
      for (; taken < bytes.length; taken += 1000) yield await Promise.resolve(bytes.subarray(taken, taken + 1000));
    }
    expect(await refusal(() => readHeader(new SourceReader(source())))).toBe("HEADER_MALFORMED");
    expect(taken).toBeLessThan(headerCapBytes + 1000);
  });
});
