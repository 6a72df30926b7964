/** One way in which bytes can stand somewhere without looking like themselves. */
export interface Spelling {
  readonly how: string;
  readonly bytes: Buffer;
}

/** Every way in which the scanner looks for `value`: as programs log, escape, encode and print bytes and text. */
export function spellingsOf(value: Buffer): readonly Spelling[] {
  const bytes = [...value];
  const hex = value.toString("hex");
  const each = (spell: (byte: string) => string): string => (hex.match(/../g) ?? []).map(spell).join("");
  const spelled: [string, string][] = [
    ["hex", hex],
    ["HEX", hex.toUpperCase()],
    ["hex in pairs", each((byte) => ` ${byte}`).slice(1)],
    ["percent", each((byte) => `%${byte}`)],
    ["PERCENT", each((byte) => `%${byte.toUpperCase()}`)],
    ["JSON", each((byte) => `\\u00${byte}`)],
    ["JSON in capitals", each((byte) => `\\u00${byte.toUpperCase()}`)],
    ["\\x", each((byte) => `\\x${byte}`)],
    ["numbers", bytes.join(",")],
    ["numbers apart", bytes.join(", ")],
    ...[0, 1, 2].flatMap((alignment) => base64(value, alignment)),
  ];
  const wide = Buffer.from(bytes.flatMap((byte) => [byte, 0]));
  return [
    { how: "raw", bytes: value },
    { how: "UTF-16LE", bytes: wide },
    { how: "UTF-16BE", bytes: Buffer.from(wide).swap16() },
    ...[...spelled, ...escaped(value)].map(([how, text]) => ({ how, bytes: Buffer.from(text) })),
  ];
}

/** Text in which URLs or JSON escape some characters only. */
function escaped(value: Buffer): [string, string][] {
  const text = value.toString("utf8");
  if (!Buffer.from(text).equals(value)) return [];
  const spelled: [string, string][] = [
    ["in a URL", encodeURIComponent(text)],
    ["in JSON", JSON.stringify(text).slice(1, -1)],
  ];
  return spelled.filter(([, spelling]) => spelling !== text);
}

/** The characters that stand for `value` alone when `alignment` (0, 1 or 2) bytes of something else go before it. */
function base64(value: Buffer, alignment: number): [string, string][] {
  const encoded = Buffer.concat([Buffer.alloc(alignment), value]).toString("base64");
  const first = Math.ceil((alignment * 8) / 6);
  const end = Math.floor(((alignment + value.length) * 8) / 6);
  const text = encoded.slice(first, end);
  return [
    [`base64 after ${alignment}`, text],
    [`base64url after ${alignment}`, text.replaceAll("+", "-").replaceAll("/", "_")],
  ];
}
