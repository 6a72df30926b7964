import { encodeIdentityFile, readIdentityFile } from "../age/identity-file.js";
import { generateIdentity } from "../age/identity.js";
import { open } from "../age/open.js";
import { unwrapWithIdentities, unwrapWithPassphrase } from "../age/unwrap.js";
import { aeadOpen, aeadSeal } from "../crypto/aead.js";
import { hmacSha256, Sha256, sha256 } from "../crypto/digest.js";
import { hkdfSha256, scrypt } from "../crypto/key-derivation.js";
import {
  blake2b,
  ed25519KeyPair,
  ed25519Sign,
  ed25519Verify,
  x25519,
  x25519PublicKey,
  xwingDecapsulate,
  xwingEncapsulate,
  xwingPublicKey,
} from "../crypto/sodium.js";
import { sign } from "../minisign/sign.js";
import { generateSigningKey } from "../minisign/signing-key.js";
import { verify } from "../minisign/verify.js";
import { PortablePath } from "../package/portable-path.js";
import { escape } from "../unsafe-name.js";

/** The very functions that pack, check, verify and open run with; a test gives broken ones in their place. */
export const testedFunctions = {
  sha256,
  runningSha256: (pieces: readonly Uint8Array[]): string => {
    const running = new Sha256();
    for (const piece of pieces) running.update(piece);
    return running.hex();
  },
  hmacSha256,
  hkdfSha256,
  scrypt,
  aeadSeal,
  aeadOpen,
  x25519,
  x25519PublicKey,
  xwingPublicKey,
  xwingEncapsulate,
  xwingDecapsulate,
  ed25519KeyPair,
  ed25519Sign,
  ed25519Verify,
  blake2b,
  openAgeFile: open,
  unwrapWithIdentities,
  unwrapWithPassphrase,
  generateIdentity,
  encodeIdentityFile,
  readIdentityFile,
  generateSigningKey,
  sign,
  verify,
  parsePath: (text: string): string => PortablePath.parse(text).text,
  escape,
};

export type TestedFunctions = typeof testedFunctions;
