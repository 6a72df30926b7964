import { expect, test } from "vitest";
import { fromUtf8, utf8 } from "../../src/bytes.js";
import { keyLine } from "../../src/minisign/key-line.js";

const comment = "untrusted comment: a key";
const keyOf = (content: string): string | undefined => {
  const line = keyLine(utf8(content));
  return line === undefined ? undefined : fromUtf8(line);
};

test.each([
  ["below a comment", `${comment}\nRWQ=\n`],
  ["as Windows ends lines", `${comment}\r\nRWQ=\r\n`],
  ["without a last line end", `${comment}\nRWQ=`],
  ["alone", "RWQ=\n"],
])("the line of a key is found %s", (_where, content) => {
  expect(keyOf(content)).toBe("RWQ=");
});

test.each([
  ["a comment and nothing more", comment],
  ["a second key", `${comment}\nRWQ=\nRWQ=\n`],
  ["an empty line behind it", "RWQ=\n\n"],
  ["a carriage return in it", `${comment}\nRW\rQ=\n`],
  ["a line feed in it", "RW\nQ="],
  ["a comment of 64 KiB", `${comment}${"x".repeat(65536)}\nRWQ=\n`],
])("a file with %s has none", (_what, content) => {
  expect(keyOf(content)).toBeUndefined();
});
