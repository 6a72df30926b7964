import type * as z from "zod";
import { utf8 } from "../bytes.js";
import { encodeCanonical } from "./canonical-json.js";
import type { Markup } from "./markup.js";

/**
 * A document that may stand in the clear: the fixed text of HOW-TO-OPEN.txt, JSON of a closed schema without free text,
 * or a report about evseal itself. `output/` writes nothing else unsealed and unsigned.
 */
export class PublicDocument {
  readonly #bytes: Uint8Array; // a private name: nothing that only looks like one passes for it

  private constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** The canonical encoding of `value`; throws ZodError where it is not what `schema` (a strict object) allows. */
  static of<T extends Readonly<Record<string, unknown>>>(value: T, schema: z.ZodType<T>): PublicDocument {
    return new PublicDocument(encodeCanonical(schema.parse(value)));
  }

  static fixedText(text: string): PublicDocument {
    return new PublicDocument(utf8(text));
  }

  /** What doctor found, which holds nothing of any package. */
  static ofReport(report: Markup): PublicDocument {
    return new PublicDocument(utf8(report.text));
  }
}
