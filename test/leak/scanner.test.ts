/** The scanner finds what is planted: else its silence about evseal would mean nothing. */
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../temporary-folder.js";
import { Canaries, tiled, uniqueText } from "./canaries.js";
import { spellingsOf } from "./spellings.js";

const text = uniqueText();
const canaries = new Canaries([{ name: "it", value: text }]);
const encoded = Buffer.from(text);

/** Written out by hand, so that the scanner is not its own witness. */
const planted: Readonly<Record<string, string | Buffer>> = {
  raw: text,
  "UTF-16LE": Buffer.from(text, "utf16le"),
  "UTF-16BE": Buffer.from(text, "utf16le").swap16(),
  hex: encoded.toString("hex"),
  HEX: encoded.toString("hex").toUpperCase(),
  "hex in pairs": [...encoded].map((byte) => byte.toString(16)).join(" "),
  percent: [...encoded].map((byte) => `%${byte.toString(16)}`).join(""),
  PERCENT: [...encoded].map((byte) => `%${byte.toString(16).toUpperCase()}`).join(""),
  JSON: [...encoded].map((byte) => `\\u${byte.toString(16).padStart(4, "0")}`).join(""),
  "JSON in capitals": [...encoded].map((byte) => `\\u00${byte.toString(16).toUpperCase()}`).join(""),
  "\\x": [...encoded].map((byte) => `\\x${byte.toString(16)}`).join(""),
  numbers: new Uint8Array(encoded).toString(),
  "numbers apart": [...encoded].join(", "),
  "base64 after 0": Buffer.from(`${text}!`).toString("base64"),
  "base64 after 1": Buffer.from(`x${text}!`).toString("base64"),
  "base64 after 2": Buffer.from(`xy${text}`).toString("base64"),
};

describe("the scanner finds a canary", () => {
  test.each(Object.entries(planted))("spelled as %s", (how, bytes) => {
    const content = Buffer.concat([Buffer.from([0, 255, 7]), Buffer.from(bytes), Buffer.from("…")]);

    expect(canaries.leaksIn(content, "a file")).toContain(`it (${how}) in a file`);
  });

  test("in base64url, where the alphabets differ", () => {
    const value = Buffer.from(uniqueText().replace(/^.{4}/, "?>?>"));
    const found = new Canaries([{ name: "it", value }]).leaksIn(value.toString("base64url"), "a token");

    expect(found).toContain("it (base64url after 0) in a token");
    expect(found).not.toContain("it (base64 after 0) in a token");
  });

  test("in what URLs and JSON escape in it", () => {
    const awkward = new Canaries([{ name: "it", value: `a "b" /ü ${text}` }]);

    expect(awkward.leaksIn(JSON.stringify({ path: `a "b" /ü ${text}` }), "a log")).toEqual(["it (in JSON) in a log"]);
    expect(awkward.leaksIn(encodeURIComponent(`a "b" /ü ${text}`), "a link")).toEqual(["it (in a URL) in a link"]);
  });

  test("in any piece of 31 bytes that is cut out of tiled content", () => {
    const content = tiled(text, 1000);
    for (let offset = 0; offset < 32; offset += 1) {
      expect(canaries.leaksIn(content.subarray(offset, offset + 31), "a piece")).toContain("it (raw) in a piece");
    }
  });

  test("in files, names of files and folders, and links, however deep", async () => {
    const folder = await temporaryFolder();
    mkdirSync(path.join(folder, "a", `b${text}`), { recursive: true });
    writeFileSync(path.join(folder, "a", `b${text}`, "c"), encoded.toString("hex"));
    symlinkSync(`/nowhere/${text}`, path.join(folder, "link"));

    expect(canaries.leaksBelow(folder, "out")).toEqual([
      "it (raw) in a name in out/a",
      `it (hex) in out/a/b${text}/c`,
      "it (raw) in out/link",
    ]);
  });
});

test("the scanner finds nothing in what holds nothing, and every spelling is another", () => {
  expect(canaries.leaksIn(tiled(uniqueText(), 10_000), "a file")).toEqual([]);
  const spelled = spellingsOf(Buffer.from([0xfb, 0xff, 0xfe, 0x3f, 0xbf, 0xfa, 0x0a, 0x9c])).map(({ bytes }) =>
    bytes.toString("hex"),
  );
  expect(new Set(spelled).size).toBe(spelled.length);
});

test("a canary that chance could write is refused", () => {
  expect(() => new Canaries([{ name: "it", value: "abc" }])).toThrow("too short");
});
