import { EvsealError, type ErrorCode } from "../../src/errors.js";

/** The code `work` was refused with; an error of any other kind is passed on, and fails the test that way. */
export async function refusal(work: () => unknown): Promise<ErrorCode | "not refused"> {
  try {
    await work();
    return "not refused";
  } catch (error) {
    if (error instanceof EvsealError) return error.code;
    throw error;
  }
}
