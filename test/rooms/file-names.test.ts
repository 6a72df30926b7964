import { readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { rooms } from "./rooms.js";

const source = fileURLToPath(new URL("../../src/", import.meta.url));
const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((name) => path.extname(name) !== "");

test("every file of src is a kebab-case TypeScript file", () => {
  expect(files.length).toBeGreaterThan(60);
  expect(files.filter((name) => !/^([a-z0-9-]+\/)*[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(name))).toEqual([]);
});

test("no file of src is a drawer for things without a name", () => {
  const drawers = ["utils", "util", "helpers", "helper", "common", "types", "index", "misc"];

  expect(files.filter((name) => drawers.includes(path.basename(name, ".ts")))).toEqual([]);
});

test("src has the rooms of docs/ARCHITECTURE.md and no others", () => {
  expect(rooms).toEqual([
    "age",
    "checking",
    "cli",
    "crypto",
    "discs",
    "doctor",
    "keys",
    "media",
    "minisign",
    "opening",
    "output",
    "package",
    "ring",
    "sealing",
    "worker",
  ]);
});
