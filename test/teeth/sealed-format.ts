/** Broken builds of the rooms age, crypto and minisign. */
import { mutant, type Mutant } from "./mutant.js";

const stream = "test/age/stream.test.ts";
const sealAndOpen = "test/age/seal-and-open.test.ts";
const signatures = "test/minisign/sign-and-verify.test.ts";

export const sealedFormat: readonly Mutant[] = [
  mutant(
    "skips the flag of the final chunk",
    [stream, "one chunk opens at its own place only, and as final only if it is"],
    ["src/age/stream.ts", "nonce[11] = isFinal ? 1 : 0;", "nonce[11] = isFinal ? 0 : 0;"],
  ),
  mutant(
    "uses the same nonce again: the chunk counter stands still",
    [sealAndOpen, "a damaged file is refused for what it is with two chunks in each other's place"],
    ["src/age/stream.ts", "view.setUint32(7, index % 2 ** 32);", ""],
  ),
  mutant(
    "uses the same file key for every file",
    ["test/age/fences.test.ts", "keys are another one for every file"],
    [
      "src/age/file-key.ts",
      "return randomSecret(fileKeySizeBytes);",
      "return SecretBytes.take(new Uint8Array(fileKeySizeBytes).fill(1));",
    ],
  ),
  mutant(
    "seals with nothing at all",
    ["test/sealing/pack.test.ts", "a package tells nothing of its sources outside the encryption"],
    ["src/crypto/aead.ts", "target.set(body, at);", "target.set(plaintext.subarray(at, at + body.length), at);"],
    ["src/crypto/aead.ts", "decipher.final();", ""],
    ["src/crypto/aead.ts", "target.set(piece, index * pieceSizeBytes)", "target.set(body)"],
  ),
  mutant(
    "gives out bytes before their tag was checked",
    ["test/crypto/aead.test.ts", "opening gives nothing when a bit of tag or ciphertext is turned over"],
    ["src/crypto/aead.ts", "  } catch {\n    return false;", "  } catch {\n    return true;"],
    ["src/crypto/aead.ts", "    decipher.final();\n", ""],
    ["src/crypto/aead.ts", "    return true;\n  } catch", "    decipher.final();\n    return true;\n  } catch"],
  ),
  mutant(
    "accepts data after the last chunk",
    [sealAndOpen, "a damaged file is refused for what it is with 17 bytes added after a full last chunk"],
    ["src/age/stream.ts", "if (!(await reader.atEnd())) throw trailingData();", ""],
  ),
  mutant(
    "takes a file that is cut where a chunk ends for whole",
    [
      sealAndOpen,
      "a damaged file is refused for what it is cut where a chunk ends: cut short, with all that came before it given out",
    ],
    [
      "src/age/stream.ts",
      "if (!canBeFinal(sealed.length, index)) throw cutShort();",
      "if (sealed.length === 0) return;",
    ],
  ),
  mutant(
    "does not check the header's MAC",
    [sealAndOpen, "a damaged file is refused for what it is with any single bit turned over"],
    [
      "src/age/header.ts",
      "if (!equalInConstantTime(computed, header.bytes.subarray(macStart))) throw headerAltered();",
      "",
    ],
  ),
  mutant(
    "does not wipe the file key it was given",
    ["test/age/fences.test.ts", "keys given to opening are wiped by it, whether it works out or not"],
    ["src/age/open.ts", "    fileKey.wipe();\n", ""],
  ),
  mutant(
    "drains a plaintext as often as it is asked",
    ["test/age/fences.test.ts", "Plaintext is drained once only"],
    ["src/age/seal.ts", "plaintext.#chunks = undefined;", ""],
  ),
  mutant(
    "lets anybody make a sealed container at run time",
    [
      "test/age/sealed-container.test.ts",
      "a sealed container is made by sealing only, for the compiler as at run time",
    ],
    ["src/age/sealed-container.ts", 'if (mark !== minted) throw fault("only sealing makes a sealed container");', ""],
  ),
  mutant(
    "takes the key away from the threads that come later",
    [
      "test/age/sealed-container.test.ts",
      "a sealed container is sealed under its one key by every thread that takes part",
    ],
    ["src/age/block-stages.ts", "SecretBytes.viewOf(ring.key)", "SecretBytes.take(ring.key)"],
  ),
  mutant(
    "takes threads that ended without a result for done",
    ["test/ring/pipeline.test.ts", "threads that end without a result are a failure, whoever stopped them"],
    ["src/ring/pipeline.ts", 'throw fault("a thread ended without what it was asked for");', "continue;"],
  ),
  mutant(
    "lets a stage have a block out of turn",
    ["test/ring/block-ring.test.ts", "a block is handed on in its turn only"],
    ["src/ring/block-ring.ts", 'if (found !== expected) throw fault("a block was handed on out of turn");', ""],
  ),
  mutant(
    "leaves the key in the memory that threads shared",
    ["test/ring/pipeline.test.ts", "a pipeline wipes its ring when it is stopped, in one thread"],
    ["src/ring/pipeline.ts", "    ring.wipe();\n", ""],
  ),
  mutant(
    "lets anybody make a sealed stream at run time",
    ["test/age/fences.test.ts", "SealedStream is made by sealing only, for the compiler as at run time"],
    ["src/age/seal.ts", 'if (mark !== minted) throw fault("only sealing makes a sealed stream");', ""],
  ),
  mutant(
    "does not verify the signature over the document",
    [signatures, "a signature is refused with any bit of the document flipped, cut or lengthened"],
    [
      "src/minisign/verify.ts",
      "if (!ed25519Verify(fields.signature, blake2b(document, 64), signer.key)) {",
      "if (document.length < 0) {",
    ],
  ),
  mutant(
    "does not verify the signature over the trusted comment",
    [signatures, "a signature is refused when the trusted comment was exchanged for the one that is expected"],
    [
      "src/minisign/verify.ts",
      "if (!ed25519Verify(fields.globalSignature, globallySigned, signer.key)) {",
      "if (globallySigned.length < 0) {",
    ],
  ),
  mutant(
    "does not compare the label's trusted comment",
    ["test/opening/forged-seals.test.ts", "who signed a label signed for another package"],
    [
      "src/minisign/verify.ts",
      'if (fields.trustedComment !== trustedComment) throw wrong("is the signer\'s, but was made for something else");',
      "",
    ],
  ),
];
