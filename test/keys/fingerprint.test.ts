import { createHash } from "node:crypto";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { describe, expect, it } from "vitest";
import { encodeCard } from "../../src/keys/card.js";
import { fingerprintOf, matchesFingerprint, slipIn } from "../../src/keys/fingerprint.js";
import { newCard } from "./units.js";

const card = newCard();
const fingerprint = fingerprintOf(card);
const { hex, grouped, words } = fingerprint;
const matches = (typed: string) => matchesFingerprint(fingerprint, typed);
const otherWord = (word: string | undefined): string => (word === "abandon" ? "zoo" : "abandon");

describe("a fingerprint", () => {
  it("is the SHA-256 of the card's file, as sha256sum prints it", () => {
    expect(hex).toBe(createHash("sha256").update(encodeCard(card).bytes).digest("hex"));
    expect(grouped).toMatch(/^([0-9a-f]{4} ){15}[0-9a-f]{4}$/);
    expect(grouped.replaceAll(" ", "")).toBe(hex);
  });

  it("says its first 128 bits, and a checksum of 4, in 12 words", () => {
    // Computed here as BIP-39 describes it, without the library.
    const entropy = Buffer.from(hex.slice(0, 32), "hex");
    const checksum = createHash("sha256").update(entropy).digest()[0] ?? 0;
    const bits = (BigInt(`0x${hex.slice(0, 32)}`) << 4n) | BigInt(checksum >> 4);
    const expected = Array.from(
      { length: 12 },
      (_, index) => wordlist[Number((bits >> BigInt(11 * (11 - index))) & 2047n)],
    );
    expect(words).toBe(expected.join(" "));
  });

  it("depends on everything the card says", () => {
    const others = [
      { ...card, unit: "GMP Interview Unit 2" },
      { ...card, created: "2026-11-23T22:10:04Z" },
      { ...card, expires: "2028-11-23T22:10:06Z" },
      { ...card, recipient: newCard().recipient },
      { ...card, signingKey: newCard().signingKey },
    ];
    expect(new Set([card, ...others].map((each) => fingerprintOf(each).hex)).size).toBe(6);
    expect(new Set([card, ...others].map((each) => fingerprintOf(each).words)).size).toBe(6);
  });

  it.each([
    ["hex", hex],
    ["hex in capitals", hex.toUpperCase()],
    ["groups", grouped],
    ["groups on two lines", `  ${grouped.slice(0, 39)}\n${grouped.slice(40)}\n`],
    ["colons", hex.match(/../g)?.join(":") ?? ""],
    ["dashes, also long ones", `${hex.slice(0, 8)}-${hex.slice(8, 16)}\u2013${hex.slice(16)}`],
    ["words", words],
    ["words in capitals", words.toUpperCase()],
    ["words with dashes", words.replaceAll(" ", "-")],
    ["words on lines of their own", ` ${words.replaceAll(" ", " \r\n")} `],
  ])("is recognised when typed as %s", (_, typed) => {
    expect(matches(typed)).toBe(true);
  });

  it.each([
    ["nothing", ""],
    ["its first half", hex.slice(0, 32)],
    ["all but the last digit", hex.slice(0, -1)],
    ["a digit too many", `${hex}0`],
    ["a digit changed", hex.slice(0, -1) + (hex.endsWith("0") ? "1" : "0")],
    ["eleven words", words.split(" ").slice(0, 11).join(" ")],
    ["thirteen words", `${words} zoo`],
    ["the words without spaces", words.replaceAll(" ", "")],
    ["the first word changed", words.replace(/^\w+/, otherWord)],
    ["hex with a letter that is none", `${hex.slice(0, -1)}g`],
    ["a prefix", `0x${hex}`],
    ["another card's", fingerprintOf(newCard()).words],
  ])("is not recognised when typed as %s", (_, typed) => {
    expect(matches(typed)).toBe(false);
  });
});

describe("what was typed", () => {
  it("is a slip when it cannot be anybody's fingerprint", () => {
    const swapped = words.split(" ");
    const slips = ["", hex.slice(1), `${hex}0`, "hello", words.replace(/\w+$/, "zebraa"), swapped.slice(1).join(" ")];
    expect(slips.filter((typed) => slipIn(typed) === undefined)).toEqual([]);
  });

  it("is no slip when it is another card's fingerprint", () => {
    const other = fingerprintOf(newCard());
    expect([other.hex, other.grouped, other.words].map(slipIn)).toEqual([undefined, undefined, undefined]);
  });

  it("is a slip, fifteen times of sixteen, with one word exchanged", () => {
    const [first = "", ...rest] = words.split(" ");
    const exchanged = wordlist.filter((word) => word !== first).map((word) => [word, ...rest].join(" "));
    const unnoticed = exchanged.filter((typed) => slipIn(typed) === undefined);
    expect(unnoticed.length).toBeGreaterThan(0);
    expect(unnoticed.length).toBeLessThan(exchanged.length / 8);
  });
});

it("a slip is named: how many words came, which is not in the list, and what may have been meant", () => {
  const words = fingerprintOf(newCard()).words.split(" ");
  expect(slipIn("")).toBe("0 of the twelve words came: type all of them on one line");
  expect(slipIn(words.slice(0, 6).join(" "))).toBe("6 of the twelve words came: type all of them on one line");
  expect(slipIn([...words.slice(0, 2), "abandn", ...words.slice(3)].join(" "))).toBe(
    "word 3, abandn, is not in the list: did they say abandon?",
  );
  expect(slipIn(`${words.slice(0, 4).join(" ")} xyzzy`)).toBe(
    "5 of the twelve words came; word 5, xyzzy, is not in the list",
  );
  expect(slipIn(words.join(", "))).toBeUndefined();
  expect(slipIn("3f2a 99")).toBe("these are 6 letters and digits, and a fingerprint has 64");
});
