/**
 * Every option of every lint rule of ours, taken from the configuration itself, sees its own planted violation. An option
 * that is added without a plant, or a plant whose option is gone, is a failure.
 */
import { fileURLToPath } from "node:url";
import { ESLint, Linter } from "eslint";
import tseslint from "typescript-eslint";
import { describe, expect, test, vi } from "vitest";
import { rooms } from "./rooms.js";

const project = fileURLToPath(new URL("../../", import.meta.url));
const configFile = `${project}test/tooling/eslint.config.js`;
const eslint = new ESLint({ cwd: project, overrideConfigFile: configFile });

interface Option {
  readonly id: string;
  readonly rule: string;
  readonly options: readonly unknown[];
}

type Named = Readonly<Record<"name" | "selector", string>>;

/** What the rules of a file in src restrict, one option each. */
async function optionsFor(file: string): Promise<readonly Option[]> {
  const { rules } = (await eslint.calculateConfigForFile(project + file)) as {
    rules: Record<string, [severity: number, ...options: unknown[]]>;
  };
  const [globals, syntax] = ["no-restricted-globals", "no-restricted-syntax"].map((rule) => {
    const [severity, ...options] = rules[rule] as [number, ...Named[]];
    expect(severity, rule).toBe(2);
    return options.map((option) => ({ id: `${rule}: ${option.name || option.selector}`, rule, options: [option] }));
  });
  const [severity, { paths }] = rules["no-restricted-imports"] as [number, { paths: readonly Named[] }];
  const imports = paths.map((option) => ({
    id: `no-restricted-imports: ${option.name}`,
    rule: "no-restricted-imports",
    options: [{ paths: [option] }],
  }));
  expect([severity, rules["no-eval"]?.[0]]).toEqual([2, 2]);
  return [...(globals ?? []), ...(syntax ?? []), ...imports, { id: "no-eval", rule: "no-eval", options: [] }];
}

const folders = ["", ...rooms.map((room) => `${room}/`)];

const member = (type: string, maker: string): string =>
  `no-restricted-syntax: MemberExpression[object.name='${type}'][property.name='${maker}']`;
const handle = "writeFile|writev|appendFile|truncate|createWriteStream|chmod|chown|utimes";

/** By option, what it must see. */
const planted: Readonly<Record<string, string>> = {
  "no-eval": 'eval("1");',
  ...Object.fromEntries(
    ["fetch", "WebSocket", "EventSource", "XMLHttpRequest", "globalThis", "global", "console", "alert", "prompt"].map(
      (name) => [`no-restricted-globals: ${name}`, `new ${name}("a");`],
    ),
  ),
  "no-restricted-globals: process": "process.exit(1);",
  ...Object.fromEntries(
    ["node:fs", "node:fs/promises", "fs", "fs/promises", "node:os", "os"].map((name) => [
      `no-restricted-imports: ${name}`,
      `import { rename, tmpdir } from "${name}";`,
    ]),
  ),
  "no-restricted-syntax: ExportDefaultDeclaration": "export default 1;",
  "no-restricted-syntax: ExportAllDeclaration": 'export * from "./errors.js";',
  "no-restricted-syntax: ImportExpression[source.type!='Literal']": "export const load = (a: string) => import(a);",
  "no-restricted-syntax: ImportExpression[source.value=/^(node:)?(fs|os)/]": 'await import("node:fs");',
  "no-restricted-syntax: ImportDeclaration[source.value=/^zod/] > :not(ImportNamespaceSpecifier)[type=/Specifier$/]":
    'import z from "zod";',
  "no-restricted-syntax: MemberExpression[property.name=/^(getBuiltinModule|binding|dlopen)$/]":
    'process.getBuiltinModule("fs");',
  "no-restricted-syntax: Identifier[name=/^O_(WRONLY|RDWR|CREAT|APPEND|TRUNC)$/]": "use(constants.O_CREAT);",
  "no-restricted-syntax: CallExpression[callee.name=/^open(Sync)?$/][arguments.1.value=/[wa+]/]": 'open("a", "r+");',
  [`no-restricted-syntax: MemberExpression[property.name=/^(${handle})$/]`]: 'await file.writeFile("a");',
  "no-restricted-syntax: NewExpression[callee.name='KeyFile']": "new KeyFile(content);",
  [member("Plaintext", "of")]: "Plaintext.of(chunks);",
  [member("RecoveredFile", "authenticated")]: "RecoveredFile.authenticated(path, modified, content);",
  [member("RecoveredWriter", "authenticated")]: "RecoveredWriter.authenticated();",
  [member("SealedCopy", "labelled")]: "SealedCopy.labelled(name, content);",
  "no-restricted-syntax: MemberExpression[property.name='clearBytes']": "ring.clearBytes(0);",
  [member("ring", "key")]: "ring.key.fill(0);",
  [member("PublicDocument", "of")]: "PublicDocument.of(card, schema);",
  [member("PublicDocument", "ofReport")]: "PublicDocument.ofReport(report);",
  [member("PublicDocument", "fixedText")]: 'PublicDocument.fixedText("the case is about …");',
};

/** How often one option alone speaks of `text`. */
function reports({ rule, options }: Option, text: string): number {
  const only: Linter.Config = {
    files: ["**/*.ts"],
    languageOptions: { parser: tseslint.parser, globals: { fetch: "readonly", process: "readonly" } },
    rules: { [rule]: ["error", ...options] },
  };
  const found = new Linter().verify(text, only, { filename: "planted.ts" });
  expect(found.filter(({ fatal }) => fatal)).toEqual([]);
  return found.length;
}

test("each option that restricts src has one planted violation, and each violation an option", async () => {
  const ids = (await Promise.all(folders.map((folder) => optionsFor(`src/${folder}planted.ts`)))).flat();

  expect([...new Set(ids.map(({ id }) => id))].sort()).toEqual(Object.keys(planted).sort());
});

test.each(folders)("in src/%s each option sees its violation, and is silent without it", async (folder) => {
  const options = await optionsFor(`src/${folder}planted.ts`);

  const blind = options.filter((option) => reports(option, planted[option.id] ?? "") === 0);
  const loud = options.filter((option) => reports(option, "export const a = 1;") > 0);

  expect([blind, loud]).toEqual([[], []]);
  expect(options.length).toBeGreaterThan(20);
});

describe("the rules of every TypeScript file", () => {
  /** By rule, in one text, which stands in for a file that the compiler knows: some of the rules ask for types. */
  const shapes: Readonly<Record<string, string>> = {
    eqeqeq: "export const same = (a: number): boolean => a == 1;",
    "max-lines": "\n".repeat(250),
    "no-param-reassign": "export function grow(a: number): number { a += 1; return a; }",
    "@typescript-eslint/restrict-template-expressions": "export const shown = (a: { b: string }): string => `${a}`;",
    "@typescript-eslint/dot-notation": 'export const dot = (a: { b: string }): string => a["b"];',
    "@typescript-eslint/switch-exhaustiveness-check":
      'export function choose(a: "b" | "c"): void { switch (a) { case "b": break; } }',
    "@typescript-eslint/consistent-type-imports":
      'import { EvsealError } from "./errors.js";\nexport type E = EvsealError;',
    "@typescript-eslint/explicit-module-boundary-types": "export function bare() { return 1; }",
    "@typescript-eslint/no-confusing-void-expression":
      "export const confused = (a: () => void): unknown => { const b = a(); return b; };",
  };

  test("have a planted violation each, which they see", { timeout: 300_000 }, async () => {
    const { default: config } = (await import(configFile)) as { default: readonly Linter.Config[] };
    const own = config.filter(({ files, rules, name }) => {
      return name === undefined && rules !== undefined && files?.[0] === "**/*.ts";
    });
    const stated = own.flatMap(({ rules }) => Object.keys(rules ?? {}));
    const text = Object.values(shapes).join("\n");
    vi.stubEnv("TSESTREE_SINGLE_RUN", "false"); // where CI is set, the text would be read from the disk instead
    const [result] = await eslint.lintText(text, { filePath: `${project}src/watch.ts` });
    const seen = new Set((result?.messages ?? []).map(({ ruleId }) => ruleId));

    expect(stated.sort()).toEqual(Object.keys(shapes).sort());
    expect(Object.keys(shapes).filter((rule) => !seen.has(rule))).toEqual([]);
  });
});
