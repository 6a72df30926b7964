/** The single file in a root directory that holds the C and C++ libraries, what the kernel shows, and nothing else: no Node. */
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { scratchFolder, singleFile } from "../cli/run.js";
import { exec } from "../interop/programs.js";
import { sealsAndOpens } from "./journey.js";

const timeout = 300_000; // 130 MB are copied and read in each, and much is started
const isRoot = process.getuid?.() === 0;
const demo = fileURLToPath(new URL("../tooling/demo.js", import.meta.url));
const libraries = /^\t(?:\S+ => )?(\/\S+) \(0x/gm;

/** A root directory with `file` and the libraries that the loader names for it; and the paths of all that is in it. */
function emptyRootWith(file: string): { root: string; holds: string[] } {
  const root = scratchFolder();
  const needed = [...execFileSync("ldd", [file], { encoding: "utf8" }).matchAll(libraries)].map(
    ([, name = ""]) => name,
  );
  for (const name of needed) {
    mkdirSync(path.join(root, path.dirname(name)), { recursive: true });
    copyFileSync(name, path.join(root, name));
    chmodSync(path.join(root, name), 0o755);
  }
  copyFileSync(file, path.join(root, "evseal"));
  for (const folder of ["proc", "sys", "dev", "tmp"]) mkdirSync(path.join(root, folder));
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return { root, holds: entries.map(({ name }) => name).sort() };
}

/** A program that runs `evseal` of `root` where it is started, as if `root` were all there is. */
function insideOf(root: string): string {
  const program = path.join(scratchFolder(), "evseal");
  const lines = [
    `#!/bin/sh`,
    `[ "$1" = mounted ] || HOME=/nonexistent exec unshare --mount "$0" mounted "$@"`,
    `shift && mount --bind ${root} ${root} && mount -t proc proc ${root}/proc || exit 99`,
    `mount -t sysfs sysfs ${root}/sys && mount -t devtmpfs devtmpfs ${root}/dev || exit 99`,
    `exec unshare --root=${root} --wd="\${PWD#${root}}" /evseal "$@"`,
  ];
  writeFileSync(program, lines.join("\n"), { mode: 0o755 });
  return program;
}

test.runIf(singleFile && isRoot)(
  "the demo goes through with nothing but the single file and its libraries",
  { timeout },
  async () => {
    const { root, holds } = emptyRootWith(singleFile ?? "");
    expect(
      holds.filter((name) => !/^(ld-linux-x86-64|lib(c|m|dl|pthread|stdc\+\+|gcc_s))\.so\.\d$/.test(name)),
    ).toEqual(["evseal"]);

    const env = { TMPDIR: path.join(root, "tmp"), HOME: "/nonexistent", EVSEAL_TEST_PROGRAM: insideOf(root) };
    const { code, stdout, stderr } = await exec(process.execPath, [demo], { env });

    expect(stderr + stdout).toContain("All 9 files are the same.");
    expect(code).toBe(0);
  },
);

test.runIf(singleFile && isRoot)("threads start there too", { timeout }, async () => {
  const { root } = emptyRootWith(singleFile ?? "");

  expect(await sealsAndOpens(insideOf(root), path.join(root, "tmp"))).toBe(true);
});
