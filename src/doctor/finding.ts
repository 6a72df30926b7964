/** "not examined" is for systems that evseal cannot ask: it is neither good news nor bad. */
export type FindingState = "ok" | "warning" | "failed" | "not examined";

/** What a failed finding is about: evseal itself and what it is built of, or this unit's keys, cards, policy and clock. */
export type FindingConcern = "evseal" | "unit";

/** One thing that was looked at. No text in it holds a path, a secret or unescaped words of others. */
export interface Finding {
  /** What was looked at, in a word or two; stable, as the codes of errors are. */
  readonly check: string;
  readonly state: FindingState;
  readonly detail: string;
  /** What to do. */
  readonly hint: string;
  readonly concern: FindingConcern;
}

/** Makes the findings of one check. */
export class Check {
  readonly #name: string;
  readonly #concern: FindingConcern;

  constructor(name: string, concern: FindingConcern) {
    this.#name = name;
    this.#concern = concern;
  }

  ok(detail: string): Finding {
    return this.#finding("ok", detail, "nothing to do");
  }

  warning(detail: string, hint: string): Finding {
    return this.#finding("warning", detail, hint);
  }

  failed(detail: string, hint: string): Finding {
    return this.#finding("failed", detail, hint);
  }

  notExamined(hint: string): Finding {
    return this.#finding("not examined", "not examined here", hint);
  }

  #finding(state: FindingState, detail: string, hint: string): Finding {
    return { check: this.#name, state, detail, hint, concern: this.#concern };
  }
}
