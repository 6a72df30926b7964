/**
 * Every screen that the four people see who use evseal, as golden files in `screens/`: an officer who packs twice a year, a
 * technician who packs ten times a day, the clerk who receives, and a script at night. `npm run published` writes them.
 */
import { execFile } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exitCodes, exitMeanings } from "../../src/errors.js";
import { clearTheStage, force, place, scas, scenes, setTheStage, type Scene } from "./golden-scenes.js";
import { runOnTerminal } from "./on-terminal.js";
import { environment, program, run, type RunResult } from "./run.js";
import { programCommands } from "./program-commands.js";
import { screenText } from "./screen-text.js";

beforeAll(setTheStage);
afterAll(clearTheStage);

/** What a terminal shows at the end, and the exit code. */
async function onTerminal(scene: Scene, columns: number, env: Record<string, string> = {}): Promise<string> {
  scene.prepare?.();
  const options = { home: scene.unit().home, cwd: place, stdout: "terminal", columns, env } as const;
  const { screen, code, restored } = await runOnTerminal(scene.words(), options, scene.talk?.());
  expect(restored).toBe(true);
  if (env["NO_COLOR"]) expect(screen).not.toMatch(/\p{Cc}\[[0-9;]*m/u);
  if (env["TERM"] === "dumb") expect(screen).not.toContain("\u001b");
  return settled(`${await screenText(screen, columns)}(exit code ${code})\n`);
}

async function onPipes(scene: Scene): Promise<string> {
  scene.prepare?.();
  return streams(await run(scene.words(), { home: scene.unit().home, cwd: place }));
}

async function withoutStdin(scene: Scene): Promise<string> {
  scene.prepare?.();
  const words = ["-c", '"$0" "$@" <&-', process.execPath, program, ...scene.words()];
  return await new Promise((resolve) => {
    const child = execFile("bash", words, { cwd: place, env: environment(scene.unit()) }, (_, stdout, stderr) => {
      resolve(streams({ code: child.exitCode, stdout, stderr }));
    });
  });
}

function streams({ code, stdout, stderr }: RunResult): string {
  return settled(`stdout:\n${stdout}stderr:\n${stderr}(exit code ${code})\n`);
}

/** Without what is another each time. */
function settled(text: string): string {
  // A prompt breaks what is typed at the terminal's edge, in the middle of a word.
  const spaced = (words: string): RegExp => {
    return new RegExp(words.replace(/\w(?=\w)/g, "$&\\n?").replaceAll(" ", "\\s+"), "g");
  };
  const hex = (digits: string): RegExp => spaced(digits.replace(/.{4}(?=.)/g, "$& "));
  return [force, scas]
    .reduce(
      (all, { unit, words, fingerprint, recipient, signingKey }) => {
        return all
          .replace(spaced(words), `(the twelve words of ${unit})`)
          .replace(hex(fingerprint), `(the fingerprint of ${unit})`)
          .replaceAll(fingerprint, `(the fingerprint of ${unit})`)
          .replaceAll(recipient, `(the recipient of ${unit})`)
          .replaceAll(signingKey, `(the signing key of ${unit})`);
      },
      text.replaceAll(place, "/work"),
    )
    .replace(/\b([0-9a-f]{4}\s+){15}[0-9a-f]{4}\b/g, "(the fingerprint)")
    .replace(/^(words +)([a-z]+\s+){11}[a-z]+$/gm, "$1(the twelve words)")
    .replace(/\bage1[0-9a-z]{58}\b/g, "(the recipient)")
    .replace(/\bRW[\w+/]{54}/g, "(the signing key)")
    .replace(/EV(-[0-9A-Z]{4}){3}/g, "EV-0000-0000-0000")
    .replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "2026-01-01T00:00:00Z")
    .replace(/\b\d{4}-\d\d-\d\d\b(?!T)/g, "2028-01-01")
    .replace(/\b[0-9a-f]{64}\b/g, "0".repeat(64))
    .replace(/\b[0-9a-f]{4}(-[0-9a-f]{4}){7}\b/g, "0000-0000-0000-0000-0000-0000-0000-0000");
}

describe("golden screens", () => {
  test.each(scenes)("$file is current", async (scene) => {
    const usual = await onTerminal(scene, 80);
    const piped = await onPipes(scene);
    const sections = [
      ["a terminal of 80 columns, with colours or without", usual],
      ["a terminal of 200 columns", await onTerminal(scene, 200)],
      ["a terminal that can do nothing (TERM=dumb)", await onTerminal(scene, 80, { TERM: "dumb" })],
      ["pipes, or no stdin at all", piped],
    ];
    expect(await onTerminal(scene, 80, { NO_COLOR: "1" })).toBe(usual);
    expect(await withoutStdin(scene)).toBe(piped);
    const text = sections.map(([how, shown]) => `\n── ${how}\n\n${shown}`).join("");
    await expect(`${scene.title}\n${text}`).toMatchFileSnapshot(`screens/${scene.file}.txt`);
  });
});

async function pageOf(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(words, { home: scas.home });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return `── evseal ${words.join(" ")}\n\n${stdout}\n`;
}

describe("golden pages", () => {
  test("every help is current", async () => {
    const names = ["", ...programCommands.keys()];
    const pages = await Promise.all(names.map((name) => pageOf(...name.split(" ").filter(Boolean), "--help")));
    await expect(pages.join("")).toMatchFileSnapshot("screens/help.txt");
  });

  test("every completion script is current", async () => {
    const pages = await Promise.all(["bash", "zsh", "fish", "powershell"].map((shell) => pageOf("completion", shell)));
    await expect(pages.join("")).toMatchFileSnapshot("screens/completion.txt");
  });

  test("the list of error codes is current: scripts rely on them", async () => {
    const lines = Object.entries(exitCodes).map(([code, exit]) => `${code.padEnd(26)}${exit}  ${exitMeanings[exit]}\n`);
    await expect(lines.join("")).toMatchFileSnapshot("screens/error-codes.txt");
  });
});
