import { readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { concat, utf8 } from "../../src/bytes.js";
import { filePattern, openPackage } from "../../src/opening/open-package.js";
import type { Manifest } from "../../src/package/manifest.js";
import { refusal } from "../refusal.js";
import { temporaryFolder } from "../temporary-folder.js";
import { partyOf } from "../units.js";
import { identities, other, receiver, refused, sender, trusted, watch } from "./attack.js";
import { forgePackage, type Forgery } from "./forged-package.js";

describe("what the label and the manifest say of each other", () => {
  const differing: Record<string, (manifest: Manifest) => object> = {
    "another seal number": (manifest) => ({ ...manifest, seal: "EV-0000-0000-0000" }),
    "another instant": (manifest) => ({ ...manifest, sealedAt: "2026-11-23T22:10:06Z" }),
    "another sender": (manifest) => ({ ...manifest, sender: { ...manifest.sender, unit: "Other" } }),
    "another signing key": (manifest) => ({
      ...manifest,
      sender: { ...manifest.sender, signingKey: other.card.signingKey },
    }),
    "another recipient": (manifest) => ({
      ...manifest,
      recipients: manifest.recipients.map((recipient) => ({ ...recipient, ...partyOf(other) })),
    }),
    "another container size": (manifest) => ({ ...manifest, container: { ...manifest.container, size: 1 } }),
  };
  for (const [what, manifest] of Object.entries(differing)) {
    it(what, () => refused("MANIFEST_DIFFERS", { forgery: { manifest } }));
  }

  it("a recipient's key in the manifest that is not the one sealed to", () =>
    refused("RECIPIENTS_DIFFER", {
      forgery: {
        manifest: (manifest) => ({
          ...manifest,
          recipients: manifest.recipients.map((recipient) => ({ ...recipient, recipient: other.card.recipient })),
        }),
      },
    }));

  it("a label of another package under this package's names", () =>
    refused("LABEL_MALFORMED", { forgery: { label: (label) => ({ ...label, seal: "EV-0000-0000-0000" }) } }));

  it("a label with free text", () =>
    refused("LABEL_MALFORMED", { forgery: { label: (label) => ({ ...label, note: "Smith interview" }) } }));

  it("a manifest that is not canonical", () =>
    refused("MANIFEST_MALFORMED", { forgery: { manifest: ({ format, ...rest }) => ({ ...rest, format }) } }));

  it("a manifest of another version", () =>
    refused("MANIFEST_MALFORMED", {
      forgery: { manifest: (manifest) => ({ ...manifest, format: "evseal/manifest/v2" }) },
    }));

  it("a manifest whose archive holds something more", () =>
    refused("MANIFEST_MALFORMED", { forgery: { manifestArchive: (archive) => concat(archive, new Uint8Array(512)) } }));

  it("a manifest that does not add up", () =>
    refused("MANIFEST_MALFORMED", {
      forgery: { manifest: (manifest) => ({ ...manifest, totals: { ...manifest.totals, bytes: 1 } }) },
    }));
});

describe("a hostile name, validly signed", () => {
  const names = [
    "../../etc/cron.d/x",
    "/etc/passwd",
    "c:\\x",
    "a\\..\\b",
    "CON",
    "x\u202egpj.exe",
    "a/../../b",
    "what?",
    "x. ",
  ];
  for (const name of names) {
    it(JSON.stringify(name), () => refused("NAME_UNSAFE", { forgery: { files: { [name]: "x" } } }));
  }

  it("two names that meet on another system", () =>
    refused("NAMES_COLLIDE", { forgery: { files: { "INT/a.mp4": "x", "int/A.MP4": "y" } } }));
});

describe("an archive that is not the manifest's", () => {
  const changed = (change: (archive: Buffer) => void) => (archive: Uint8Array) => {
    const copy = Buffer.from(archive);
    change(copy);
    return copy;
  };
  const attacks: Record<string, (archive: Uint8Array) => Uint8Array> = {
    "other content": changed((archive) => archive.write("another interview".slice(0, 13), 512)),
    "an entry twice": (archive) => concat(archive.subarray(0, 1024), archive),
    "an entry missing": (archive) => archive.subarray(1024),
    "a link instead of a file": changed((archive) => archive.write("2", 156)),
    "another name": changed((archive) => archive.write("X", 0)),
    "set-user-id mode": changed((archive) => archive.write("004755 ", 100)),
    "something in the zeros between": changed((archive) => archive.write("hidden", 600)),
    "something in the trailer": changed((archive) => archive.write("hidden", archive.length - 10)),
    "something after the end": (archive) => concat(archive, utf8("hidden")),
    "no end": (archive) => archive.subarray(0, archive.length - 512),
    nothing: () => new Uint8Array(0),
  };
  for (const [what, archive] of Object.entries(attacks)) {
    it(what, () => refused("CONTENT_DIFFERS", { forgery: { archive } }));
  }

  it("a padding that is not zero", async () => {
    const archive = changed((bytes) => {
      const padding = bytes.subarray(512 + 70_144 + 512, -1024); // after a header, a file, and the padding's header
      expect(padding.length).toBeGreaterThan(6);
      padding.write("hidden");
    });
    await refused("CONTENT_DIFFERS", { forgery: { files: { "INT/a.mp4": "x".repeat(70_000) }, archive } });
  });
});

describe("opening only some files", () => {
  const openOnly = async (only: string, forgery: Forgery, outDir: string): Promise<unknown> =>
    openPackage([await forgePackage(await temporaryFolder(), sender, [receiver], forgery)], {
      outDir,
      only: filePattern(only),
      trusted,
      identities,
      watch,
    });
  const files = { "INT/a.mp4": "the interview", "INT/b.txt": "note", "c.wav": "sound" };

  it("reads their header and content as the manifest has them", async () => {
    const outDir = await temporaryFolder();
    expect(await openOnly("INT/*", { files }, outDir)).toMatchObject({ files: 2, of: 3, bytes: 17 });
    expect(await readdir(outDir)).toEqual(["EV-F0RG-ED00-0001.selected"]);
    expect(await readdir(outDir, { recursive: true })).not.toContain("EV-F0RG-ED00-0001.selected/media/c.wav");
  });

  it.each([
    ["content that differs", (archive: Buffer) => archive.write("X", 512)],
    ["a header that differs", (archive: Buffer) => archive.write("X", 0)],
  ])("refuses %s", async (_what, change) => {
    const outDir = await temporaryFolder();
    const archive = (bytes: Uint8Array): Uint8Array => {
      const copy = Buffer.from(bytes);
      change(copy);
      return copy;
    };
    await expect(openOnly("INT/a.mp4", { files, archive }, outDir)).rejects.toThrow(refusal("CONTENT_DIFFERS"));
    expect(await readdir(outDir)).toEqual([]);
  });

  it("refuses an archive of another length", async () => {
    const archive = (bytes: Uint8Array): Uint8Array => concat(bytes, new Uint8Array(512));
    const outDir = await temporaryFolder();
    await expect(openOnly("INT/a.mp4", { files, archive }, outDir)).rejects.toThrow(refusal("CONTENT_DIFFERS"));
  });

  it("refuses media sealed to more than the manifest says", async () => {
    const outDir = await temporaryFolder();
    const attack = openOnly("INT/a.mp4", { files, mediaRecipients: [receiver, other] }, outDir);
    await expect(attack).rejects.toThrow(refusal("RECIPIENTS_DIFFER"));
  });

  it.each(["", "a".repeat(1001)])("refuses a pattern that is none", (glob) => {
    expect(() => filePattern(glob)).toThrow(refusal("USAGE"));
  });

  it("says so when nothing matches", async () => {
    const outDir = await temporaryFolder();
    await expect(openOnly("*.iso", { files }, outDir)).rejects.toThrow(refusal("NOTHING_MATCHES"));
    expect(await readdir(outDir)).toEqual([]);
  });
});
