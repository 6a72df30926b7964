import { randomBytes } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import path from "node:path";
import { spellingsOf, type Spelling } from "./spellings.js";

/** Sixteen letters that stand nowhere else. */
export function uniqueText(): string {
  return Array.from(randomBytes(16), (byte) => String.fromCharCode(97 + (byte % 26))).join("");
}

/** `text` again and again: however 31 bytes are cut out of it, one of them is whole. */
export function tiled(text: string, sizeBytes: number): Buffer {
  return Buffer.alloc(sizeBytes, text);
}

/** Something that must be written nowhere, and what the test calls it. */
export interface Canary {
  readonly name: string;
  readonly value: string | Buffer;
}

export class Canaries {
  readonly #sought: readonly { readonly name: string; readonly spellings: readonly Spelling[] }[];

  constructor(canaries: readonly Canary[]) {
    this.#sought = canaries.map(({ name, value }) => {
      const bytes = Buffer.from(value);
      if (bytes.length < 8) throw new Error(`${name} is too short to be told from chance`);
      return { name, spellings: spellingsOf(bytes) };
    });
  }

  /** What of it stands in `content`, in words: `the case reference (hex) in stdout`. */
  leaksIn(content: Uint8Array | string, place: string): string[] {
    const bytes = Buffer.from(content);
    return this.#sought.flatMap(({ name, spellings }) =>
      spellings.filter((spelling) => bytes.includes(spelling.bytes)).map(({ how }) => `${name} (${how}) in ${place}`),
    );
  }

  /** The same for a folder: all that is in it, and the names of that. */
  leaksBelow(folder: string, place: string): string[] {
    return readdirSync(folder, { encoding: "utf8" }).flatMap((name) => {
      const location = path.join(folder, name);
      const found = lstatSync(location);
      const inside = `${place}/${name}`;
      const named = this.leaksIn(name, `a name in ${place}`);
      if (found.isDirectory()) return [...named, ...this.leaksBelow(location, inside)];
      if (found.isSymbolicLink()) return [...named, ...this.leaksIn(readlinkSync(location), inside)];
      return found.isFile() ? [...named, ...this.leaksIn(readFileSync(location), inside)] : named;
    });
  }
}
