import { fault } from "../errors.js";
import { escape } from "../unsafe-name.js";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** HTML that our own templates make, in which whatever they were given is text and nothing else; made by `markup` only. */
export class Markup {
  readonly #text: string; // a private name: nothing that only looks like one passes for it

  private constructor(text: string) {
    this.#text = text;
  }

  get text(): string {
    return this.#text;
  }

  static of(template: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
    // What the language hands to a tag is frozen; an array that somebody filled with a name is not.
    if (!Object.isFrozen(template)) throw fault("markup was not made by a template");
    const parts = template.map((part, index) => part + (index < values.length ? textOf(values[index]) : ""));
    return new Markup(parts.join(""));
  }
}

export type MarkupValue = string | number | Markup | readonly Markup[];

/** The tag of a template, in element content or a quoted attribute: markup`<td>${name}</td>`. */
export const markup = (template: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup =>
  Markup.of(template, ...values);

function textOf(value: MarkupValue | undefined): string {
  if (value instanceof Markup) return value.text;
  if (typeof value === "object") return value.map(({ text }) => text).join("");
  return escape(String(value)).replace(/[&<>"']/g, (character) => entities[character] ?? "");
}
