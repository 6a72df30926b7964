import { Readable } from "node:stream";
import { existing } from "../errors.js";
import { RecoveredFile } from "../output/recovered-file.js";
import { PortablePath } from "../package/portable-path.js";
import type { VerifiedManifest } from "./verified-manifest.js";

/** Where the media stand below the folder that is opened into. */
export const mediaFolder = PortablePath.parse("media");

/** `content` is authenticated. */
export function recoveredMedia(
  { files }: VerifiedManifest,
  index: number,
  content: AsyncIterable<Uint8Array>,
): RecoveredFile {
  const file = existing(files[index], "a file of the manifest");
  return RecoveredFile.authenticated(file.path.within(mediaFolder), new Date(Date.parse(file.modified)), content);
}

/** The signed manifest and its signature, as `tar x` of the sealed manifest would leave them beside the media. */
export function proofFiles({ proof }: VerifiedManifest, modified: Date): readonly RecoveredFile[] {
  const file = (name: string, bytes: Uint8Array): RecoveredFile =>
    RecoveredFile.authenticated(PortablePath.parse(name), modified, Readable.from([bytes]));
  return [file("manifest.json", proof.manifest), file("manifest.json.minisig", proof.signature)];
}
