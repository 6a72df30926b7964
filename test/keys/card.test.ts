import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { generateIdentity } from "../../src/age/identity.js";
import { fromUtf8, utf8 } from "../../src/bytes.js";
import { EvsealError } from "../../src/errors.js";
import { encodeCard, isExpired, parseCard, type Card } from "../../src/keys/card.js";
import { encodeCanonical } from "../../src/package/canonical-json.js";
import { refusal } from "../refusal.js";
import { newCard } from "./units.js";

const card = newCard();
const text = fromUtf8(encodeCard(card).bytes);
const parse = (document: object) => () => parseCard(encodeCanonical({ ...document }));

describe("a card", () => {
  it("comes back as it was encoded, a member a line in a fixed order", () => {
    expect(parseCard(utf8(text))).toEqual(card);
    expect(text.match(/(?<=^ {2}")\w+/gm)).toEqual(["format", "unit", "recipient", "signingKey", "created", "expires"]);
  });

  it("holds a post-quantum key of two thousand characters", () => {
    const hybrid = newCard({ recipient: generateIdentity("mlkem768x25519").recipient.encoded });
    expect(parseCard(encodeCard(hybrid).bytes)).toEqual(hybrid);
  });

  it("holds from its creation to the second before it expires", () => {
    expect(isExpired(card, new Date("2028-11-23T22:10:04.999Z"))).toBe(false);
    expect(isExpired(card, new Date("2028-11-23T22:10:05Z"))).toBe(true);
  });

  const smallOrderKey = `RWQ${"A".repeat(53)}`;
  const lowOrderRecipient = "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqs3290gq";
  it.each([
    ["another version", { format: "evseal/card/v2" }],
    ["an empty unit name", { unit: "" }],
    ["a unit name that speaks to the terminal", { unit: "GMP\u001b[2J" }],
    ["a unit name that turns the line around", { unit: "GMP\u202e" }],
    ["a unit name like a path", { unit: "../GMP" }],
    ["a recipient that is none", { recipient: "age1" }],
    ["a private key for a recipient", { recipient: `AGE-SECRET-KEY-1${"Q".repeat(58)}` }],
    ["a recipient that everybody can open", { recipient: lowOrderRecipient }],
    ["a recipient in capitals", { recipient: card.recipient.toUpperCase() }],
    ["a signing key that is none", { signingKey: "RW" }],
    ["a signing key under which anybody can sign", { signingKey: smallOrderKey }],
    ["a signing key with a line feed", { signingKey: `${card.signingKey}\n` }],
    ["a day that never was", { expires: "2027-02-29T00:00:00Z" }],
    ["a time without a zone", { expires: "2028-11-23T22:10:05" }],
    ["an end before its beginning", { expires: "2026-11-23T22:10:04Z" }],
    ["an end at its beginning", { expires: card.created }],
  ])("is refused with %s, to read and to write", (_, members) => {
    expect(parse({ ...card, ...members })).toThrow(refusal("CARD_UNUSABLE"));
    expect(() => encodeCard({ ...card, ...members } as Card)).toThrow(refusal("CARD_UNUSABLE"));
  });

  it.each(["format", "unit", "recipient", "signingKey", "created", "expires"] as const)(
    "is refused without %s",
    (name) => {
      const rest = Object.fromEntries(Object.entries(card).filter(([member]) => member !== name));
      expect(parse(rest)).toThrow(refusal("CARD_UNUSABLE"));
    },
  );

  it.each([
    ["a member of its own", text.replace("\n}", ',\n  "note": "Smith"\n}')],
    ["a member twice", text.replace('  "unit"', '  "unit": "x",\n  "unit"')],
    ["its members in another order", fromUtf8(encodeCanonical(Object.fromEntries(Object.entries(card).reverse())))],
    ["another spelling of the same name", text.replace("GMP", "\\u0047MP")],
    ["Windows' line ends", text.replaceAll("\n", "\r\n")],
    ["a byte order mark", `\u{feff}${text}`],
    ["something behind it", `${text}\n`],
    ["nothing in it", ""],
    ["more than 8 KiB", text + " ".repeat(8192)],
  ])("is refused with %s", (_, altered) => {
    expect(altered).not.toBe(text);
    expect(() => parseCard(utf8(altered))).toThrow(refusal("CARD_UNUSABLE"));
  });

  it("is refused when cut at any place", () => {
    for (let size = 0; size < text.length; size++) {
      expect(() => parseCard(utf8(text.slice(0, size)))).toThrow(refusal("CARD_UNUSABLE"));
    }
  });

  it("is refused or the one encoding of what was read, whatever the file holds", () => {
    const file = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.json().map(utf8),
      fc
        .tuple(fc.nat(text.length), fc.nat(3), fc.string({ maxLength: 3 }))
        .map(([at, gone, put]) => utf8(text.slice(0, at) + put + text.slice(at + gone))),
    );
    fc.assert(
      fc.property(file, (bytes) => {
        try {
          expect(encodeCard(parseCard(bytes)).bytes).toEqual(bytes);
        } catch (error) {
          if (!(error instanceof EvsealError)) throw error;
          expect(error.code).toBe("CARD_UNUSABLE");
        }
      }),
      { numRuns: 300 },
    );
  });
});
