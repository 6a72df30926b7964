/** What two spellings have in common: full case folding (`ß` and `SS` meet, as on APFS) in one normal form. */
export function foldCase(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text.toLowerCase(); // the same, and quick
  return text.normalize("NFKD").toUpperCase().toLowerCase().normalize("NFKC");
}
