import type { Recipient } from "../age/recipient.js";
import type { Card } from "../keys/card.js";
import type { Fingerprint } from "../keys/fingerprint.js";
import type { Party, SealedFile } from "../package/label.js";
import { expiryRemark } from "../keys/expiry-remark.js";
import { formatBytes } from "./amounts.js";
import type { Row } from "./ui.js";

/** How units, fingerprints and files stand on every screen of evseal. */
export function fingerprintRows({ grouped, words }: Pick<Fingerprint, "grouped" | "words">): readonly Row[] {
  return [
    ["fingerprint", inHalves(grouped)],
    ["words", inHalves(words)],
  ];
}

/** A unit with its fingerprint below: `unit` is what it claims, the fingerprint is what can be compared. */
export function partyRow(label: string, { unit, fingerprint }: Party): Row {
  return [label, [unit, ...inHalves(groupHex(fingerprint))]];
}

export function containerRow({ name, size, sha256 }: SealedFile): Row {
  return ["container", [name, `${size} bytes (${formatBytes(size)})`, `sha256 ${sha256}`]];
}

export function expiryRow(card: Card, at: Date): Row {
  const remark = expiryRemark(card, at);
  return ["expires", `${card.expires.slice(0, 10)}${remark === undefined ? "" : ` (${remark})`}`];
}

/** What kind of key it is, in words. The post-quantum one itself is two thousand characters long. */
export function keyKindRow(kind: Recipient["kind"]): Row {
  return ["key", kind === "X25519" ? "X25519 (classic)" : "ML-KEM-768 with X25519 (post-quantum)"];
}

function groupHex(fingerprint: string): string {
  return fingerprint.match(/.{1,4}/g)?.join(" ") ?? "";
}

/** Sixteen groups or twelve words, on two lines that are read out one after the other. */
function inHalves(text: string): readonly string[] {
  const parts = text.split(" ");
  const half = Math.ceil(parts.length / 2);
  return [parts.slice(0, half).join(" "), parts.slice(half).join(" ")];
}
