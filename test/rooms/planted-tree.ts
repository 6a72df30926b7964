/** A tree with the layout of this project, in which one fault after the other is planted and cruised. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach } from "vitest";

export const project = fileURLToPath(new URL("../../", import.meta.url));

/** A new tree for every test of a file. */
export class PlantedTree {
  root = "";
  /** The rules that planted faults have set off, in all tests so far. */
  readonly fired = new Set<string>();

  constructor(readonly rooms: readonly string[]) {
    beforeEach(() => {
      this.root = mkdtempSync(path.join(tmpdir(), "evseal-rooms-"));
      cpSync(`${project}tsconfig.json`, `${this.root}/tsconfig.json`);
      cpSync(`${project}package.json`, `${this.root}/package.json`);
      symlinkSync(`${project}node_modules`, `${this.root}/node_modules`);
    });
    afterEach(() => rmSync(this.root, { recursive: true }));
  }

  plant(file: string, text: string): void {
    mkdirSync(path.dirname(path.join(this.root, file)), { recursive: true });
    writeFileSync(path.join(this.root, file), text);
  }

  /** A leaf in every room, and one file for every edge, so that a cruise over the tree judges each edge alone. */
  plantEdges(edges: readonly { from: string; to: string }[]): void {
    for (const room of this.rooms) this.plant(`src/${room}/leaf.ts`, "export const leaf = 1;\n");
    this.plant("src/cli/all.ts", this.rooms.map((room) => `import "../${room}/leaf.js";\n`).join(""));
    edges.forEach(({ from, to }, index) => this.plant(`src/${from}/planted-${index}.ts`, `import "${to}";\n`));
  }

  /** Runs `npm run rooms` over the tree; what it says about each file, as `rule: from → to`. */
  cruise(root = this.root): { status: number | null; violations: string[]; output: string } {
    const run = spawnSync(process.execPath, [`${project}test/tooling/rooms.js`, root], { encoding: "utf8" });
    const violations = [...run.stdout.matchAll(/^([\w-]+: \S+ → .+?) \(.+\)$/gm)].map(([, line]) => line ?? "");
    for (const line of violations) this.fired.add(line.replace(/:.*/, ""));
    return { status: run.status, violations, output: run.stdout + run.stderr };
  }
}
