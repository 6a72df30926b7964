import { Plaintext } from "../age/seal.js";
import { Sha256 } from "../crypto/digest.js";
import { existing } from "../errors.js";
import type { MediaLayout } from "../package/media-archive.js";
import { watched, type Watch } from "../watch.js";
import { KeySearch, privateKeyInSource } from "./key-search.js";
import type { SourceFile } from "./source-file.js";
import { frameTar } from "./tar-framing.js";

export interface MediaPlaintext {
  readonly plaintext: Plaintext;
  /** The SHA-256 of each file, in their order; complete once the plaintext was sealed to its end. */
  readonly hashes: readonly string[];
}

/** The archive of `files`, which nobody but `age/seal.ts` can read; its reading throws PRIVATE_KEY_IN_SOURCE too. */
export function readMedia(files: readonly SourceFile[], layout: MediaLayout, watch: Watch): MediaPlaintext {
  const hashes: string[] = [];
  const archive = frameTar(layout, (index) => hashed(existing(files[index], "a source"), hashes));
  return { plaintext: Plaintext.of(watched(archive, watch, "sealing", layout.archiveSizeBytes)), hashes };
}

async function* hashed(file: SourceFile, hashes: string[]): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = new Sha256();
  const search = new KeySearch(file.sizeBytes);
  for await (const block of file.content()) {
    hash.update(block);
    const kind = search.update(block);
    if (kind !== undefined) throw privateKeyInSource(kind, file.path.text);
    yield block;
  }
  hashes.push(hash.hex());
}
