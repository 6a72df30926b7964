import { describe, expect, it } from "vitest";
import { z } from "zod";
import { fromUtf8, utf8 } from "../../src/bytes.js";
import { decodeCanonical, encodeCanonical, MalformedJson } from "../../src/package/canonical-json.js";

const schema = z.strictObject({
  format: z.literal("test/v1"),
  count: z.int(),
  names: z.array(z.string()),
  files: z.array(z.strictObject({ sha256: z.string(), name: z.string() })),
  note: z.string().exactOptional(),
});
const document = { format: "test/v1" as const, count: 2, names: ["a", "b"], files: [{ sha256: "00", name: "x" }] };
const canonical = `{
  "format": "test/v1",
  "count": 2,
  "names": ["a","b"],
  "files": [
    {"sha256":"00","name":"x"}
  ]
}
`;

describe("the canonical encoding", () => {
  it("puts a member a line and an object of an array a line", () => {
    expect(fromUtf8(encodeCanonical(document))).toBe(canonical);
  });

  it("is the same of objects that are made when they are asked for", () => {
    const files = { *[Symbol.iterator]() { yield* document.files; } }; // prettier-ignore
    expect(fromUtf8(encodeCanonical({ ...document, files }))).toBe(canonical);
  });

  it("is accepted and gives the document back", () => {
    expect(decodeCanonical(utf8(canonical), schema)).toEqual(document);
  });

  it("has one line for each member, whatever a text in it holds", () => {
    const strange = { ...document, names: ["\u2028\n,]", "  }"], files: [{ sha256: "[", name: "\u2029\r\n    {" }] };
    expect(decodeCanonical(encodeCanonical(strange), schema)).toEqual(strange);
    expect(fromUtf8(encodeCanonical(strange)).split("\n")).toHaveLength(canonical.split("\n").length);
  });

  it("is not made of objects that are others each time", () => {
    const files = [{ name: "x" }][Symbol.iterator]();
    expect(() => encodeCanonical({ ...document, files })).toThrow("another one");
  });

  it("has an empty array in one piece, whatever it is given as", () => {
    expect(fromUtf8(encodeCanonical({ files: new Set() }))).toBe(fromUtf8(encodeCanonical({ files: [] })));
  });

  it("leaves out members that are undefined", () => {
    expect(fromUtf8(encodeCanonical({ ...document, note: undefined }))).toBe(canonical);
  });
});

describe("any other spelling of the same document is refused", () => {
  const others: Record<string, string> = {
    "a duplicate member": canonical.replace('"count": 2,', '"count": 2,\n  "count": 2,'),
    "another order of members": canonical.replace(
      '"format": "test/v1",\n  "count": 2,',
      '"count": 2,\n  "format": "test/v1",',
    ),
    "another order inside an array": canonical.replace('{"sha256":"00","name":"x"}', '{"name":"x","sha256":"00"}'),
    "an escaped letter": canonical.replace('"x"', '"\\u0078"'),
    "a number with a fraction": canonical.replace("2", "2.0"),
    "a number with an exponent": canonical.replace("2", "2e0"),
    "a negative zero": canonical.replace("2", "-0"),
    "a missing line end": canonical.trimEnd(),
    "a byte order mark": `\u{feff}${canonical}`,
    "a byte order mark within": canonical.replace('  "count"', '\u{feff}  "count"'),
    "all on one line": JSON.stringify(document),
    "spread over more lines": `${JSON.stringify(document, null, 2)}\n`,
    "line ends of Windows": canonical.replaceAll("\n", "\r\n"),
    "an empty line": canonical.replace(",\n", ",\n\n"),
    "an object outside of an array": canonical.replace('  "files"', '    {"sha256":"00","name":"x"}\n  "files"'),
    "an array that begins twice": canonical.replace('  "files": [\n', '  "files": [\n  "files": [\n'),
    "an array without an end": canonical.replace("  ]\n", ""),
    "a space before a comma": canonical.replace(",\n", " ,\n"),
    "bytes after the end": `${canonical} `,
    "an unknown member": canonical.replace('"count": 2,', '"count": 2,\n  "more": 1,'),
    "a prototype": canonical.replace('"count": 2,', '"count": 2,\n  "__proto__": {},'),
    "an array in its place": "[]",
    nothing: "",
  };
  for (const [what, text] of Object.entries(others)) {
    it(what, () => expect(() => decodeCanonical(utf8(text), schema)).toThrow(MalformedJson));
  }

  it("malformed UTF-8", () => {
    const bytes = utf8(canonical);
    bytes[bytes.indexOf(0x78)] = 0xff;
    expect(() => decodeCanonical(bytes, schema)).toThrow(MalformedJson);
  });

  it("and the refusal quotes nothing of the document", () => {
    const secret = utf8(canonical.replace('"x"', "Jane Doe"));
    expect(() => decodeCanonical(secret, schema)).toThrow(/^(?!.*Jane)/);
  });
});
