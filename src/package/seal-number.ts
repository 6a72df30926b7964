import * as z from "zod";
import { randomBytes } from "../crypto/random.js";

/** Crockford's base32: no I, L, O, U, so that a number read aloud or copied by hand cannot be mistaken. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const pattern = /^EV-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/;

/** `EV-7K3Q-9M2X-TB4H`: like the number on an evidence bag, it says nothing about the case. */
export const sealNumber = z.string().regex(pattern);

/** 60 random bits. */
export function newSealNumber(): string {
  const symbols = Array.from(randomBytes(12), (byte) => alphabet.charAt(byte & 31));
  const group = (index: number) => symbols.slice(4 * index, 4 * index + 4).join("");
  return `EV-${group(0)}-${group(1)}-${group(2)}`;
}

export function isSealNumber(text: string): boolean {
  return pattern.test(text);
}
