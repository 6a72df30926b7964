/** A thread is started anew for every container: what its stage does not need would be loaded each time. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const dist = new URL("../../dist/", import.meta.url).pathname;

/** All that `file`, of what is built, imports before it runs; packages by their names. */
function importsOf(file: string, found = new Set<string>()): Set<string> {
  const code = readFileSync(file, "utf8");
  for (const [, name = ""] of code.matchAll(/^(?:(?:import|export)\s[^;]*?\sfrom|import)\s+"([^"]+)"/gm)) {
    const next = name.startsWith(".") ? path.resolve(path.dirname(file), name) : name;
    if (found.has(next) || name.startsWith("node:")) continue;
    found.add(next);
    if (name.startsWith(".")) importsOf(next, found);
  }
  return found;
}

const entry = readFileSync(`${dist}worker/entry.js`, "utf8");
const stages = [...entry.matchAll(/import\("\.\.\/([^"]+)"\)/g)].map(([, file = ""]) => file);

test("a thread knows every stage", () => {
  expect(new Set(stages).size).toBe(5);
});

test.each([...new Set(stages)])("%s loads few files, and no package", (file) => {
  const imports = [...importsOf(dist + file)];
  expect(imports.filter((name) => !path.isAbsolute(name))).toEqual([]);
  expect(imports.length).toBeGreaterThan(1);
  expect(imports.length).toBeLessThan(20);
});
