import type { Party } from "../package/label.js";
import type { UnsafeName } from "../unsafe-name.js";

/** What became of a file: all of it was recovered, some of it is in the container and none of it was, or nothing is. */
export interface SalvagedFile {
  readonly path: UnsafeName;
  readonly state: "whole" | "partial" | "lost";
  readonly sizeBytes: number;
  /** Of its content: how much is whole in no copy. */
  readonly lostBytes: number;
}

/** What `salvage --json` prints. */
export interface SalvageResult {
  /** Whether nothing is lost, neither of the files nor of what is around them, and the container is the one that was signed. */
  readonly ok: boolean;
  readonly seal: string;
  readonly sender: Party;
  /** The folder that now stands in `outDir`; none where no file was whole. */
  readonly out?: string;
  readonly whole: number;
  readonly partial: number;
  readonly lost: number;
  /** Of the recovered files together. */
  readonly bytes: number;
  /** Of all that the container holds. */
  readonly lostBytes: number;
  readonly files: readonly SalvagedFile[];
}
