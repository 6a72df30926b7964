import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { version } from "../src/version.js";

it("the version that packages name is the one of package.json", async () => {
  const description: unknown = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
  expect(description).toMatchObject({ version });
});
