/** docs/man is made of the commands' definitions, and every program that shows manual pages can read it. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { manPage, pageName } from "./man-page.js";
import { program, programCommands } from "./program-commands.js";

const folder = fileURLToPath(new URL("../../docs/man/", import.meta.url));
const commands = new Map([["", program], ...programCommands]);
const names = [...commands.keys()];
const fileOf = (name: string): string => path.join(folder, `${pageName(name)}.1`);

describe("docs/man", () => {
  test.each([...commands])("is current for evseal %s (npm run published writes it)", async (name, command) => {
    await expect(manPage(name, command, names)).toMatchFileSnapshot(fileOf(name));
  });

  test("has a page for evseal and for each command, and npm installs them", () => {
    const pages = names.map((name) => `${pageName(name)}.1`).sort();
    expect(readdirSync(folder).sort()).toEqual(pages);
    const description: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    expect(description).toMatchObject({
      man: pages.map((page) => `docs/man/${page}`),
      files: expect.arrayContaining(["docs"]) as unknown,
    });
  });
});

const hasMandoc = (process.env["PATH"] ?? "").split(":").some((each) => existsSync(path.join(each, "mandoc")));

describe.skipIf(!hasMandoc)("mandoc", () => {
  test.each(names)("has nothing to say against the page of evseal %s but matters of style", (name) => {
    const { status, stdout, stderr } = spawnSync("mandoc", ["-Tlint", "-Wwarning", fileOf(name)], { encoding: "utf8" });
    expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: "" });
  });

  test("shows all that the help shows", () => {
    for (const [name, command] of commands) {
      const shown = execFileSync("mandoc", ["-Tutf8", "-Owidth=200", fileOf(name)], { encoding: "utf8" });
      const text = shown.replace(/.[\b]/g, "").replaceAll("‐", "-");
      const help = command.createHelp();
      for (const { long, description } of help.visibleOptions(command)) {
        expect(text).toContain(long);
        expect(text.replace(/\s+/g, " ").toLowerCase()).toContain(description.toLowerCase());
      }
      for (const argument of command.registeredArguments) expect(text).toContain(argument.name());
      for (const each of help.visibleCommands(command))
        expect(text).toContain(each.name() === "help" ? "" : each.name());
    }
  });
});
