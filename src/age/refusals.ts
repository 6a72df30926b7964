import { EvsealError } from "../errors.js";

const askAgain = "copy the file from the disc again; if that does not help, ask the sender for a new disc";

/** Not the header of an age v1 file, or a stanza of a kind we know that breaks its own rules. */
export function headerMalformed(clause: string): EvsealError {
  return new EvsealError("HEADER_MALFORMED", `the start of the sealed file cannot be read: ${clause}`, {
    hint: `the file is damaged or is not a sealed file: ${askAgain}`,
  });
}

export function headerAltered(): EvsealError {
  return new EvsealError("HEADER_ALTERED", "the start of the sealed file was altered after it was sealed", {
    hint: askAgain,
  });
}

export function altered(): EvsealError {
  return new EvsealError("ALTERED", "a part of the sealed file was altered or damaged after it was sealed", {
    hint: askAgain,
  });
}

export function cutShort(): EvsealError {
  return new EvsealError("CUT_SHORT", "the sealed file ends before its last part", {
    hint: `the file was not copied completely: ${askAgain}`,
  });
}

export function trailingData(): EvsealError {
  return new EvsealError("TRAILING_DATA", "the sealed file goes on after its last part", {
    hint: `something was added to the file: ${askAgain}`,
  });
}

export function notAddressedToUs(clause: string): EvsealError {
  return new EvsealError("NOT_ADDRESSED_TO_US", clause, {
    hint: "check that this is the right unit's receiving key; if it is, the file was sealed for somebody else",
  });
}
