import { mkdirSync, readdirSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { PlantedTree, project } from "./planted-tree.js";

/** Which rooms each room may use, said a second time: the picture in docs/ARCHITECTURE.md. */
const formats = ["ring", "crypto", "age", "minisign"];
const below = ["media", "package", "output", ...formats];
const mayUse: Readonly<Record<string, readonly string[]>> = {
  ring: [],
  crypto: [],
  age: ["ring", "crypto"],
  minisign: ["crypto"],
  package: formats,
  ...Object.fromEntries(["media", "output", "discs"].map((room) => [room, ["package", ...formats]])),
  keys: ["package", "output", ...formats],
  sealing: ["opening", "keys", ...below],
  opening: ["keys", "package", "output", ...formats],
  checking: ["discs", "opening", "keys", "package", ...formats],
  doctor: ["keys", "package", "output", ...formats],
  worker: ["opening", ...below],
  cli: ["worker", "sealing", "opening", "checking", "discs", "doctor", "keys", ...below],
};
const rooms = Object.keys(mayUse);
const fileRooms = "media output keys opening checking doctor cli".split(" ");
const tree = new PlantedTree(rooms);

describe("imports between rooms", () => {
  const edges = rooms.flatMap((from) =>
    rooms.filter((to) => to !== from).map((to) => ({ from, to, ok: mayUse[from]?.includes(to) })),
  );

  test("every import that the picture does not have is reported, by the rule of the room it starts in", () => {
    const planted = edges.filter(({ ok }) => !ok).map(({ from, to }) => ({ from, to: `../${to}/leaf.js` }));
    tree.plantEdges(planted);
    const expected = planted.map(
      ({ from, to }, index) => `room-${from}: src/${from}/planted-${index}.ts → src/${to.slice(3, -3)}.ts`,
    );

    const { status, violations } = tree.cruise();

    expect(status).toBe(1);
    expect(violations.sort()).toEqual(expected.sort());
    expect(planted.length).toBeGreaterThan(50);
  });

  test("every import that the picture has is accepted", () => {
    tree.plantEdges(edges.filter(({ ok }) => ok).map(({ from, to }) => ({ from, to: `../${to}/leaf.js` })));

    expect(tree.cruise()).toMatchObject({ status: 0, violations: [] });
  });
});

describe("modules of node's", () => {
  const doors: Readonly<Record<string, { modules: readonly string[]; rooms: readonly string[] }>> = {
    "door-node-crypto": { modules: ["node:crypto", "crypto"], rooms: ["crypto"] },
    "files-in-few-rooms": { modules: ["node:fs", "node:fs/promises", "fs", "node:os"], rooms: fileRooms },
    "paths-in-few-rooms": { modules: ["node:path", "node:path/posix"], rooms: [...fileRooms, "sealing"] },
    "door-node-threads": { modules: ["node:worker_threads", "worker_threads"], rooms: ["ring", "worker"] },
    "door-node-sea": { modules: ["node:sea"], rooms: ["ring"] },
    "only-cli-knows-the-process": { modules: ["node:process", "node:tty", "node:readline/promises"], rooms: ["cli"] },
  };
  const everywhere = Object.entries(doors).flatMap(([rule, door]) =>
    door.modules.flatMap((to) => rooms.map((from) => ({ rule, from, to, ok: door.rooms.includes(from) }))),
  );

  test("are reported in every room that has no use for them, by the rule of their door", () => {
    const planted = everywhere.filter(({ ok }) => !ok);
    tree.plantEdges(planted);

    const { status, violations } = tree.cruise();
    expect(status).toBe(1);
    expect(sourcesOf(violations)).toEqual(
      planted.map(({ rule, from }, index) => `${rule}: src/${from}/planted-${index}.ts`).sort(),
    );
  });

  test("and accepted in the others", () => {
    tree.plantEdges(everywhere.filter(({ ok }) => ok));

    expect(tree.cruise()).toMatchObject({ status: 0, violations: [] });
  });
});

/** The rule and the file of each violation; where a library lies on this machine's disk does not matter. */
function sourcesOf(violations: readonly string[]): string[] {
  return violations.map((line) => line.replace(/ → .*/, "")).sort();
}

describe("libraries", () => {
  const doors = [
    { rule: "door-libsodium-wrappers", library: "libsodium-wrappers", room: "crypto", file: "sodium.ts" },
    { rule: "door-commander", library: "commander", room: "cli", file: "program.ts" },
    { rule: "door-inquirer", library: "inquirer", room: "cli", file: "prompts.ts" },
    { rule: "door-chalk", library: "chalk", room: "cli", file: "colours.ts" },
    { rule: "door-env-paths", library: "env-paths", room: "cli", file: "home-place.ts" },
    { rule: "door-scure-bip39", library: "@scure/bip39", room: "keys", file: "fingerprint.ts" },
    { rule: "door-picomatch", library: "picomatch", room: "opening", file: "open-package.ts" },
    { rule: "door-file-type", library: "file-type", room: "checking", file: "format-words.ts" },
  ];
  const own = (name: string) =>
    `import "./leaf.js";\nimport type * as library from "${name}";\nexport type L = typeof library;\n`;

  test("are accepted in the one file that is their door, and as types beside it", () => {
    tree.plantEdges([]);
    for (const { library, room, file } of doors) {
      tree.plant(`src/${room}/${file}`, `import "./leaf.js";\nimport "${library}";\n`);
      tree.plant(`src/${room}/types-of-${file}`, own(library));
    }

    expect(tree.cruise()).toMatchObject({ status: 0, violations: [] });
  });

  test("are reported in every other file of the room", () => {
    tree.plantEdges(doors.map(({ library, room }) => ({ from: room, to: library })));

    expect(sourcesOf(tree.cruise().violations)).toEqual(
      doors.map(({ rule, room }, index) => `${rule}-file: src/${room}/planted-${index}.ts`).sort(),
    );
  });

  test("are reported in every other room, even as types", () => {
    tree.plantEdges([]);
    const planted = doors.flatMap((door) =>
      rooms.filter((room) => room !== door.room).map((from) => ({ ...door, from })),
    );
    planted.forEach(({ from, library }, index) => {
      tree.plant(`src/${from}/value-${index}.ts`, `import "./leaf.js";\nimport "${library}";\n`);
      tree.plant(`src/${from}/type-${index}.ts`, own(library));
    });

    expect(sourcesOf(tree.cruise().violations)).toEqual(
      planted
        .flatMap(({ rule, from }, index) => ["value", "type"].map((kind) => `${rule}: src/${from}/${kind}-${index}.ts`))
        .sort(),
    );
  });
});

test("no room, nor the program's first file, imports a module that could connect or start a program", () => {
  const dangerous = "net http https http2 dgram dns tls child_process cluster".split(" ");
  const evasive = ["inspector", "vm", "module", "repl", "v8", "wasi", "diagnostics_channel", "perf_hooks", "zlib"];
  const names = [...dangerous, ...evasive];
  expect(names.filter((name) => !builtinModules.includes(name) && name !== "wasi")).toEqual([]);
  tree.plantEdges(names.flatMap((name) => rooms.map((from) => ({ from, to: `node:${name}` }))));
  tree.plant("bin/evseal.cjs", 'import "node:child_process";\nimport "node:inspector";\n');

  const { violations } = tree.cruise();

  expect(violations.filter((line) => !line.startsWith("no-network-no-programs: src/"))).toEqual([
    "no-network-no-programs-first: bin/evseal.cjs → child_process",
  ]);
  expect(violations).toHaveLength(names.length * rooms.length + 1);
});

test("faults of every other kind are all reported, once each, and nothing else is", () => {
  const faults: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    "room-root: src/bytes.ts → src/crypto/leaf.ts": { "src/bytes.ts": 'import "./crypto/leaf.js";\n' },
    "room-age: src/age/header.ts → src/package/label.ts": {
      "src/age/header.ts":
        'import type { Label } from "../package/label.js";\nexport const use = (label: Label) => label;\n',
      "src/package/label.ts": "export interface Label { seal: string }\n",
    },
    "room-output: src/output/late.ts → src/media/leaf.ts": {
      "src/output/late.ts": 'export const late = () => import("../media/leaf.js");\n',
    },
    "room-package: src/package/hand-on.ts → src/media/leaf.ts": {
      "src/package/hand-on.ts": 'export { leaf } from "../media/leaf.js";\n',
    },
    "room-bin: bin/evseal.cjs → program/output/durable.js": {
      "bin/evseal.cjs": 'import "../program/output/durable.js";\n',
      "program/output/durable.js": "export const x = 1;\n",
    },
    "no-orphan: src/keys/forgotten.ts → src/keys/forgotten.ts": {
      "src/keys/forgotten.ts": "export const forgotten = 1;\n",
    },
    "no-test-code: src/cli/main.ts → test/cli/run.ts": {
      "src/cli/main.ts": 'import "../../test/cli/run.js";\n',
      "test/cli/run.ts": "export const run = 1;\n",
    },
    "only-shipped-packages: src/age/typage.ts → ": { "src/age/typage.ts": 'import "age-encryption";\n' },
    "must-resolve: src/age/lost.ts → ./nowhere.js": { "src/age/lost.ts": 'import "./nowhere.js";\n' },
    "no-cycle: src/keys/egg.ts → src/keys/hen.ts": {
      "src/keys/hen.ts": 'import type { Egg } from "./egg.js";\nexport interface Hen { egg: Egg }\n',
      "src/keys/egg.ts": 'import type { Hen } from "./hen.js";\nexport interface Egg { hen: Hen }\n',
    },
  };
  tree.plantEdges([]); // all in one tree: a cruise takes seconds
  for (const files of Object.values(faults)) {
    for (const [file, text] of Object.entries(files)) tree.plant(file, text);
  }

  const { status, violations } = tree.cruise();

  expect(status).toBe(1);
  for (const expected of Object.keys(faults)) {
    expect(
      violations.filter((line) => line.startsWith(expected)),
      expected,
    ).toHaveLength(1);
  }
  expect(violations).toHaveLength(Object.keys(faults).length);
});

describe("a cruise that looks at nothing", () => {
  test("fails where there is no source", () => {
    expect(tree.cruise().status).toBe(2);
  });

  test("fails where the folder is empty", () => {
    mkdirSync(`${tree.root}/src`);

    expect(tree.cruise().status).toBe(2);
  });

  test("looks at every file of this project, and finds its rooms in order", () => {
    const { status, output } = tree.cruise(project);
    const names = ["src", "bin"].flatMap((top) => readdirSync(project + top, { recursive: true, encoding: "utf8" }));
    const files = names.filter((name) => /\.[jt]s$/.test(name));

    expect(output).toContain(`${files.length} files, 0 violations`);
    expect(status).toBe(0);
    expect(files.length).toBeGreaterThan(60);
  });
});

test("no rule is without a planted fault that sets it off", () => {
  // The rules are a plain CommonJS file without types: dependency-cruiser reads it that way.
  const rules = createRequire(import.meta.url)("../tooling/dependency-rules.cjs") as { forbidden: { name: string }[] };

  expect([...tree.fired].sort()).toEqual(rules.forbidden.map(({ name }) => name).sort());
});
