import { spawnSync } from "node:child_process";
import { mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { utf8 } from "../../src/bytes.js";
import { KeyFile } from "../../src/crypto/key-file.js";
import { SecretBytes } from "../../src/crypto/secret-bytes.js";
import { generateSigningKey } from "../../src/minisign/signing-key.js";
import {
  createPublicFile,
  isPartialFile,
  makeHomeFolder,
  removeFile,
  writeKeyFile,
  writePublicFile,
  writePublicKeyFile,
} from "../../src/output/home-files.js";
import { PublicDocument } from "../../src/package/public-document.js";
import { refusal } from "../refusal.js";
import { temporaryFolder } from "../temporary-folder.js";

const keyFile = (): KeyFile => new KeyFile(SecretBytes.take(utf8("secret\n")));
const key = generateSigningKey().publicKey;
const publicText = PublicDocument.fixedText("public\n");
const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

describe("the home folder", () => {
  it("is made for the user alone, with the folders above it, and taken as it is when it is there", async () => {
    const path = join(await temporaryFolder(), "a", "b");
    await makeHomeFolder(path);
    await makeHomeFolder(path);
    expect(await modeOf(path)).toBe(0o700);
  });

  it("may be a link to a folder", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "real"));
    await symlink(join(folder, "real"), join(folder, "home"));
    await makeHomeFolder(join(folder, "home"));
    await writeKeyFile(join(folder, "home", "key"), keyFile());
    expect(await readdir(join(folder, "real"))).toEqual(["key"]);
  });

  it("cannot be made where there is a file", async () => {
    const path = join(await temporaryFolder(), "home");
    await writeFile(path, "");
    await expect(makeHomeFolder(path)).rejects.toEqual(refusal("OUTPUT_EXISTS"));
  });
});

describe.each([
  ["a private key", (path: string) => writeKeyFile(path, keyFile()), "secret\n"],
  ["a public key", (path: string) => writePublicKeyFile(path, key), Buffer.from(key.encodeFile()).toString()],
  ["a copy of a card", (path: string) => createPublicFile(path, publicText), "public\n"],
])("%s", (_, write, content) => {
  it("is a new file for the user alone", async () => {
    const path = join(await temporaryFolder(), "key");
    await write(path);
    expect(await readFile(path, "utf8")).toBe(content);
    expect(await modeOf(path)).toBe(0o600);
  });

  it("never takes the place of what is there", async () => {
    const path = join(await temporaryFolder(), "key");
    await writeFile(path, "before");
    await expect(write(path)).rejects.toEqual(refusal("OUTPUT_EXISTS"));
    expect(await readFile(path, "utf8")).toBe("before");
  });

  it("is never written through a link", async () => {
    const folder = await temporaryFolder();
    await symlink(join(folder, "elsewhere"), join(folder, "key"));
    await expect(write(join(folder, "key"))).rejects.toEqual(refusal("OUTPUT_EXISTS"));
    expect(await readdir(folder)).toEqual(["key"]);
  });

  it("fails where there is no folder", async () => {
    const path = join(await temporaryFolder(), "none", "key");
    await expect(write(path)).rejects.toEqual(refusal("OUTPUT_FAILED"));
  });
});

describe("a public document", () => {
  it("is a file for the user alone, and replaces the one that was there", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "card.json"), "before", { mode: 0o644 });
    await writePublicFile(join(folder, "card.json"), publicText);
    expect(await readFile(join(folder, "card.json"), "utf8")).toBe("public\n");
    expect(await modeOf(join(folder, "card.json"))).toBe(0o600);
    expect(await readdir(folder)).toEqual(["card.json"]);
  });

  it("replaces a link, and not what the link leads to", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "other"), "before");
    await symlink(join(folder, "other"), join(folder, "card.json"));
    await writePublicFile(join(folder, "card.json"), publicText);
    expect(await readFile(join(folder, "other"), "utf8")).toBe("before");
    expect(await readFile(join(folder, "card.json"), "utf8")).toBe("public\n");
  });

  it("leaves no part of itself when it cannot have its place", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "card.json", "x"), { recursive: true });
    await expect(writePublicFile(join(folder, "card.json"), publicText)).rejects.toMatchObject({
      exitCode: 8,
    });
    expect(await readdir(folder)).toEqual(["card.json"]);
  });

  it("is written over the remains of an interrupted run", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, ".card.json.partial"), "pub");
    expect(isPartialFile(".card.json.partial")).toBe(true);
    await writePublicFile(join(folder, "card.json"), publicText);
    expect(await readdir(folder)).toEqual(["card.json"]);
  });

  it("is not what a name of another form says", () => {
    expect(["card.json", "card.json.partial", ".card.json", ".DS_Store"].some(isPartialFile)).toBe(false);
  });
});

/** A disk of one block, where the user who runs the tests may mount one. */
function mountTinyDisk(path: string): boolean {
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=4k", "tmpfs", path]);
  if (status !== 0) return false;
  onTestFinished(() => void spawnSync("umount", [path]));
  return true;
}

describe("a full disk", () => {
  it("leaves no part of a file", async ({ skip }) => {
    const folder = await temporaryFolder();
    if (!mountTinyDisk(folder)) skip("this user may not mount a small disk");
    const longKey = new KeyFile(SecretBytes.take(new Uint8Array(64 * 1024).fill(1)));
    await expect(writeKeyFile(join(folder, "key"), longKey)).rejects.toEqual(refusal("OUTPUT_NO_SPACE"));
    const longText = PublicDocument.fixedText("x".repeat(64 * 1024));
    await expect(writePublicFile(join(folder, "card.json"), longText)).rejects.toEqual(refusal("OUTPUT_NO_SPACE"));
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("removing", () => {
  it("removes a file, and a link without what it leads to, and minds nothing that is not there", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "kept"), "");
    await symlink(join(folder, "kept"), join(folder, "link"));
    await removeFile(join(folder, "link"));
    await removeFile(join(folder, "link"));
    expect(await readdir(folder)).toEqual(["kept"]);
  });
});
