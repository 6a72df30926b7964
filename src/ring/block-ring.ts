/**
 * The one place that owns memory shared between threads: a ring of slots, each with room for a block in the clear and
 * for the same block sealed, and the word that says whose turn it is with that slot.
 *
 * A block is 16 chunks of age's payload (1 MiB). Block `n` lives in slot `n mod slots` and passes the stages of a
 * pipeline in order; a slot's word counts the turns it has seen, so that no stage can take a block twice, early, or
 * from another round. Whoever stops the ring overwrites every word: nobody waits for a turn that never comes.
 */
import { fault } from "../errors.js";

const chunksPerBlock = 16;
const clearBlockSizeBytes = chunksPerBlock * 64 * 1024;
const sealedBlockSizeBytes = clearBlockSizeBytes + chunksPerBlock * 16;
/** What reading and writing past the page cache asks of addresses, offsets and sizes (open(2), O_DIRECT). */
export const pageSizeBytes = 4096;
/** A sealed block stands at the same distance from a page as in its file, so that whole pages move without a copy. */
const windowSizeBytes = alignedUp(pageSizeBytes - 1 + sealedBlockSizeBytes);
/** A page of room, the block in the clear, and the window of the sealed one. */
const slotSizeBytes = pageSizeBytes + clearBlockSizeBytes + windowSizeBytes;
const keySizeBytes = 32;
const wasmPageSizeBytes = 64 * 1024;

/** The first words of the control page: the next block that a worker may claim, blocks done, and whether all stop. */
const word = { claimed: 0, done: 1, stopped: 2, firstSlot: 16 } as const;
const keyOffset = pageSizeBytes - keySizeBytes;
const stoppedTurn = -1;

/** What another thread needs to work on the same ring. */
export interface RingShape {
  readonly memory: SharedArrayBuffer;
  readonly slots: number;
  /** How many stages each block passes. */
  readonly turns: number;
  /** The length of the payload in the clear. */
  readonly payloadSizeBytes: number;
  /** Where the first sealed block begins in its file: what stands before is age's header and nonce. */
  readonly startSizeBytes: number;
}

/** Thrown out of a wait when another thread, or a person, has stopped the work. Its cause is told elsewhere. */
export class RingStopped extends Error {}

export class BlockRing {
  readonly shape: RingShape;
  readonly blockCount: number;
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;

  constructor(shape: RingShape) {
    this.shape = shape;
    this.blockCount = Math.max(1, Math.ceil(shape.payloadSizeBytes / clearBlockSizeBytes));
    this.#bytes = new Uint8Array(shape.memory);
    this.#words = new Int32Array(shape.memory, 0, keyOffset / 4);
    if (word.firstSlot + shape.slots > this.#words.length) throw fault("a ring of too many slots");
  }

  static create(shape: Omit<RingShape, "memory">): BlockRing {
    return new BlockRing({ ...shape, memory: pageAligned(pageSizeBytes + shape.slots * slotSizeBytes) });
  }

  /** The payload key of the one stream that passes here; only `age/` touches it, and `wipe` overwrites it. */
  get key(): Uint8Array {
    return this.#bytes.subarray(keyOffset, pageSizeBytes);
  }

  /**
   * The part of the payload that block `n` is. A lint rule names the rooms that may see it. It begins at a page, and the
   * page before it is free for what is left of the block before.
   */
  clearBytes(n: number): Uint8Array {
    const start = this.#clearStart(n);
    return this.#bytes.subarray(start, start + this.#clearSizeBytes(n));
  }

  /** Block `n` sealed: each chunk followed by its tag. */
  sealedBytes(n: number): Uint8Array {
    const start = this.#windowStart(n) + (this.sealedOffset(n) % pageSizeBytes);
    return this.#bytes.subarray(start, start + this.#sealedSizeBytes(n));
  }

  /** The whole pages of the file that block `n`, sealed, touches; the first begins at `windowOffset(n)`. */
  sealedWindow(n: number): Uint8Array {
    const sizeBytes = alignedUp((this.sealedOffset(n) % pageSizeBytes) + this.#sealedSizeBytes(n));
    return this.#bytes.subarray(this.#windowStart(n), this.#windowStart(n) + sizeBytes);
  }

  /** Where block `n` begins in the sealed file. */
  sealedOffset(n: number): number {
    return this.shape.startSizeBytes + n * sealedBlockSizeBytes;
  }

  windowOffset(n: number): number {
    return this.sealedOffset(n) - (this.sealedOffset(n) % pageSizeBytes);
  }

  firstChunkOf(n: number): number {
    return n * chunksPerBlock;
  }

  isLast(n: number): boolean {
    return n === this.blockCount - 1;
  }

  /** The next block that nobody has taken for the stage that threads share; undefined when all are taken. */
  claim(): number | undefined {
    const n = Atomics.add(this.#words, word.claimed, 1);
    return n < this.blockCount ? n : undefined;
  }

  /** The same, but only a block whose turn at stage `turn` it is already: nobody waits for it. */
  claimReady(turn: number): number | undefined {
    const n = Atomics.load(this.#words, word.claimed);
    if (n >= this.blockCount || this.state(n) !== this.#turnNumber(n, turn)) return undefined;
    return Atomics.compareExchange(this.#words, word.claimed, n, n + 1) === n ? n : undefined;
  }

  /** What is known of block `n` now, for `isTurn` and `awaitChange`. */
  state(n: number): number {
    return Atomics.load(this.#words, this.#wordOf(n));
  }

  /** Whether in that state stage `turn` may have block `n`. Throws RingStopped. */
  isTurn(n: number, turn: number, state: number): boolean {
    if (state === stoppedTurn) throw new RingStopped();
    return state === this.#turnNumber(n, turn);
  }

  /** Returns when block `n` is no longer in that state. Blocks the thread. */
  awaitChange(n: number, state: number): void {
    Atomics.wait(this.#words, this.#wordOf(n), state);
  }

  /** Waits until stage `turn` may have block `n`. Blocks the thread. Throws RingStopped. */
  awaitTurn(n: number, turn: number): void {
    for (let state = this.state(n); !this.isTurn(n, turn, state); state = this.state(n)) this.awaitChange(n, state);
  }

  /** Hands block `n` from stage `turn` to the next. Throws RingStopped. */
  passOn(n: number, turn: number): void {
    const expected = this.#turnNumber(n, turn);
    const found = Atomics.compareExchange(this.#words, this.#wordOf(n), expected, expected + 1);
    if (found === stoppedTurn) throw new RingStopped();
    if (found !== expected) throw fault("a block was handed on out of turn");
    Atomics.notify(this.#words, this.#wordOf(n));
    if (turn === this.shape.turns - 1) this.countDone();
  }

  countDone(): void {
    Atomics.add(this.#words, word.done, 1);
  }

  get doneSizeBytes(): number {
    return Math.min(Atomics.load(this.#words, word.done) * clearBlockSizeBytes, this.shape.payloadSizeBytes);
  }

  /** Wakes and ends every stage. True for the first to call it: theirs is the cause that is told. */
  stop(): boolean {
    const isFirst = Atomics.compareExchange(this.#words, word.stopped, 0, 1) === 0;
    for (let slot = 0; slot < this.shape.slots; slot++) {
      Atomics.store(this.#words, word.firstSlot + slot, stoppedTurn);
      Atomics.notify(this.#words, word.firstSlot + slot);
    }
    return isFirst;
  }

  /** Overwrites every block and the key; for when all threads have ended. */
  wipe(): void {
    this.#bytes.fill(0);
  }

  /** Wraps after 2^31 turns of one slot; a payload that long (PiB) is refused long before. */
  #turnNumber(n: number, turn: number): number {
    return Math.floor(n / this.shape.slots) * this.shape.turns + turn;
  }

  #wordOf(n: number): number {
    return word.firstSlot + (n % this.shape.slots);
  }

  #slotStart(n: number): number {
    return pageSizeBytes + (n % this.shape.slots) * slotSizeBytes;
  }

  #clearStart(n: number): number {
    return this.#slotStart(n) + pageSizeBytes;
  }

  #windowStart(n: number): number {
    return this.#clearStart(n) + clearBlockSizeBytes;
  }

  #clearSizeBytes(n: number): number {
    return Math.min(clearBlockSizeBytes, this.shape.payloadSizeBytes - n * clearBlockSizeBytes);
  }

  #sealedSizeBytes(n: number): number {
    const clear = this.#clearSizeBytes(n);
    return clear + Math.max(1, Math.ceil(clear / (64 * 1024))) * 16;
  }
}

/** `sizeBytes` up to the next whole page. */
function alignedUp(sizeBytes: number): number {
  return Math.ceil(sizeBytes / pageSizeBytes) * pageSizeBytes;
}

declare const WebAssembly: {
  readonly Memory: new (size: { initial: number; maximum: number; shared: true }) => {
    readonly buffer: SharedArrayBuffer;
  };
};

/** Memory that begins at a page, which a SharedArrayBuffer of its own does not. */
function pageAligned(sizeBytes: number): SharedArrayBuffer {
  const pages = Math.ceil(sizeBytes / wasmPageSizeBytes);
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }).buffer;
}
