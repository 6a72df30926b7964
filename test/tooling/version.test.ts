import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { version } from "../../src/version.js";

test("the version that manifests carry is that of package.json", () => {
  const description: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

  expect(description).toMatchObject({ version });
});
