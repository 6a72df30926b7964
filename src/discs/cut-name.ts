/** Burning programs put a number where two names would be cut to the same. */
const numberSizeChars = 4;

/**
 * Whether `cut`, an identifier in the primary ISO 9660 tree (ECMA-119 7.5), is what burning programs make of `name`:
 * capitals, an underscore for every other character, the last dot kept, each side cut to a length, and perhaps a number
 * at the end of what stands before the dot. Nothing else fits into such a name.
 */
export function isCutFrom(cut: string, name: string): boolean {
  const [base, extension] = split(cut.replace(/;1$/, ""));
  const [wholeBase, wholeExtension] = split(name).map(fold);
  if (base === "" || wholeExtension?.startsWith(extension) !== true) return false;
  for (let kept = base.length; kept >= base.length - numberSizeChars; kept--) {
    const number = base.slice(kept);
    const isNumbered = kept >= numberSizeChars && base.length <= (wholeBase ?? "").length && /^[0-9]*$/.test(number);
    if ((number === "" || isNumbered) && wholeBase?.startsWith(base.slice(0, kept))) return true;
  }
  return false;
}

function split(name: string): readonly [base: string, extension: string] {
  const dot = name.lastIndexOf(".");
  return dot < 0 ? [name, ""] : [name.slice(0, dot), name.slice(dot + 1)];
}

function fold(text: string): string {
  return text.toUpperCase().replace(/[^A-Z0-9_]/g, "_");
}
