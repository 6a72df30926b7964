import { describe, expect, test } from "vitest";
import { fromUtf8, utf8 } from "../../src/bytes.js";
import { TypedLine } from "../../src/cli/passphrase-prompt.js";
import { refusal } from "../refusal.js";

/** What is understood of these keys; undefined while Enter was not among them. */
function typed(...keys: readonly string[]): string | undefined {
  const line = new TypedLine();
  const isDone = keys.map((key) => line.takeAll(utf8(key))).includes(true);
  return isDone ? fromUtf8(line.secret().expose()) : undefined;
}

describe("typing a passphrase", () => {
  test.each([
    ["ends with Enter", "correct horse\r", "correct horse"],
    ["ends with a line feed", "correct horse\n", "correct horse"],
    ["ends with Ctrl-D after something was typed", "correct\u0004", "correct"],
    ["drops what was pasted after Enter", "correct\rhorse\r", "correct"],
    ["takes back a character with backspace", "correcx\u007ft\r", "correct"],
    ["takes back a whole character of several bytes", "geheim€\u007fnis\r", "geheimnis"],
    ["takes back nothing when there is nothing", "\u007f\u0008a\r", "a"],
    ["begins again after Ctrl-U", "wrong\u0015right\r", "right"],
    ["leaves out arrow and function keys", "a\u001b[Ab\u001b[15~c\u001bOPd\r", "abcd"],
    ["leaves out other control characters", "a\u0001\u001a\u0000b\r", "ab"],
    ["keeps a tab, a space and every script", " \tпароль 合言葉\r", " \tпароль 合言葉"],
  ])("%s", (_what, keys, passphrase) => {
    expect(typed(keys)).toBe(passphrase);
  });

  test("goes on until Enter, and a key's bytes may come one by one", () => {
    expect(typed("abc")).toBeUndefined();
    expect(typed("a", "\u001b", "[", "1", "~", "b", "\r")).toBe("ab");
  });

  test("ends a key sequence that is cut off by Ctrl-C", () => {
    expect(() => new TypedLine().takeAll(utf8("abc\u001b[\u0003"))).toThrow(refusal("INTERRUPTED"));
  });

  test("is interrupted by Ctrl-C", () => {
    expect(() => new TypedLine().takeAll(utf8("abc\u0003"))).toThrow(refusal("INTERRUPTED"));
  });

  test("gives no empty passphrase", () => {
    for (const keys of ["\r", "\u0004", "abc\u0015\r", "a\u007f\r"]) {
      expect(() => typed(keys)).toThrow(refusal("PASSPHRASE_MISSING"));
    }
  });

  test("refuses a passphrase over 4 KiB instead of cutting it off", () => {
    expect(typed(`${"x".repeat(4096)}\r`)).toHaveLength(4096);
    expect(() => typed(`${"x".repeat(4097)}\r`)).toThrow(refusal("PASSPHRASE_UNUSABLE"));
  });

  test("forgets it when wiped", () => {
    const line = new TypedLine();
    line.takeAll(utf8("abc\r"));
    line.wipe();
    expect(() => line.secret()).toThrow(refusal("PASSPHRASE_MISSING"));
  });
});
