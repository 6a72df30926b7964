/** The parts of build/, without the network: evseal put into the runtime that runs here. `npm run test:binary` does more. */
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { bundleScripts } from "../../build/bundle.js";
import { fuse, makeSingleFile } from "../../build/single-file.js";
import { unsigned } from "../../build/unsigned.js";
import { scratchFolder } from "../cli/run.js";
import { sealsAndOpens } from "./journey.js";

const canHoldCode = process.platform === "linux" && readFileSync(process.execPath).includes(fuse); // not all builds can

test.runIf(canHoldCode)(
  "evseal in the runtime that runs here seals and opens, in threads of its own",
  { timeout: 300_000 },
  async () => {
    const scratch = scratchFolder();
    const output = path.join(scratch, "evseal");
    await bundleScripts(fileURLToPath(new URL("../..", import.meta.url)), scratch);
    const paths = { runtime: process.execPath, maker: process.execPath, scripts: scratch, output };
    await makeSingleFile({ platform: "linux", ...paths });
    for (const script of ["main.js", "worker.js", "blob"]) rmSync(path.join(scratch, script));

    expect(await sealsAndOpens(output, scratch)).toBe(true);
  },
);

/** As little of a Windows executable as says where its signature is. */
function signedExecutable(signature: string): Buffer {
  const executable = Buffer.alloc(512);
  executable.writeUInt32LE(64, 0x3c);
  executable.write("PE\0\0", 64, "latin1");
  executable.writeUInt16LE(0x20b, 64 + 24);
  executable.writeUInt32LE(0xabcd, 64 + 24 + 64); // checksum
  executable.writeUInt32LE(512, 64 + 24 + 112 + 32);
  executable.writeUInt32LE(signature.length, 64 + 24 + 112 + 36);
  return Buffer.concat([executable, Buffer.from(signature)]);
}

test("a signature that would be wrong is taken off an executable for Windows", () => {
  const signed = signedExecutable("signature");

  const rest = unsigned(signed);

  expect(rest).toHaveLength(512);
  expect(rest.readUInt32LE(64 + 24 + 64)).toBe(0);
  expect(rest.subarray(64 + 24 + 112 + 32, 64 + 24 + 112 + 40)).toEqual(Buffer.alloc(8));
  expect(unsigned(rest)).toEqual(rest);
  expect(() => unsigned(Buffer.concat([signed, Buffer.from("more")]))).toThrow("not at the end");
  expect(() => unsigned(Buffer.alloc(512))).toThrow("not a PE32+ executable");
});
