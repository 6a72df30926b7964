import type { ReadStream } from "node:tty";
import { fault } from "../errors.js";
import { SecretBytes } from "../crypto/secret-bytes.js";
import { interrupted } from "../watch.js";
import { missingPassphrase, passphraseCapBytes, unusablePassphrase } from "./passphrase-rules.js";
import type { Ui } from "./ui.js";

const key = { ctrlC: 0x03, ctrlD: 0x04, backspace: 0x08, tab: 0x09, lineFeed: 0x0a, enter: 0x0d, ctrlU: 0x15 } as const;
const escapeByte = 0x1b;
const deleteByte = 0x7f;

/**
 * Asks for a passphrase on a terminal that is quiet already (quiet-keyboard.ts). Bytes go from the terminal in raw mode
 * into one block of memory, never through a string, and nothing is shown. What was pasted after Enter is dropped.
 * Throws PASSPHRASE_MISSING for an empty answer or a terminal that went away, PASSPHRASE_UNUSABLE for one over 4 KiB,
 * INTERRUPTED on Ctrl-C or when `signal` says so.
 */
export async function promptPassphrase(
  question: string,
  terminal: { readonly input: ReadStream; readonly ui: Ui; readonly signal: AbortSignal },
): Promise<SecretBytes> {
  const { input, ui, signal } = terminal;
  if (signal.aborted) throw interrupted();
  const typed = new TypedLine();
  ui.ask(question);
  try {
    await new Promise<void>((resolve, reject) => {
      input.on("data", (chunk: Buffer) => {
        try {
          if (typed.takeAll(chunk)) resolve();
        } catch (error) {
          reject(error instanceof Error ? error : fault("a passphrase could not be read", error));
        } finally {
          chunk.fill(0);
        }
      });
      input.once("end", () => reject(missingPassphrase()));
      input.once("error", () => reject(missingPassphrase()));
      signal.addEventListener("abort", () => reject(interrupted()), { once: true });
      input.resume(); // an earlier question has paused it
    });
    return typed.secret();
  } finally {
    for (const event of ["data", "end", "error"]) input.removeAllListeners(event);
    input.pause();
    typed.wipe();
    ui.endOfAnswer();
  }
}

/** What has been typed so far, with the few keys that a person uses to correct it. */
export class TypedLine {
  readonly #bytes = new Uint8Array(passphraseCapBytes);
  #sizeBytes = 0;
  /** Inside the sequence that an arrow or function key sends: none of it is meant as a character. */
  #inKeySequence: "no" | "started" | "going on" = "no";

  /** True once Enter (or Ctrl-D after something was typed) was among `chunk`; the rest of it is dropped. */
  takeAll(chunk: Uint8Array): boolean {
    return chunk.some((byte) => this.#take(byte));
  }

  /** A copy of what was typed; throws PASSPHRASE_MISSING when that is nothing. */
  secret(): SecretBytes {
    if (this.#sizeBytes === 0) throw missingPassphrase();
    return SecretBytes.copyOf(this.#bytes.subarray(0, this.#sizeBytes));
  }

  wipe(): void {
    this.#bytes.fill(0);
    this.#sizeBytes = 0;
  }

  #take(byte: number): boolean {
    if (this.#isPartOfKeySequence(byte)) return false;
    switch (byte) {
      case key.ctrlC:
        throw interrupted();
      case key.ctrlD:
      case key.enter:
      case key.lineFeed:
        return true;
      case key.backspace:
      case deleteByte:
        this.#dropLastCharacter();
        return false;
      case key.ctrlU:
        this.wipe();
        return false;
      default:
        if (byte >= 0x20 || byte === key.tab) this.#append(byte);
        return false;
    }
  }

  #append(byte: number): void {
    if (this.#sizeBytes === this.#bytes.length) throw unusablePassphrase("is longer than 4096 bytes");
    this.#bytes[this.#sizeBytes] = byte;
    this.#sizeBytes += 1;
  }

  /** One character is one to four bytes of UTF-8: continuation bytes are 10xxxxxx. */
  #dropLastCharacter(): void {
    let last: number;
    do {
      if (this.#sizeBytes === 0) return;
      this.#sizeBytes -= 1;
      last = this.#bytes[this.#sizeBytes] ?? 0;
      this.#bytes[this.#sizeBytes] = 0;
    } while ((last & 0xc0) === 0x80);
  }

  /** ECMA-48: ESC, then `[` or `O`, then parameters up to a final byte 0x40 to 0x7e. */
  #isPartOfKeySequence(byte: number): boolean {
    if (byte === escapeByte) {
      this.#inKeySequence = "started";
      return true;
    }
    if (this.#inKeySequence === "no") return false;
    const opens = this.#inKeySequence === "started" && (byte === 0x5b || byte === 0x4f);
    const goesOn = this.#inKeySequence === "going on" && byte >= 0x20 && byte < 0x40;
    const isControl = byte < 0x20 || byte === deleteByte;
    this.#inKeySequence = opens || goesOn ? "going on" : "no";
    return !isControl;
  }
}
