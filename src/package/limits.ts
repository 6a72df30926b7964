import { recipientsCap } from "../age/seal.js";
import { signatureFileCapBytes } from "../minisign/signature-file.js";

/** Caps that every reader applies before it allocates, and every writer before it promises (FORMAT.md, "Limits"). */
export const limits = {
  labelBytes: 1024 * 1024,
  manifestBytes: 64 * 1024 * 1024,
  signatureBytes: signatureFileCapBytes,
  howToBytes: 64 * 1024,
  files: 1_000_000,
  recipients: recipientsCap,
  /** A path inside the package, in UTF-8: what macOS can hold, the shortest of the systems evseal writes for. */
  pathBytes: 1000,
  /** The folders of such a path and its name. */
  pathComponents: 32,
  /** One part of such a path, in UTF-8: the limit of Linux file systems. */
  pathComponentBytes: 255,
} as const;
