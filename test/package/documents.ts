import { howToName, namesFor } from "../../src/package/names.js";
import type { Label } from "../../src/package/label.js";
import type { Manifest } from "../../src/package/manifest.js";
import { layOutMedia } from "../../src/package/media-archive.js";
import { PortablePath } from "../../src/package/portable-path.js";

export const seal = "EV-7K3Q-9M2X-TB4H";
const hash = (digit: string): string => digit.repeat(64);

export const label: Label = {
  format: "evseal/label/v1",
  seal,
  sealedAt: "2026-11-23T22:10:05Z",
  sender: { unit: "GMP Sexual Offences Unit", fingerprint: hash("a") },
  recipients: [{ unit: "SCAS", fingerprint: hash("b") }],
  files: [
    { sha256: hash("1"), name: namesFor(seal).container, size: 1000 },
    { sha256: hash("2"), name: namesFor(seal).manifest, size: 2000 },
    { sha256: hash("3"), name: howToName, size: 3000 },
  ],
};

const files = [
  { path: PortablePath.parse("INT/a.mp4"), sizeBytes: 1000, modified: "2026-11-20T10:00:00.123456789Z" },
  { path: PortablePath.parse("INT/b.txt"), sizeBytes: 0, modified: "2026-11-20T10:00:00.000000000Z" },
];
const layout = layOutMedia(seal, files);

export const manifest: Manifest = {
  format: "evseal/manifest/v1",
  seal,
  sealedAt: label.sealedAt,
  sender: { ...label.sender, signingKey: "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3" },
  recipients: [{ unit: "SCAS", fingerprint: hash("b"), recipient: "age1example", role: "recipient" }],
  container: { sha256: hash("1"), name: namesFor(seal).container, size: 1000 },
  record: { case: "2026/114", exhibits: ["AB/1", "AB/2"], officer: "DC 1234 Okoro", reason: "SCAS analysis" },
  readBack: true,
  tool: { name: "evseal", version: "0.1.0" },
  totals: { files: 2, bytes: 1000, padding: layout.padding.sizeBytes },
  files: files.map(({ path, sizeBytes, modified }, index) => ({
    sha256: hash(String(index)),
    path: path.text,
    size: sizeBytes,
    modified,
    offset: layout.offsets[index] ?? 0,
  })),
};
