import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frameTar } from "../../src/media/tar-framing.js";
import { collect, concat } from "../../src/bytes.js";
import { encodeTarHeader, paxRecords, type TarEntry } from "../../src/package/tar-header.js";

/** The header archiver makes for `entry`: what stands before its content in an archive of it alone. */
async function archiverHeader(entry: TarEntry): Promise<Uint8Array> {
  const padding = { path: "p", sizeBytes: 0, modifiedSeconds: 0 };
  const layout = { entries: [{ entry, offset: 0 }], padding, archiveSizeBytes: 0 };
  const archive = await collect(
    frameTar(layout, async function* () {
      for (let left = entry.sizeBytes; left > 0; left -= 4096)
        yield await Promise.resolve(new Uint8Array(Math.min(left, 4096)));
    }),
    1 << 24,
    () => new Error("too long"),
  );
  return archive.subarray(0, encodeTarHeader(entry).length);
}

const names = fc.stringMatching(/^[a-zA-Zé取 ._-]{1,90}$/);
const entries = fc.record({
  path: fc
    .array(names, { minLength: 1, maxLength: 6 })
    .map((parts) => ["EV-0000-0000-0000", "media", ...parts].join("/")),
  sizeBytes: fc.nat(5000),
  modifiedSeconds: fc.integer({ min: -(2 ** 36), max: 2 ** 36 }),
});

describe("a tar header", () => {
  it("is the one archiver writes, for any path, size and time", async () => {
    await fc.assert(
      fc.asyncProperty(entries, async (entry) => {
        expect(Buffer.from(await archiverHeader(entry))).toEqual(Buffer.from(encodeTarHeader(entry)));
      }),
      { numRuns: 300 },
    );
  });

  it.each([99, 100, 101, 155, 156, 157, 255, 256, 257, 400])("is archiver's for a path of %i bytes", async (length) => {
    const deep = "d".repeat(60) + "/";
    for (const path of ["f".repeat(length), (deep.repeat(9).slice(0, length - 30) + "/").padEnd(length, "f")]) {
      const entry = { path, sizeBytes: 3, modifiedSeconds: 1_700_000_000 };
      expect(Buffer.from(await archiverHeader(entry))).toEqual(Buffer.from(encodeTarHeader(entry)));
    }
  });

  it("needs no PAX record while ustar holds size and time", () => {
    expect(paxRecords({ path: "a", sizeBytes: 8 ** 11 - 1, modifiedSeconds: 2 ** 31 - 1 })).toBeUndefined();
    expect(encodeTarHeader({ path: "a", sizeBytes: 8 ** 11 - 1, modifiedSeconds: 0 })).toHaveLength(512);
  });

  it("has a PAX record for a size of 8 GiB, a time before 1970 and one after 2038", () => {
    expect(paxRecords({ path: "a", sizeBytes: 8 ** 11, modifiedSeconds: 0 })).toEqual({ size: "8589934592" });
    expect(paxRecords({ path: "a", sizeBytes: 0, modifiedSeconds: -1 })).toEqual({ mtime: "-1" });
    expect(paxRecords({ path: "a", sizeBytes: 0, modifiedSeconds: 2 ** 31 })).toEqual({ mtime: "2147483648" });
  });

  it("counts a PAX record's own length where its digits grow by one", () => {
    for (const length of [90, 91, 92, 93, 94, 989, 990, 991, 992, 993]) {
      const header = encodeTarHeader({ path: "é".padEnd(length, "x"), sizeBytes: 0, modifiedSeconds: 0 });
      const record = Buffer.from(header.subarray(512)).toString().split("\n")[0] ?? "";
      expect(Buffer.byteLength(record) + 1).toBe(Number(record.split(" ")[0]));
    }
  });

  it("is told apart by every member", () => {
    const entry = { path: "a", sizeBytes: 1, modifiedSeconds: 1 };
    const variants = [entry, { ...entry, path: "b" }, { ...entry, sizeBytes: 2 }, { ...entry, modifiedSeconds: 2 }];
    expect(new Set(variants.map((variant) => Buffer.from(concat(encodeTarHeader(variant))).toString("hex"))).size).toBe(
      4,
    );
  });
});
