import { EvsealError } from "../errors.js";

export function altered(cause?: unknown): EvsealError {
  return new EvsealError("ALTERED", "a file of the package was altered after it was sealed", {
    hint: "do not use it: copy it again from the disc, or ask the sender for another copy",
    cause,
  });
}

export function incomplete(complaint: string, cause?: unknown): EvsealError {
  return new EvsealError("PACKAGE_INCOMPLETE", `the package ${complaint}`, {
    hint: "copy all its files again from the disc, or ask the sender for another copy",
    cause,
  });
}
