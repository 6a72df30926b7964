import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import type { Step } from "../cli/on-terminal.js";
import type { RunOptions } from "../cli/run.js";
import { record } from "../faults/campaign.js";
import type { Canaries } from "./canaries.js";
import type { Scene } from "./scene.js";
import { traced, tracedOnTerminal, type Traced } from "./traced.js";

export type Unit = "sender" | "receiver";

export interface Around extends Partial<RunOptions> {
  /** A text that strace takes for `inject=`: a call that fails. */
  readonly inject?: string;
  readonly talk?: readonly Step[];
}

/** What is left to be searched of `text`, which was written to `to`, when what may stand there is taken out. */
export type Allowed = (to: string, text: Buffer) => Buffer;

const nothing: Allowed = (_to, text) => text;

/** Runs commands in a scene and searches all that they write, for one table and many tests. */
export class Search {
  readonly #scene: Scene;
  readonly #violations: string[] = [];
  readonly #started = Date.now();
  #runs = 0;

  constructor(scene: Scene) {
    this.#scene = scene;
    const folders = ["out", "opened", "cwd", "tmp", "home", "sender", "receiver"];
    for (const name of folders) mkdirSync(this.at(name));
  }

  at(...parts: readonly string[]): string {
    return path.join(this.#scene.folder, ...parts);
  }

  async run(unit: Unit, words: readonly string[], around: Around = {}): Promise<Traced> {
    const { talk, ...rest } = around;
    const env = { HOME: this.at("home"), TMPDIR: this.at("tmp"), ...rest.env };
    const options = { ...rest, home: this.at(unit), cwd: this.at("cwd"), env, trace: this.at("trace") };
    return talk === undefined ? await traced(words, options) : await tracedOnTerminal(words, options, talk);
  }

  /** What was written, by whom it was to be had; one text each, so that no canary hides between two writes. */
  leaks({ written, unseen }: Traced, canaries: Canaries, allowed = nothing): readonly string[] {
    expect(written.length).toBeGreaterThan(0);
    const places = new Map<string, Buffer[]>();
    for (const { to, bytes } of written) places.set(to, [...(places.get(to) ?? []), bytes]);
    const searched = ["out", "cwd", "tmp", "home", "sender", "receiver"];
    return [
      ...unseen,
      ...[...places].flatMap(([to, parts]) => canaries.leaksIn(allowed(to, Buffer.concat(parts)), to)),
      ...searched.flatMap((name) => canaries.leaksBelow(this.at(name), name)),
    ];
  }

  expectNone(ran: Traced, canaries = this.#scene.everything, allowed = nothing): void {
    const found = this.leaks(ran, canaries, allowed);
    this.#runs += 1;
    this.#violations.push(...found);
    expect(found).toEqual([]);
  }

  recordAll(where = ""): void {
    const started = this.#started;
    record({ name: `canaries in every byte written${where}`, runs: this.#runs, violations: this.#violations, started });
  }

  passphraseFile(unit: Unit): string {
    return this.at(`passphrase of the ${unit}`);
  }

  /** Two units with known keys under passphrases, known to each other. */
  async makeUnits(): Promise<void> {
    const { signingKey, identity, passphrases, secrets } = this.#scene;
    const taken = { sender: ["--signing-key", signingKey, "--classic"], receiver: ["--identity", identity] };
    const succeeding = async (unit: Unit, words: readonly string[], around?: Around): Promise<Traced> => {
      const ran = await this.run(unit, words, around);
      if (ran.code !== 0) throw new Error(`${words[0] ?? ""}: ${ran.stderr}${ran.stdout}`);
      this.expectNone(ran, secrets);
      return ran;
    };
    const fingerprints = { sender: "", receiver: "" };
    for (const unit of ["sender", "receiver"] as const) {
      writeFileSync(this.passphraseFile(unit), `${passphrases[unit]}\n`);
      const words = ["keygen", "--unit", unit, ...taken[unit], "--passphrase-fd", "3", "--json"];
      const made = await succeeding(unit, words, { fds: { 3: passphrases[unit] } });
      fingerprints[unit] = (JSON.parse(made.stdout) as { fingerprint: string }).fingerprint;
      await succeeding(unit, ["card", "--out", this.at(`${unit}.json`)]);
    }
    const add = (other: Unit): string[] => [
      "contacts",
      "add",
      this.at(`${other}.json`),
      "--fingerprint",
      fingerprints[other],
    ];
    await succeeding("sender", add("receiver"));
    await succeeding("receiver", add("sender"));
  }
}
