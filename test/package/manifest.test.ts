import { describe, expect, it } from "vitest";
import { encodeCanonical } from "../../src/package/canonical-json.js";
import { limits } from "../../src/package/limits.js";
import { checkManifest } from "../../src/package/checked-manifest.js";
import { decodeManifest, encodeManifest, type Manifest } from "../../src/package/manifest.js";
import { refusal } from "../refusal.js";
import { manifest } from "./documents.js";

const decode = (document: object) => () => decodeManifest(encodeCanonical({ ...document }));
const check = (document: Manifest) => () => checkManifest(document);
const [first, second] = manifest.files as [Manifest["files"][number], Manifest["files"][number]];

describe("a manifest", () => {
  it("comes back as it was encoded", () => {
    expect(decodeManifest(encodeManifest(manifest))).toEqual(manifest);
    expect(decodeManifest(encodeManifest({ ...manifest, record: {} })).record).toEqual({});
  });

  it.each([
    ["another version", { ...manifest, format: "evseal/manifest/v2" }],
    ["an unknown member", { ...manifest, more: true }],
    ["no files", { ...manifest, files: [] }],
    ["no read-back", { ...manifest, readBack: false }],
    ["another tool", { ...manifest, tool: { name: "other", version: "1" } }],
    ["a record of two lines", { ...manifest, record: { reason: "a\nb" } }],
    ["a record with unknown members", { ...manifest, record: { victim: "name" } }],
    ["a hash cut short", { ...manifest, files: [{ ...first, sha256: "00" }, second] }],
    ["a time without nanoseconds", { ...manifest, files: [{ ...first, modified: "2026-11-20T10:00:00Z" }, second] }],
  ])("with %s is refused", (_what, document) => expect(decode(document)).toThrow(refusal("MANIFEST_MALFORMED")));

  it("of more files than every reader's cap allows is refused when it is made", () => {
    const path = "x".repeat(limits.pathBytes);
    const files = Array.from({ length: 60_000 }, () => ({ ...first, path }));
    expect(() => encodeManifest({ ...manifest, files })).toThrow(refusal("TOO_MUCH_TO_PACK"));
  });
});

describe("a manifest adds up, or is refused", () => {
  it("as it is", () => expect(checkManifest(manifest).layout.files).toHaveLength(2));

  it.each([
    ["an offset off by one", { ...manifest, files: [{ ...first, offset: first.offset + 1 }, second] }],
    ["files in another order", { ...manifest, files: [second, first] }],
    ["a size that moves what follows", { ...manifest, files: [{ ...first, size: 5000 }, second] }],
    ["another count", { ...manifest, totals: { ...manifest.totals, files: 3 } }],
    ["another sum", { ...manifest, totals: { ...manifest.totals, bytes: 1001 } }],
    ["another padding", { ...manifest, totals: { ...manifest.totals, padding: manifest.totals.padding + 512 } }],
    ["sizes beyond what numbers hold", { ...manifest, files: [{ ...first, size: Number.MAX_SAFE_INTEGER }, second] }],
  ])("with %s", (_what, document) => expect(check(document)).toThrow(refusal("MANIFEST_MALFORMED")));

  it("with a hostile name", () => {
    expect(check({ ...manifest, files: [{ ...first, path: "../a.mp4" }, second] })).toThrow(refusal("NAME_UNSAFE"));
  });

  it("with names that would meet on the receiver's disk", () => {
    expect(check({ ...manifest, files: [first, { ...second, path: "int/A.MP4" }] })).toThrow(refusal("NAMES_COLLIDE"));
  });
});
