import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";

const letters = (count: number) => "n".repeat(count);

/** Paths that a package can hold and that a reader of tar, a shell or a file system may trip over. */
const hardPaths: readonly string[] = [
  "-rf",
  ".hidden",
  "#comment",
  "a=b",
  "100% [sic] {x,y} ~ $HOME `id` 'quoted' & more;",
  " leading space.txt",
  "Zeugin Müller – 取調べ.wav",
  "👩‍⚖️".replaceAll("\u200d", "").replaceAll("\ufe0f", ""),
  "e\u0301 decomposed.txt",
  "PaxHeader",
  "padding",
  "manifest.json",
  // The longest component, in letters and in two-byte characters.
  letters(255),
  `${"ü".repeat(127)}n`,
  // Around what fits the name and the prefix of a ustar header (100 and 155 bytes, one slash between), where the
  // archive adds the seal number, `media/` and the packed folder's name in front: every length on both sides.
  ...Array.from({ length: 80 }, (_, index) => `around-100/${letters(60 + index)}`),
  ...Array.from({ length: 60 }, (_, index) => `${letters(90 + index)}/${letters(50)}-folder`),
  ...Array.from({ length: 6 }, (_, index) => `${letters(99)}/${letters(25 + index)}/${letters(100)}`),
];

/** A path of exactly `bytes` bytes in components that are not too long. */
function deepPath(bytes: number): string {
  const components = Array.from({ length: Math.floor(bytes / 100) }, () => "d".repeat(99));
  const rest = bytes - components.length * 100;
  return [...components, "e".repeat(rest)].join("/");
}

/** The longest path a package holds, in bytes (FORMAT.md, "Limits"). */
const longestPathBytes = 1000;

/**
 * Writes a file at every hard path below `folder`, each with its own content, and at the longest path a package holds
 * when the folder is packed as `packedAs`.
 */
export function writeHardNames(folder: string, packedAs = path.basename(folder)): void {
  const longest = deepPath(longestPathBytes - packedAs.length - 1);
  [...hardPaths, longest].forEach((name, index) => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `content of file ${index}\n`.repeat(index % 40));
    utimesSync(file, 1_700_000_000 + index, 1_700_000_000 + index);
  });
}
