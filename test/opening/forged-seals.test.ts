import { describe, expect, it } from "vitest";
import { utf8 } from "../../src/bytes.js";
import { TrustedSigners } from "../../src/keys/trusted-signers.js";
import { openPackage } from "../../src/opening/open-package.js";
import { verifyPackage } from "../../src/opening/verify-package.js";
import { refusal } from "../refusal.js";
import { temporaryFolder } from "../temporary-folder.js";
import { identities, other, receiver, refused, rewriteHeader, sender, trusted, watch } from "./attack.js";
import { forgePackage } from "./forged-package.js";

it("a forged package without a forgery opens: the forger makes what evseal makes", async () => {
  const path = await forgePackage(await temporaryFolder(), sender, [receiver]);
  await verifyPackage([path], { trusted, watch });
  const result = await openPackage([path], { outDir: await temporaryFolder(), trusted, identities, watch });
  expect(result).toMatchObject({ files: 2, bytes: 13, verified: true });
});

describe("who signed", () => {
  it("a label signed by a stranger", () => refused("SIGNER_UNKNOWN", { forgery: { labelSigner: other } }));

  it("a label that a stranger signed under the sender's key id", async () => {
    // The key id is 8 bytes that anybody can copy; the signature has to be the key's own.
    const copied = Buffer.from(other.card.signingKey, "base64");
    Buffer.from(sender.card.signingKey, "base64").copy(copied, 2, 2, 10);
    const impostor = { ...sender.card, signingKey: copied.toString("base64") };
    await refused("SIGNATURE_WRONG", { trusted: TrustedSigners.of([impostor]) });
  });

  it("a label signed by one trusted unit in another's name", () =>
    refused("SIGNERS_DIFFER", {
      forgery: { labelSigner: other },
      trusted: TrustedSigners.of([sender.card, other.card]),
    }));

  it("a manifest signed by another trusted unit than the label: forwarded as if it were its own", () =>
    refused("SIGNATURE_WRONG", {
      forgery: { manifestSigner: other },
      trusted: TrustedSigners.of([sender.card, other.card]),
    }));

  it("a label signed as something else", () =>
    refused("SIGNATURE_WRONG", { forgery: { labelComment: "evseal/manifest/v1 seal=EV-F0RG-ED00-0001" } }));

  it("a label signed for another package", () =>
    refused("SIGNATURE_WRONG", { forgery: { labelComment: "evseal/label/v1 seal=EV-0000-0000-0000" } }));

  it("a manifest signed for another package", () =>
    refused("SIGNATURE_WRONG", { forgery: { manifestComment: "evseal/manifest/v1 seal=EV-0000-0000-0000" } }));

  it("a package sealed after the sender's card had expired", () =>
    refused("SIGNER_EXPIRED", { trusted: TrustedSigners.of([{ ...sender.card, expires: "2026-11-23T22:10:04Z" }]) }));

  it("but a card renewed since for the same key still speaks for what was sealed before", async () => {
    const renewed = TrustedSigners.of([{ ...sender.card, expires: "2040-01-01T00:00:00Z" }]);
    const path = await forgePackage(await temporaryFolder(), sender, [receiver]);
    await expect(verifyPackage([path], { trusted: renewed, watch })).resolves.toMatchObject({ ok: true });
  });
});

describe("to whom it is sealed", () => {
  it("somebody else only", () => refused("NOT_ADDRESSED_TO_US", { recipients: [other] }));

  it("media to somebody else only", () => refused("RECIPIENTS_DIFFER", { forgery: { mediaRecipients: [other] } }));

  it("a manifest sealed again, to us, whose recipients are others", () =>
    refused("RECIPIENTS_DIFFER", { recipients: [other], forgery: { manifestRecipients: [receiver] } }));

  it("media sealed again, to us, where the manifest names others", () =>
    refused("RECIPIENTS_DIFFER", {
      recipients: [other],
      forgery: { manifestRecipients: [other], mediaRecipients: [receiver] },
      identities: [other.identity, receiver.identity],
    }));

  it("media to one recipient more than the manifest names", () =>
    refused("RECIPIENTS_DIFFER", { forgery: { mediaRecipients: [receiver, other] } }));

  it("media to one recipient fewer", () =>
    refused("RECIPIENTS_DIFFER", { recipients: [receiver, other], forgery: { mediaRecipients: [receiver] } }));

  it("a manifest to one recipient more", () =>
    refused("RECIPIENTS_DIFFER", { forgery: { manifestRecipients: [receiver, other] } }));

  it("media with a stanza of another kind beside ours", () =>
    refused("RECIPIENTS_DIFFER", {
      recipients: [receiver, other],
      forgery: {
        container: (container) => {
          // Whoever can open it has the file key, and can write another header over the same payload.
          return rewriteHeader(container, (stanzas) => [...stanzas, { type: "grease", args: [], body: utf8("x") }]);
        },
        mediaRecipients: [receiver],
      },
    }));
});

describe("what a co-recipient can forge: the media, under the same file key", () => {
  it("other media with the label as it was are refused by anybody, without a key", async () => {
    const path = await forgePackage(await temporaryFolder(), sender, [receiver, other], {
      label: (label) => ({
        ...label,
        files: label.files.map((file, at) => (at === 0 ? { ...file, sha256: "0".repeat(64) } : file)),
      }),
    });
    await expect(verifyPackage([path], { trusted, watch })).rejects.toThrow(refusal("ALTERED"));
  });

  it("media that open, under a manifest that names another container", () =>
    refused("MANIFEST_DIFFERS", {
      forgery: {
        manifest: (manifest) => ({ ...manifest, container: { ...manifest.container, sha256: "0".repeat(64) } }),
      },
    }));

  it("a container that label and manifest name with a wrong hash", () => {
    const wrong = { sha256: "0".repeat(64) };
    return refused("ALTERED", {
      forgery: {
        manifest: (manifest) => ({ ...manifest, container: { ...manifest.container, ...wrong } }),
        label: (label) => ({
          ...label,
          files: label.files.map((file, at) => (at === 0 ? { ...file, ...wrong } : file)),
        }),
      },
    });
  });
});
