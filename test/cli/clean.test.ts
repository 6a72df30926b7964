/** What runs that were cut off have left: announced by everybody, removed by evseal clean alone, and only when nobody works on it. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { keys, runOnTerminal } from "./on-terminal.js";
import { commandOf, environment, errorOf, run, scratchFolder, type RunResult } from "./run.js";
import { makeSealedPackage, type SealedPackage } from "./sealed-package.js";

const seal = "EV-0000-0000-0000";
const sealedName = `.${seal}.partial`;
const clearName = `.${seal}.opened.partial`;

let made: SealedPackage;
beforeAll(async () => {
  made = await makeSealedPackage();
});
afterAll(() => rmSync(made.folder, { recursive: true }));

let out = "";
beforeEach(() => {
  out = scratchFolder();
});

function leave(name: string, file: string, content = ""): string {
  mkdirSync(path.join(out, name, path.dirname(file)), { recursive: true });
  writeFileSync(path.join(out, name, file), content);
  return path.join(out, name);
}

const clean = (...words: string[]): Promise<RunResult> => run(["clean", out, "--json", ...words], made.a);

interface Document {
  readonly removed: readonly object[];
  readonly kept: readonly object[];
}
const documentOf = ({ stdout }: RunResult): Document => JSON.parse(stdout) as Document;

describe("evseal clean", () => {
  test("says that there is nothing where there is nothing", async () => {
    const { code, stdout } = await clean();
    expect({ code, stdout }).toEqual({ code: 0, stdout: '{"removed":[],"kept":[]}\n' });
  });

  test("removes sealed and opened leftovers, and a card's in the home, and follows no link", async () => {
    const elsewhere = path.join(scratchFolder(), "kept");
    mkdirSync(elsewhere);
    writeFileSync(path.join(elsewhere, "mine"), "");
    leave(sealedName, `${seal}.evseal`);
    leave(clearName, "media/a folder/canary.mp4");
    leave(`.${seal}.selected.partial`, "media/canary.mp4");
    symlinkSync(elsewhere, path.join(out, clearName, "media", "link"));
    const cards = [`.${"0a".repeat(16)}.card.json.partial`, ".notes.txt.partial"];
    for (const name of cards) writeFileSync(path.join(made.a.home, "contacts", name), "");
    mkdirSync(path.join(out, "EV-1111-1111-1111"));

    const result = await clean("--yes");
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(documentOf(result)).toEqual({
      removed: [
        { seal, path: path.join(out, clearName), kind: "clear" },
        { seal, path: path.join(out, sealedName), kind: "sealed" },
        { seal, path: path.join(out, `.${seal}.selected.partial`), kind: "clear" },
        { path: path.join(made.a.home, "contacts", cards[0] ?? ""), kind: "card" },
      ],
      kept: [],
    });
    expect(readdirSync(out)).toEqual(["EV-1111-1111-1111"]);
    expect(readdirSync(elsewhere)).toEqual(["mine"]);
    expect(readdirSync(path.join(made.a.home, "contacts")).filter((name) => name.startsWith("."))).toEqual([cards[1]]);
    rmSync(path.join(made.a.home, "contacts", cards[1] ?? ""));
  });

  test.each<[string, () => void]>([
    ["a file that is no package's", () => leave(sealedName, "note.txt", "mine")],
    ["a folder", () => mkdirSync(path.join(out, sealedName, `${seal}.evseal`), { recursive: true })],
    ["what another user left", () => chownSync(leave(clearName, "media/canary.mp4"), 65_534, 65_534)],
    ["nothing, being a file", () => writeFileSync(path.join(out, clearName), "mine")],
    ["nothing, being a link", () => symlinkSync(made.folder, path.join(out, clearName))],
  ])("leaves alone what holds %s, removes the rest, and says no", async (_what, spoil) => {
    spoil();
    leave(".EV-1111-1111-1111.partial", "HOW-TO-OPEN.txt");
    const kept = readdirSync(out).filter((name) => name.includes("0000"));
    const result = await clean("--yes");
    expect(result.code).toBe(3);
    expect(result.stderr).toContain("error LEFTOVER_FOREIGN: ");
    expect(documentOf(result)).toMatchObject({
      removed: [{ seal: "EV-1111-1111-1111" }],
      kept: [{ reason: "foreign" }],
    });
    expect(readdirSync(out)).toEqual(kept);
    expect(existsSync(path.join(made.folder, "interview"))).toBe(true);
  });

  test("removes nothing in a script that did not say --yes", async () => {
    leave(clearName, "media/canary.mp4");
    const result = await clean();
    expect(errorOf(result)).toMatchObject({
      code: "ANSWER_MISSING",
      exitCode: 2,
      hint: expect.stringContaining("--yes") as unknown,
    });
    expect(result.stderr).toBe(`evseal: found ${seal}: evidence in the clear\n`);
    expect(readdirSync(out)).toEqual([clearName]);
  });

  test("asks a person, and takes only yes for yes", async () => {
    leave(clearName, "media/canary.mp4");
    const answering = (answer: string) =>
      runOnTerminal(["clean", out], made.a, [{ until: "type yes to remove 1 leftover:", type: answer + keys.enter }]);
    expect(await answering("no")).toMatchObject({ code: 130, unsaid: 0 });
    expect(readdirSync(out)).toEqual([clearName]);
    expect(await answering("yes")).toMatchObject({ code: 0, unsaid: 0 });
    expect(readdirSync(out)).toEqual([]);
  });

  test("fails where there is no such folder", async () => {
    rmSync(out, { recursive: true });
    expect(errorOf(await clean("--yes")).code).toBe("OUTPUT_FAILED");
    mkdirSync(out);
  });
});

describe("the work of an evseal that is running", () => {
  async function until(what: () => boolean): Promise<void> {
    for (let tries = 0; !what(); tries += 1) {
      if (tries > 500) throw new Error("it never came");
      await setTimeout(20);
    }
  }

  test("is left alone, and can be removed once it was killed", async () => {
    const source = path.join(scratchFolder(), "canary.mp4");
    writeFileSync(source, "");
    truncateSync(source, 4_000_000_000); // a hole: it takes no space
    const [file, ...words] = [...commandOf(), "pack", source, "--to", "SCAS", "--out", out];
    const packing: ChildProcess = spawn(file, words, { env: environment(made.a), stdio: "ignore" });
    const ended = once(packing, "close");
    await until(() => readdirSync(out).length > 0);
    await setTimeout(300);
    const meanwhile = await clean("--yes");
    expect(meanwhile.code).toBe(0);
    expect(documentOf(meanwhile)).toMatchObject({ removed: [], kept: [{ kind: "sealed", reason: "in use" }] });
    const unsaid = await run(["pack", "interview", "--to", "SCAS", "--out", out], {
      home: made.a.home,
      cwd: made.folder,
    });
    expect(unsaid.code).toBe(0);
    expect(unsaid.stderr).not.toContain("interrupted");

    packing.kill("SIGKILL");
    await ended;
    expect(readdirSync(out).filter((name) => name.startsWith("."))).toHaveLength(1);
    expect(documentOf(await clean("--yes"))).toMatchObject({ removed: [{ kind: "sealed" }], kept: [] });
    expect(readdirSync(out).filter((name) => name.startsWith("."))).toEqual([]);
  });
});

describe("a leftover is announced, without a name of evidence", () => {
  test("by pack", async () => {
    leave(sealedName, "HOW-TO-OPEN.txt");
    const { code, stderr } = await run(["pack", "interview", "--to", "SCAS", "--out", out], {
      home: made.a.home,
      cwd: made.folder,
    });
    expect(code).toBe(0);
    expect(stderr).toContain(`an interrupted run has left a hidden folder of ${seal}: it may hold sealed files`);
    expect(stderr).toContain("evseal: 1 leftover: evseal clean");
  });

  test("by open, of evidence in the clear", async () => {
    leave(clearName, "media/canary.mp4");
    const { code, stderr } = await run(["open", made.packagePath, "--out", out], made.b);
    expect(code).toBe(0);
    expect(stderr).toContain(`a hidden folder of ${seal}: it may hold evidence in the clear`);
    expect(stderr).not.toContain("canary");
  });

  test("by check, as a reason to say no", async () => {
    leave(clearName, "media/canary.mp4");
    const { code, stdout } = await run(["check", out, "--json"], made.a);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      findings: expect.arrayContaining([expect.objectContaining({ code: "LEFTOVER" })]) as unknown,
    });
    expect(readFileSync(path.join(out, clearName, "media/canary.mp4"), "utf8")).toBe("");
  });
});
