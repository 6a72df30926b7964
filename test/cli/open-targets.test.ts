/** Where open puts evidence: on real mounts, by the built program. Hardware that is not here is in test/output. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { requirePrivate } from "../../src/output/open-target.js";
import { exitCodes, type ErrorCode } from "../../src/errors.js";
import { refusal } from "../refusal.js";
import { canMount, mounted } from "./mounts.js";
import { errorOf, run, scratchFolder, type RunResult } from "./run.js";
import { makeSealedPackage, type SealedPackage } from "./sealed-package.js";

let made: SealedPackage;
beforeAll(async () => {
  made = await makeSealedPackage();
});
afterAll(() => rmSync(made.folder, { recursive: true }));

const open = (out: string): Promise<RunResult> => run(["open", made.packagePath, "--out", out, "--json"], made.b);

async function refused(code: ErrorCode, out: string): Promise<void> {
  const before = readdirSync(out);
  const result = await open(out);
  expect(errorOf(result)).toMatchObject({
    code,
    exitCode: exitCodes[code],
    hint: expect.stringMatching(/.{10}/) as unknown,
  });
  expect(result.code).toBe(exitCodes[code]);
  expect(readdirSync(out)).toEqual(before);
}

function policy(content: unknown): void {
  const file = path.join(made.b.home, "policy.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  onTestFinished(() => rmSync(file));
}

/** Tests on a mount of this kind, or a line that says why not. */
function onMount(
  title: string,
  options: (folder: string) => readonly string[],
  check: (at: string) => Promise<void>,
): void {
  const possible = canMount(options);
  const said = possible ? title : `${title} [SKIPPED, this cannot be mounted here]`;
  test.skipIf(!possible)(said, async () => {
    const folder = scratchFolder();
    await check(mounted(path.join(folder, "at"), ...options(folder)));
  });
}

function image(folder: string, program: string, ...words: string[]): string {
  const file = path.join(folder, "image");
  execFileSync("truncate", ["-s", "16M", file]);
  execFileSync(program, [...words, file], { stdio: "ignore" });
  return file;
}

/** An image of a disc with an empty folder on it. */
function disc(folder: string): string {
  const file = path.join(folder, "image");
  mkdirSync(path.join(folder, "content", "out"), { recursive: true });
  execFileSync("xorriso", ["-as", "mkisofs", "-quiet", "-r", "-o", file, path.join(folder, "content")]);
  return file;
}

describe("open goes where evidence stays", () => {
  onMount(
    "memory",
    () => ["-t", "tmpfs", "tmpfs"],
    async (at) => expect((await open(at)).code).toBe(0),
  );
  onMount(
    "a bind mount of this disk",
    (folder) => ["--bind", folder],
    async (at) => {
      expect((await open(at)).code).toBe(0);
      rmSync(path.join(at, readdirSync(at).find((name) => name.endsWith(".opened")) ?? ""), { recursive: true });
    },
  );
  onMount(
    "a loop device on this disk",
    (folder) => ["-o", "loop", image(folder, "mkfs.ext4", "-q")],
    async (at) => {
      rmSync(path.join(at, "lost+found"), { recursive: true });
      expect((await open(at)).code).toBe(0);
    },
  );
});

describe("open refuses", () => {
  onMount(
    "storage that it cannot place",
    () => ["-t", "hugetlbfs", "none"],
    (at) => refused("TARGET_UNKNOWN", at),
  );
  onMount(
    "a disc",
    (folder) => ["-o", "loop,ro", disc(folder)],
    (at) => refused("TARGET_OPTICAL", path.join(at, "out")),
  );
  onMount(
    "storage that keeps nothing to its owner",
    (folder) => ["-o", "loop,umask=0", image(folder, "mkfs.vfat")],
    (at) => refused("TARGET_NOT_PRIVATE", at),
  );

  test("a folder whose mode, as the file system has it, lets others in", async () => {
    const folder = scratchFolder();
    await requirePrivate(folder);
    for (const mode of [0o701, 0o740, 0o777]) {
      chmodSync(folder, mode);
      await expect(requirePrivate(folder)).rejects.toEqual(refusal("TARGET_NOT_PRIVATE"));
    }
  });

  test("a burn tray, and the folder of a package, be it this one", async () => {
    await refused("OUTPUT_HOLDS_PACKAGES", path.dirname(made.packagePath));
    await refused("OUTPUT_INSIDE_SOURCE", made.packagePath);
    const other = path.join(scratchFolder(), "renamed");
    mkdirSync(other);
    for (const name of readdirSync(made.packagePath)) {
      writeFileSync(path.join(other, name), readFileSync(path.join(made.packagePath, name)));
    }
    await refused("OUTPUT_HOLDS_PACKAGES", other);
  });

  test.each(["", '{"format":"evseal/policy/v1","opentargets":[]}'])(
    "to work under a policy it cannot read: %s",
    async (content) => {
      policy(content);
      await refused("POLICY_UNUSABLE", scratchFolder());
    },
  );
});

describe("the policy file", () => {
  /** A file system that evseal does not know, and that takes files: a folder of /dev by another way. */
  onMount(
    "allows a target, all below it, and nothing beside it",
    () => ["-t", "devtmpfs", "none"],
    async (at) => {
      const [allowed = "", other = ""] = ["allowed-", "other-"].map((name) =>
        mkdtempSync(path.join(at, `evseal-${name}`)),
      );
      for (const folder of [allowed, other]) onTestFinished(() => rmSync(folder, { recursive: true }));
      const below = path.join(allowed, "below");
      mkdirSync(below);
      await refused("TARGET_UNKNOWN", below);

      const link = path.join(scratchFolder(), "link");
      symlinkSync(allowed, link);
      policy({ format: "evseal/policy/v1", openTargets: ["/nonexistent", link] });
      expect((await open(below)).code).toBe(0);
      await refused("TARGET_UNKNOWN", other);
      rmSync(below, { recursive: true });
    },
  );
});
