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

export function isForbidden(cause: unknown): boolean {
  return ["EACCES", "EPERM"].includes((cause as NodeJS.ErrnoException).code ?? "");
}

export function notAllowed(cause: unknown): EvsealError {
  return new EvsealError("PACKAGE_INCOMPLETE", "you may not read the package", {
    hint: "ask whoever owns the folder to let you read it, or copy it where you may",
    cause,
  });
}
