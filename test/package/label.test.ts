import { describe, expect, it } from "vitest";
import { fromUtf8, utf8 } from "../../src/bytes.js";
import { encodeCanonical } from "../../src/package/canonical-json.js";
import { decodeLabel, encodeLabel } from "../../src/package/label.js";
import { refusal } from "../refusal.js";
import { label } from "./documents.js";

const decode = (document: object) => () => decodeLabel(encodeCanonical({ ...document }));
const [container, manifest, howTo] = label.files;

describe("a label", () => {
  it("comes back as it was encoded, hash before name on a line of its own", () => {
    expect(decodeLabel(encodeLabel(label))).toEqual(label);
    expect(fromUtf8(encodeLabel(label))).toContain(`\n    {"sha256":"${"1".repeat(64)}","name":"`);
  });

  it.each([
    ["another version", { ...label, format: "evseal/label/v2" }],
    ["free text", { ...label, note: "Smith interview" }],
    ["no recipient", { ...label, recipients: [] }],
    ["21 recipients", { ...label, recipients: Array.from({ length: 21 }, () => label.recipients[0]) }],
    ["a seal number of another form", { ...label, seal: "EV-1" }],
    ["a time that never was", { ...label, sealedAt: "2026-02-30T00:00:00Z" }],
    ["something before a time", { ...label, sealedAt: "+2026-11-23T22:10:05Z" }],
    ["a line behind a time", { ...label, sealedAt: "2026-11-23T22:10:05Z\n" }],
    ["a time of another form", { ...label, sealedAt: "2026-11-23T22:10:05.000Z" }],
    ["a unit name that speaks to the terminal", { ...label, sender: { ...label.sender, unit: "GMP\u001b[2J" } }],
    ["a unit name that turns the line around", { ...label, sender: { ...label.sender, unit: "GMP\u202e" } }],
    ["a unit name with spaces around it", { ...label, sender: { ...label.sender, unit: " GMP" } }],
    ["a unit name like a path", { ...label, sender: { ...label.sender, unit: "GMP/.." } }],
    ["a unit name in another normal form", { ...label, sender: { ...label.sender, unit: "Pe\u0301age" } }],
    ["a unit name too long", { ...label, sender: { ...label.sender, unit: "x".repeat(65) } }],
    ["a fingerprint in capitals", { ...label, sender: { ...label.sender, fingerprint: "A".repeat(64) } }],
    ["something before a fingerprint", { ...label, sender: { ...label.sender, fingerprint: `0${"a".repeat(64)}` } }],
    ["something behind a fingerprint", { ...label, sender: { ...label.sender, fingerprint: `${"a".repeat(64)} x` } }],
    ["a file missing", { ...label, files: [container, howTo] }],
    ["a file too many", { ...label, files: [...label.files, { ...howTo, name: "extra.txt" }] }],
    ["files in another order", { ...label, files: [manifest, container, howTo] }],
    [
      "a file of another package",
      { ...label, files: [{ ...container, name: "EV-0000-0000-0000.evseal" }, manifest, howTo] },
    ],
    [
      "a path for a name",
      { ...label, files: [{ ...container, name: `../${container?.name ?? ""}` }, manifest, howTo] },
    ],
    ["a negative size", { ...label, files: [{ ...container, size: -1 }, manifest, howTo] }],
    ["a size no number holds", { ...label, files: [{ ...container, size: 2 ** 53 }, manifest, howTo] }],
  ])("with %s is refused", (_what, document) => expect(decode(document)).toThrow(refusal("LABEL_MALFORMED")));

  it("that is no JSON is refused", () => {
    expect(() => decodeLabel(utf8("{"))).toThrow(refusal("LABEL_MALFORMED"));
    expect(() => decodeLabel(new Uint8Array(0))).toThrow(refusal("LABEL_MALFORMED"));
  });

  it("cannot be made with free text", () => {
    expect(() => encodeLabel({ ...label, sender: { ...label.sender, unit: "a\nb" } })).toThrow();
  });
});
