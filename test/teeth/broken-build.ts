import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { bundleProgram } from "../../build/bundle.js";
import { copyProject } from "../project-copy.js";
import { applyEdit, type Mutant } from "./mutant.js";

const project = fileURLToPath(new URL("../..", import.meta.url));
const copied = "src test bin build docs fixtures dist package.json tsconfig.json README.md LICENSE".split(" ");

interface Report {
  readonly testResults: readonly { assertionResults: readonly { fullName: string; status: string }[] }[];
}

/** A copy of the project in which one thing at a time is broken, in the sources and in what is built of them. */
export class BrokenBuild {
  readonly #root = mkdtempSync(path.join(tmpdir(), "evseal-teeth-"));

  constructor() {
    copyProject(this.#root, copied);
  }

  /** Runs `work` while `mutant` is applied, and puts everything back. Throws when a patch does not apply or parse. */
  while<T>({ edits }: Mutant, work: () => T): T {
    try {
      for (const edit of edits) this.#write(edit.file, applyEdit(edit, readFileSync(this.#at(edit.file), "utf8")));
      return work();
    } finally {
      for (const { file } of edits) this.#write(file, readFileSync(project + file, "utf8"));
    }
  }

  /** What came of the tests with these full names in `files`: passed, failed or skipped. Throws when none could run. */
  test(files: readonly string[], titles: readonly string[]): ReadonlyMap<string, string> {
    bundleProgram(this.#root);
    const report = this.#at("report.json");
    rmSync(report, { force: true });
    const pattern = titles.map((title) => title.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|");
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [
        ...["node_modules/vitest/vitest.mjs", "run", "--config", "test/tooling/vitest.config.ts", "--reporter=json"],
        ...[`--outputFile=${report}`, "--testNamePattern", `^(${pattern})$`, ...files],
      ],
      { cwd: this.#root, encoding: "utf8", timeout: 600_000 },
    );
    try {
      const { testResults } = JSON.parse(readFileSync(report, "utf8")) as Report;
      return new Map(
        testResults.flatMap((file) => file.assertionResults.map(({ fullName, status }) => [fullName, status])),
      );
    } catch (cause) {
      throw new Error(`the tests did not run: ${stdout}${stderr}`, { cause });
    }
  }

  end(): void {
    rmSync(this.#root, { recursive: true });
  }

  #at(name: string): string {
    return path.join(this.#root, name);
  }

  #write(file: string, text: string): void {
    writeFileSync(this.#at(file), text);
    if (!file.startsWith("src/")) return;
    const config = ts.readConfigFile(`${project}tsconfig.json`, (name) => readFileSync(name, "utf8"));
    const stated = config.config as { compilerOptions: object };
    const { options } = ts.convertCompilerOptionsFromJson(stated.compilerOptions, project);
    const compilerOptions = { ...options, module: ts.ModuleKind.ESNext }; // package.json says so, and is not asked here
    const built = ts.transpileModule(text, { fileName: file, compilerOptions, reportDiagnostics: true });
    const isBroken = built.diagnostics?.some((diagnostic) => diagnostic.file !== undefined);
    if (isBroken === true) throw new Error(`${file} does not parse any more`);
    writeFileSync(this.#at(file.replace(/^src/, "dist").replace(/ts$/, "js")), built.outputText);
  }
}
