import { describe, expect, it } from "vitest";
import { concat } from "../../src/bytes.js";
import { encodeTarHeader, paxRecords } from "../../src/package/tar-header.js";

describe("a tar header", () => {
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
