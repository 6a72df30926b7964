import { readdirSync } from "node:fs";

/** The folders of src; file-names.test.ts says which they must be. */
export const rooms: readonly string[] = readdirSync(new URL("../../src", import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();
