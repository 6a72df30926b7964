import { execFileSync } from "node:child_process";
import { chmod, mkdir, readdir, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, describe, expect, it } from "vitest";
import type { ErrorCode } from "../../src/errors.js";
import { TrustedSigners } from "../../src/keys/trusted-signers.js";
import { inspectPackage } from "../../src/opening/inspect-package.js";
import { verifyPackage } from "../../src/opening/verify-package.js";
import { howToName, namesFor } from "../../src/package/names.js";
import { refusal } from "../refusal.js";
import { temporaryFolder } from "../temporary-folder.js";
import { other, receiver, sender, trusted, watch } from "./attack.js";
import { forgePackage } from "./forged-package.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const names = namesFor("EV-F0RG-ED00-0001");
let path = "";
beforeEach(async () => {
  path = await forgePackage(await temporaryFolder(), sender, [receiver]);
});

async function refused(code: ErrorCode): Promise<void> {
  await expect(verifyPackage([path], { trusted, watch })).rejects.toThrow(refusal(code));
}

describe("a disc with a package on it", () => {
  it("may be named for the package, unless there are several or what is on it is a label", async () => {
    const disc = dirname(path);
    const verified = await verifyPackage([path], { trusted, watch });
    expect(await verifyPackage([disc], { trusted, watch })).toEqual(verified);
    await forgePackage(disc, sender, [receiver], { seal: "EV-F0RG-ED00-0002" });
    const failure: unknown = await verifyPackage([disc], { trusted, watch }).catch((cause: unknown) => cause);
    expect(failure).toEqual(refusal("PACKAGE_NOT_FOUND"));
    expect(String(failure)).toContain("2 packages");
    await rename(join(disc, "EV-F0RG-ED00-0002"), join(disc, "aside"));
    await rename(path, join(disc, "elsewhere"));
    await symlink(join(disc, "elsewhere"), path); // is no folder
    await expect(verifyPackage([disc], { trusted, watch })).rejects.toThrow(refusal("PACKAGE_NOT_FOUND"));
  });

  it("is not another package's folder", async () => {
    await forgePackage(path, sender, [receiver], { seal: "EV-F0RG-ED00-0002" });
    await refused("PACKAGE_FOREIGN_FILE");
  });
});

describe("a package folder is refused with", () => {
  it.each([names.container, names.manifest, howToName])(
    "a link in place of %s, even to the file itself",
    async (name) => {
      await rename(join(path, name), `${path}.aside`);
      await symlink(`${path}.aside`, join(path, name));
      await refused("PACKAGE_INCOMPLETE");
    },
  );

  it.each([names.label, names.labelSignature])("a link or a folder in place of %s", async (name) => {
    await rename(join(path, name), `${path}.aside`);
    await symlink(`${path}.aside`, join(path, name));
    await refused("PACKAGE_INCOMPLETE");
    await rm(join(path, name));
    await mkdir(join(path, name));
    await refused("PACKAGE_INCOMPLETE");
  });

  it("a pipe in place of the label, without waiting for a writer", async () => {
    await rm(join(path, names.label));
    execFileSync("mkfifo", [join(path, names.label)]);
    await refused("PACKAGE_INCOMPLETE");
  });

  it("a label or a signature larger than any, before it is read", async () => {
    await truncate(join(path, names.labelSignature), 5000);
    await refused("SIGNATURE_MALFORMED");
    await truncate(join(path, names.label), 2 ** 40);
    await refused("LABEL_MALFORMED");
  });

  it("two labels", async () => {
    await writeFile(join(path, "EV-0000-0000-0000.label.json"), "");
    await refused("PACKAGE_FOREIGN_FILE");
  });
});

describe("a package that may not be read says so, and is not called damaged:", () => {
  // Root may read everything: the question is put by a user who may not.
  const asNobody = (): string => {
    const script = `import { verifyPackage } from "${root}dist/opening/verify-package.js";
      import { TrustedSigners } from "${root}dist/keys/trusted-signers.js";
      const watch = { signal: new AbortController().signal, progress() {} };
      process.setgid(65534); process.setuid(65534);
      await verifyPackage([${JSON.stringify(path)}], { trusted: TrustedSigners.of([]), watch }).catch((error) => {
        console.log(error.code, error.message);
      });`;
    return execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  };
  const isRoot = process.getuid?.() === 0;

  it.skipIf(!isRoot)("its folder, or its files", async () => {
    await chmod(join(path, ".."), 0o755);
    await chmod(path, 0o700);
    expect(asNobody()).toBe("PACKAGE_INCOMPLETE you may not read the package\n");
    await chmod(path, 0o755);
    await chmod(join(path, names.label), 0o600);
    expect(asNobody()).toBe("PACKAGE_INCOMPLETE you may not read the package\n");
  });
});

describe("inspecting", () => {
  it("shows what the label says, and whether its signature is trusted", async () => {
    const known = await inspectPackage(path, { trusted });
    expect(known).toMatchObject({ sender: { unit: "GMP", trusted: true }, stanzas: ["mlkem768x25519"] });
    const unknown = await inspectPackage(path, { trusted: TrustedSigners.of([other.card]) });
    expect(unknown).toEqual({ ...known, sender: { ...known.sender, trusted: false } });
  });

  it("does not blame the signature for other faults", async () => {
    await writeFile(join(path, "note.txt"), "");
    expect((await inspectPackage(path, { trusted })).sender.trusted).toBe(true);
    await truncate(join(path, names.container), 10);
    await expect(inspectPackage(path, { trusted })).rejects.toThrow(refusal("HEADER_MALFORMED"));
  });

  it("says so when a signature is of no use at all", async () => {
    await truncate(join(path, names.labelSignature), 10);
    expect((await inspectPackage(path, { trusted })).sender.trusted).toBe(false);
  });
});

it("a package whose files are read-only is as good as any", async () => {
  for (const name of await readdir(path)) await chmod(join(path, name), 0o400);
  await expect(verifyPackage([path], { trusted, watch })).resolves.toMatchObject({ ok: true });
});
