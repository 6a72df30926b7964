import { expect } from "vitest";
import type { ErrorCode } from "../src/errors.js";

/** Matches an EvsealError with this code that tells its reader what to do. */
export function refusal(code: ErrorCode): unknown {
  return expect.objectContaining({ code, hint: expect.stringMatching(/^[a-z].*[^.]$/s) as unknown });
}
