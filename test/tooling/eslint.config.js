import { fileURLToPath } from "node:url";
import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

const root = fileURLToPath(new URL("../..", import.meta.url));

const nowhere = [
  ...["fetch", "WebSocket", "EventSource", "XMLHttpRequest"].map((name) => ({
    name,
    message: "evseal makes no network connection",
  })),
  ...["globalThis", "global"].map((name) => ({ name, message: "a way around the rules on single globals" })),
];

/** Nothing below `cli` prints, prompts, exits or reads the process's surroundings. */
const voice = [
  ...["console", "alert", "prompt"].map((name) => ({ name, message: "only src/cli speaks" })),
  { name: "process", message: "only src/cli knows the process" },
];

/**
 * What may be imported from node:fs outside `output`: reading only, by name. Anything new is refused until it was
 * thought about. `open` serves reading too; the syntax rules below take its writing flags away.
 */
const reading = {
  allowImportNames: [
    "closeSync constants createReadStream existsSync fdatasyncSync fstatSync lstat lstatSync open opendir openSync read readdir readdirSync",
    "readFile readFileSync readlink readSync realpath realpathSync stat statfs statfsSync statSync",
    "BigIntStats Dir Dirent FileHandle Stats",
  ].flatMap((names) => names.split(" ")),
  message: "only src/output writes files",
};
const readingOnly = ["node:fs", "node:fs/promises", "fs", "fs/promises"].map((name) => ({ name, ...reading }));

/** The temporary folder is where evidence would be left behind; names of people and machines go nowhere. */
const noSurroundings = ["node:os", "os"].map((name) => ({
  name,
  allowImportNames: ["platform", "availableParallelism"],
  message: "of its machine evseal needs to know no more than the kind of system and how many threads it runs",
}));

const handle = "writeFile|writev|appendFile|truncate|createWriteStream|chmod|chown|utimes";
const noWriting = [
  [`Identifier[name=/^O_(WRONLY|RDWR|CREAT|APPEND|TRUNC)$/]`, "only src/output opens files for writing"],
  ["CallExpression[callee.name=/^open(Sync)?$/][arguments.1.value=/[wa+]/]", "only src/output opens files for writing"],
  [`MemberExpression[property.name=/^(${handle})$/]`, "only src/output writes files"],
].map(([selector, message]) => ({ selector, message }));

const shape = [
  ["ExportDefaultDeclaration", "a default export has no name to search for"],
  ["ExportAllDeclaration", "no barrels: import a thing from the file that is named for it"],
  ["ImportExpression[source.type!='Literal']", "an import that is computed cannot be judged by the dependency rules"],
  ["ImportExpression[source.value=/^(node:)?(fs|os)/]", "import it by name, so that the rules can see what is used"],
  [
    "ImportDeclaration[source.value=/^zod/] > :not(ImportNamespaceSpecifier)[type=/Specifier$/]",
    "import * as z: what is not used of it stays out of the program",
  ],
  ["MemberExpression[property.name=/^(getBuiltinModule|binding|dlopen)$/]", "a way around the dependency rules"],
].map(([selector, message]) => ({ selector, message }));

/** Where a value that permits something comes from (docs/ARCHITECTURE.md, "Types as permissions"). */
const permits = [
  ["Plaintext", "of", ["media", "age"], "only media makes plaintext of sources, and age of an identity file"],
  ["RecoveredFile", "authenticated", ["opening"], "only opening knows which bytes are authentic"],
  ["RecoveredWriter", "authenticated", ["opening"], "only opening knows which bytes are authentic"],
  ["SealedCopy", "labelled", ["opening"], "only opening knows what a label that was verified says of a file"],
  ["PublicDocument", "of", ["package", "keys"], "only package and keys know what may be public"],
  ["PublicDocument", "fixedText", ["package"], "only package knows what may be public"],
  ["PublicDocument", "ofReport", ["doctor"], "only doctor writes reports, and knows nothing of packages"],
].map(([type, maker, rooms, message]) => ({
  selector: `MemberExpression[object.name='${type}'][property.name='${maker}']`,
  rooms,
  message,
}));
permits.push(
  {
    selector: "NewExpression[callee.name='KeyFile']",
    rooms: ["age", "minisign"],
    message: "only age and minisign make key files",
  },
  {
    selector: "MemberExpression[property.name='clearBytes']",
    rooms: ["media", "age", "opening"],
    message: "the clear side of a ring is filled where the clear comes in, or where it was authenticated",
  },
  {
    selector: "MemberExpression[object.name='ring'][property.name='key']",
    rooms: ["age"],
    message: "only age seals and opens",
  },
);

/** What no-restricted-syntax says in a room; a later configuration replaces an earlier one, so each is whole. */
function syntaxFor(room) {
  const foreign = permits.filter(({ rooms }) => !rooms.includes(room));
  const permitted = foreign.map(({ selector, message }) => ({ selector, message }));
  return ["error", ...shape, ...permitted, ...(room === "output" ? [] : noWriting)];
}

const rooms = [
  "ring",
  "crypto",
  "age",
  "minisign",
  "package",
  "media",
  "output",
  "keys",
  "opening",
  "sealing",
  "checking",
  "discs",
  "doctor",
  "worker",
  "cli",
];

export default defineConfig(
  { ignores: ["dist/", "program/", "dist-binary/", "coverage/", "node_modules/", ".stryker-tmp/"] },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: "test/tooling/tsconfig.json", tsconfigRootDir: root } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/dot-notation": ["error", { allowIndexSignaturePropertyAccess: true }], // as tsconfig.json has it
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      eqeqeq: "error",
      "max-lines": ["error", { max: 250 }],
      "no-param-reassign": "error",
    },
  },
  {
    files: ["src/**/*.ts"],
    rules: {
      "no-eval": "error",
      "no-restricted-globals": ["error", ...nowhere, ...voice],
      "no-restricted-imports": ["error", { paths: [...readingOnly, ...noSurroundings] }],
      "no-restricted-syntax": syntaxFor("the root of src"),
    },
  },
  {
    files: ["test/**", "build/**"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector: "MemberExpression[object.callee.name='URL'][property.name='pathname']",
          message: "take fileURLToPath: the project may stand in a folder with a space in its name",
        },
      ],
    },
  },
  { files: ["src/cli/**/*.ts"], rules: { "no-restricted-globals": ["error", ...nowhere] } },
  ...rooms.map((room) => ({
    files: [`src/${room}/**/*.ts`],
    rules: { "no-restricted-syntax": syntaxFor(room) },
  })),
  { files: ["src/output/**/*.ts"], rules: { "no-restricted-imports": ["error", { paths: noSurroundings }] } },
  {
    files: ["**/*.js"],
    languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly" } },
  },
  {
    files: ["**/*.cjs"],
    languageOptions: {
      sourceType: "commonjs",
      globals: { process: "readonly", require: "readonly", module: "writable", __dirname: "readonly" },
    },
  },
);
