import { expect, test } from "vitest";
import { typedPath } from "../../src/cli/typed-path.js";

test.runIf(process.platform !== "win32").each([
  [" a b ", "a b"],
  ["'a b'", "a b"],
  ['"a b"', "a b"],
  ["/media/Tape\\ 1/\\(a\\).mp4", "/media/Tape 1/(a).mp4"],
  ["'a\\b'", "a\\b"],
])("what was typed as %s is the path %s", (typed, path) => {
  expect(typedPath(typed)).toBe(path);
});
