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

  it.each([
    [8 ** 11 - 1, Buffer.from("77777777777 ")],
    [8 ** 11, Buffer.from("800000000000000200000000", "hex")],
    [Number.MAX_SAFE_INTEGER, Buffer.from("80000000001fffffffffffff", "hex")],
  ])("has the size %i in its own field, from 8 GiB on as GNU writes it", (sizeBytes, field) => {
    const header = encodeTarHeader({ path: "a", sizeBytes, modifiedSeconds: 0 });
    expect(header.subarray(-512).subarray(124, 136)).toEqual(new Uint8Array(field));
  });

  it.each([
    ["n".repeat(100), 512, "", "n".repeat(100)],
    [`${"p".repeat(155)}/${"n".repeat(100)}`, 512, "p".repeat(155), "n".repeat(100)],
    [`${"p".repeat(156)}/${"n".repeat(100)}`, 1536, "", "PaxHeader"],
    [`${"p".repeat(155)}/${"n".repeat(101)}`, 1536, "", "PaxHeader"],
  ])("has the path %s in fields that it fills and does not leave", (path, sizeBytes, prefix, name) => {
    const header = encodeTarHeader({ path, sizeBytes: 0, modifiedSeconds: 0 });
    expect(header).toHaveLength(sizeBytes);
    const text = Buffer.from(header.subarray(-512)).toString("latin1");
    expect(text.slice(0, 108)).toBe(`${name.padEnd(100, "\0")}000644 \0`);
    expect(text.slice(337, 512)).toBe(`000000 \0${prefix.padEnd(167, "\0")}`);
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
