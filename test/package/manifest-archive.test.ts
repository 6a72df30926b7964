import { describe, expect, it } from "vitest";
import { concat, utf8 } from "../../src/bytes.js";
import {
  decodeManifestArchive,
  encodeManifestArchive,
  type ManifestArchive,
} from "../../src/package/manifest-archive.js";
import { padmeSizeBytes } from "../../src/package/padding.js";
import { refusal } from "../refusal.js";
import { seal } from "./documents.js";

const files = { manifest: utf8("{}\n".repeat(300)), signature: utf8("untrusted comment: …\n") };
const seconds = 1_700_000_000;
const encode = (given: ManifestArchive) => concat(...encodeManifestArchive(seal, given, seconds));
const archive = encode(files);
const decode = (bytes: Uint8Array) => () => decodeManifestArchive(seal, bytes, seconds);

describe("the manifest's archive", () => {
  it("gives both files back, and has its PADMÉ length", () => {
    const decoded = decodeManifestArchive(seal, archive, seconds);
    expect(Buffer.from(decoded.manifest)).toEqual(Buffer.from(files.manifest));
    expect(Buffer.from(decoded.signature)).toEqual(Buffer.from(files.signature));
    expect(padmeSizeBytes(archive.length)).toBe(archive.length);
  });

  it("holds an empty manifest as well as any", () => {
    const empty = { manifest: new Uint8Array(0), signature: new Uint8Array(0) };
    expect(decodeManifestArchive(seal, encode(empty), seconds).manifest).toHaveLength(0);
  });

  it("is refused with any bit of header, zeros or padding changed", () => {
    const manifestContent = [512, 512 + files.manifest.length];
    const signatureStart = 512 + 1024 + 512;
    const signatureContent = [signatureStart, signatureStart + files.signature.length];
    const isContent = (at: number) =>
      [manifestContent, signatureContent].some(([start, end]) => at >= (start ?? 0) && at < (end ?? 0));
    for (let bit = 0; bit < 8 * archive.length; bit++) {
      if (isContent(bit >> 3)) continue;
      const changed = archive.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(decode(changed)).toThrow(refusal("MANIFEST_MALFORMED"));
    }
  });

  it("is refused at every other length, of another package, and of another time", () => {
    for (let length = 0; length < archive.length; length++) {
      expect(decode(archive.subarray(0, length))).toThrow(refusal("MANIFEST_MALFORMED"));
    }
    expect(decode(concat(archive, new Uint8Array(512)))).toThrow(refusal("MANIFEST_MALFORMED"));
    expect(() => decodeManifestArchive("EV-0000-0000-0000", archive, seconds)).toThrow(refusal("MANIFEST_MALFORMED"));
    expect(() => decodeManifestArchive(seal, archive, seconds + 1)).toThrow(refusal("MANIFEST_MALFORMED"));
  });

  it("is refused when its signature is larger than any signature", () => {
    const large = encode({ ...files, signature: new Uint8Array(5000) });
    expect(decode(large)).toThrow(refusal("MANIFEST_MALFORMED"));
  });
});
