/** Two copies of a package with many files, to be damaged at random, and what must come of it. */
import { copyFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EvsealError } from "../../src/errors.js";
import { openPackage } from "../../src/opening/open-package.js";
import { salvagePackage } from "../../src/opening/salvage-package.js";
import { identities, trusted, watch } from "../opening/attack.js";
import { copiesOf, names, payloadStartOf, sealedChunkSizeBytes, type Copies } from "../opening/copies.js";
import { temporaryFolder } from "../temporary-folder.js";
import { unreadableAt, type Range } from "../unreadable.js";
import { whole, type Run } from "./campaign.js";

const blockSizeBytes = 32 * 1024;
const pageSizeBytes = 4096;
export const fileCount = 64;

/** 64 files, of 16 MB together where the campaigns are run whole. */
export const files: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from({ length: fileCount }, (_, index) => [
    `clip ${index + 1}.mp4`,
    `${index} `.repeat(Math.ceil((whole ? 80_000 : 15_000) * ((index % 4) + 1) * 0.4)),
  ]),
);

/** How a place is lost: other bytes stand there, or none can be read. */
export type Manner = "overwritten" | "unreadable";

export class DamagedDiscs {
  readonly copies: Copies;
  readonly outDir: string;
  readonly sealed: Buffer;
  readonly #start: number;
  readonly #unreadable: Map<string, readonly Range[]>;
  #places: readonly [readonly Range[], readonly Range[]] = [[], []];

  private constructor(copies: Copies, outDir: string, sealed: Buffer, unreadable: Map<string, readonly Range[]>) {
    this.copies = copies;
    this.outDir = outDir;
    this.sealed = sealed;
    this.#start = payloadStartOf(sealed);
    this.#unreadable = unreadable;
  }

  static async make(): Promise<DamagedDiscs> {
    const copies = await copiesOf({ files });
    const unreadable = new Map<string, readonly Range[]>();
    unreadableAt(unreadable);
    const sealed = await readFile(join(copies[0], names.container));
    return new DamagedDiscs(copies, await temporaryFolder(), sealed, unreadable);
  }

  containerOf(copy: 0 | 1): string {
    return join(this.copies[copy], names.container);
  }

  get chunkCount(): number {
    return Math.ceil((this.sealed.length - this.#start) / sealedChunkSizeBytes);
  }

  /** Where chunk `index` begins. */
  chunkAt(index: number): number {
    return this.#start + index * sealedChunkSizeBytes;
  }

  /** `amount` different blocks, each at a multiple of its size, as a drive loses them; the header is spared. */
  blocks(amount: number, random: () => number): readonly Range[] {
    const first = Math.ceil(this.#start / blockSizeBytes);
    const blocks = Array.from(
      { length: Math.floor(this.sealed.length / blockSizeBytes) - first },
      (_, at) => at + first,
    );
    return Array.from({ length: Math.min(amount, blocks.length) }, () => {
      const [block = first] = blocks.splice(Math.floor(random() * blocks.length), 1);
      return [block * blockSizeBytes, Math.min((block + 1) * blockSizeBytes, this.sealed.length)];
    });
  }

  /** Both copies as they were, but for these places. */
  async damage(manner: Manner, first: readonly Range[], second: readonly Range[]): Promise<void> {
    this.#places = [first, second];
    this.#unreadable.clear();
    for (const copy of [0, 1] as const) {
      const bytes = Buffer.from(this.sealed);
      if (manner === "unreadable") this.#unreadable.set(this.containerOf(copy), this.#places[copy]);
      else for (const [start, end] of this.#places[copy]) bytes.subarray(start, end).fill(0xa5);
      await writeFile(this.containerOf(copy), bytes);
    }
  }

  /** Whether what was damaged last is whole somewhere, by looking at where it is and at nothing else. */
  get isWholeSomewhere(): boolean {
    return Array.from({ length: this.chunkCount }, (_, index) => index).every((index) => {
      return this.#places.some((places) => !places.some((place) => this.#hits(place, index)));
    });
  }

  #hits([start, end]: Range, index: number): boolean {
    const isRead = this.#unreadable.size > 0; // then whole pages are lost
    const from = isRead ? start - (start % pageSizeBytes) : start;
    const to = isRead ? Math.ceil(end / pageSizeBytes) * pageSizeBytes : end;
    return from < this.chunkAt(index + 1) && to > this.chunkAt(index);
  }

  /** Opens both copies: it must be all of the evidence or, where something is whole in neither, COPIES_DAMAGED. */
  async open(mustSurvive = this.isWholeSomewhere, copies: readonly string[] = this.copies): Promise<Run> {
    const code = await codeOf(async () => {
      const { out } = await openPackage(copies, { outDir: this.outDir, trusted, identities, watch });
      const missing = await this.#differing(out, Object.keys(files));
      await rm(out, { recursive: true });
      return missing;
    });
    const expected = mustSurvive ? "all is there" : "COPIES_DAMAGED";
    return {
      violations: code === expected ? [] : [`${code} instead of ${expected}`],
      survived: code === "all is there",
    };
  }

  /** Salvages: every file that is there is right, and those of which nothing is damaged are there. Gives their number. */
  async salvage(copies: readonly string[] = this.copies): Promise<Run & { readonly recovered: number }> {
    const result = await salvagePackage(copies, { outDir: this.outDir, trusted, identities, watch });
    const recovered = result.files.filter(({ state }) => state === "whole").map(({ path }) => path.toString());
    const wrong = result.out === undefined ? "all is there" : await this.#differing(result.out, recovered);
    if (result.out !== undefined) await rm(result.out, { recursive: true });
    const lost = result.files.filter(({ lostBytes, sizeBytes }) => lostBytes === 0 && sizeBytes > 0).length;
    const violations = [
      ...(wrong === "all is there" ? [] : [wrong]),
      ...(lost === recovered.length ? [] : [`${lost} files have lost nothing, ${recovered.length} are there`]),
      ...(result.ok === this.isWholeSomewhere ? [] : [`ok is ${String(result.ok)}`]),
    ];
    return { violations, survived: result.ok, recovered: recovered.length };
  }

  async #differing(out: string, paths: readonly string[]): Promise<string> {
    for (const path of paths) {
      if ((await readFile(join(out, "media", path), "utf8")) !== files[path]) return "another content";
    }
    return "all is there";
  }

  /** Puts another file in the place of one of the first copy's. */
  async replace(name: string, by: string): Promise<void> {
    await copyFile(by, join(this.copies[0], name));
  }
}

async function codeOf(work: () => Promise<string>): Promise<string> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof EvsealError) return cause.code;
    throw cause;
  }
}
