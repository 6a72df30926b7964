interface Edit {
  readonly file: string;
  readonly find: string;
  readonly put: string;
}

/**
 * A deliberately broken build: what it does wrong, the test that must notice, and exact edits of the sources. `find` must
 * stand in `file` exactly once; when the code has moved on, the patch no longer applies, and that is a failure too.
 */
export interface Mutant {
  readonly name: string;
  readonly test: string;
  readonly title: string;
  readonly edits: readonly Edit[];
}

export function mutant(
  name: string,
  [test, title]: readonly [test: string, title: string],
  ...edits: readonly (readonly [file: string, find: string, put: string])[]
): Mutant {
  return { name, test, title, edits: edits.map(([file, find, put]) => ({ file, find, put })) };
}

/** The text of a file with one edit made. */
export function applyEdit({ file, find, put }: Edit, text: string): string {
  const pieces = text.split(find);
  if (pieces.length !== 2) throw new Error(`${file} holds ${pieces.length - 1} times, and not once: ${find}`);
  return pieces.join(put);
}
