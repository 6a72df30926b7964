import { describe, expect, it } from "vitest";
import { isForbidden, notAllowed } from "../../src/opening/refusals.js";
import { refusal } from "../refusal.js";

describe("what the operating system forbids", () => {
  it.each(["EACCES", "EPERM"])("is told from damage: %s", (code) => {
    const cause = Object.assign(new Error("no"), { code });
    expect(isForbidden(cause)).toBe(true);
    expect(notAllowed(cause)).toEqual(refusal("PACKAGE_INCOMPLETE"));
  });

  it.each(["ENOENT", "EIO"])("is not %s", (code) => {
    expect(isForbidden(Object.assign(new Error("no"), { code }))).toBe(false);
  });
});
