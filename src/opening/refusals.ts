import { EvsealError } from "../errors.js";

/** `where` is the disc that the file is on, where there are several. */
export function altered(cause?: unknown, where = "the package"): EvsealError {
  return new EvsealError("ALTERED", `a file of ${where} was altered after it was sealed`, {
    hint: "copy it again from the disc, or ask the sender for another copy; evseal salvage recovers what is still whole",
    cause,
  });
}

export function incomplete(complaint: string, cause?: unknown): EvsealError {
  return new EvsealError("PACKAGE_INCOMPLETE", `the package ${complaint}`, {
    hint: "copy all its files again from the disc, or ask the sender for another copy",
    cause,
  });
}

export function foreignDisc(): EvsealError {
  return new EvsealError("DISC_FOREIGN", "these are not the discs of one package", {
    hint: "compare the seal numbers written on them, and name only those that belong together",
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
