const pieceSizeChars = 64 * 1024;

/**
 * A list as another thread is handed it: in memory that goes there, and is unpacked little by little. A hundred thousand
 * objects would stand there three times: here, on their way, and there.
 */
export class PackedList<Item> {
  readonly pieces: readonly ArrayBuffer[];
  /** Never there: what `unpacked` gives. */
  declare readonly item?: Item;

  private constructor(pieces: readonly ArrayBuffer[]) {
    this.pieces = pieces;
  }

  /** Of plain data, as JSON has it. */
  static of<Item>(items: Iterable<Item>): PackedList<Item> {
    const pieces: ArrayBuffer[] = [];
    let text = "";
    const pack = (): void => {
      const array = `[${text.slice(1)}]`;
      const piece = new ArrayBuffer(Buffer.byteLength(array));
      Buffer.from(piece).write(array);
      pieces.push(piece);
      text = "";
    };
    for (const item of items) {
      text += `,${JSON.stringify(item)}`;
      if (text.length > pieceSizeChars) pack();
    }
    pack();
    return new PackedList(pieces);
  }
}

/** A class does not cross to another thread: what arrives there has the pieces. */
export function* unpacked<Item>({ pieces }: Pick<PackedList<Item>, "pieces" | "item">): Generator<Item, void> {
  for (const piece of pieces) yield* JSON.parse(Buffer.from(piece).toString()) as Item[];
}

/** The memory of all lists among the members of what a thread is handed: it is the thread's from then on. */
export function memoryOfLists(data: unknown): readonly ArrayBuffer[] {
  const members = typeof data === "object" && data !== null ? Object.values(data) : [];
  return members.flatMap((member: unknown) => (member instanceof PackedList ? member.pieces : []));
}
