import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { environmentOf } from "../interop/programs.js";

/** What a folder must hold, where it holds anything under a final name. */
export interface Case {
  readonly folder: string;
  readonly makes: "package" | "opened";
  /** The sender's minisign public key. */
  readonly sender: string;
  /** The receiver's age identity file. */
  readonly identity: string;
  readonly sources: Readonly<Record<string, SourceState>>;
  /** The names that have stood in the folder together, where they are not always all of `sources`. */
  readonly listings?: readonly (readonly string[])[];
}

/** What a unit's home must hold. */
export interface HomeCase {
  readonly folder: string;
  readonly makes: "home";
  readonly unit: string;
  /** The SHA-256 of each card that may be a contact. */
  readonly cards: readonly string[];
}

export interface SourceState {
  /** The SHA-256 of each state that the file has had. */
  readonly sha256: readonly string[];
  /** Nanoseconds since 1970, where the file has kept its time. */
  readonly modified: string | null;
}

export interface Judgement {
  readonly results: readonly string[];
  readonly partials: readonly string[];
  readonly violations: readonly string[];
}

/** judge.py, which shares no code with evseal: one process for many questions. */
export class Judge {
  readonly #python;
  readonly #waiting: ((answer: string) => void)[] = [];

  constructor() {
    const script = fileURLToPath(new URL("judge.py", import.meta.url));
    this.#python = spawn("python3", [script], { env: environmentOf({}), stdio: ["pipe", "pipe", "inherit"] });
    createInterface(this.#python.stdout).on("line", (line) => this.#waiting.shift()?.(line));
    this.#python.on("exit", () => {
      for (const answer of this.#waiting) answer('{"results":[],"partials":[],"violations":["the judge has died"]}');
    });
  }

  async judge(question: Case | HomeCase): Promise<Judgement> {
    const answer = new Promise<string>((resolve) => this.#waiting.push(resolve));
    this.#python.stdin.write(`${JSON.stringify(question)}\n`);
    return JSON.parse(await answer) as Judgement; // judge.py is ours
  }

  end(): void {
    this.#python.stdin.end();
  }
}
