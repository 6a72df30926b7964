/** What two spellings have in common: full case folding (`ß` and `SS` meet, as on APFS) in one normal form. */
export function foldCase(text: string): string {
  return text.normalize("NFKD").toUpperCase().toLowerCase().normalize("NFKC");
}
