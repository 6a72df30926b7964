import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readIdentityFile } from "../../src/age/identity-file.js";
import { checkTree } from "../../src/checking/check.js";
import { SecretBytes } from "../../src/crypto/secret-bytes.js";
import { parseCard } from "../../src/keys/card.js";
import { TrustedSigners } from "../../src/keys/trusted-signers.js";
import { inspectPackage } from "../../src/opening/inspect-package.js";
import { listPackage } from "../../src/opening/list-package.js";
import { openPackage } from "../../src/opening/open-package.js";
import { quietWatch } from "../quiet-watch.js";
import { temporaryFolder } from "../temporary-folder.js";

const fixtures = fileURLToPath(new URL("../../fixtures/", import.meta.url));
const sha256 = async (path: string) =>
  createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
const noPassphrase = () => Promise.reject(new Error("golden keys have no passphrase"));

describe.each([
  ["hybrid", "mlkem768x25519"],
  ["classic", "X25519"],
])("the golden package of version 1, %s", (folder, stanza) => {
  const golden = join(fixtures, "golden", folder);

  async function load() {
    const [seal = ""] = (await readdir(golden)).filter((name) => name.startsWith("EV-"));
    const card = parseCard(await readFile(join(golden, "sender.card.json")));
    const identity = SecretBytes.take(await readFile(join(golden, "receiving.age")));
    const identities = await readIdentityFile(identity, noPassphrase);
    return { path: join(golden, seal), trusted: TrustedSigners.of([card]), identities, watch: quietWatch() };
  }

  it("still opens, every file as it went in", async () => {
    const { path, ...options } = await load();
    const { out } = await openPackage([path], { ...options, outDir: await temporaryFolder() });
    const entries = await readdir(join(fixtures, "interview"), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    expect(files).toHaveLength(9);
    for (const { parentPath, name } of files) {
      const source = join(parentPath, name);
      const opened = join(out, "media/interview", source.slice(join(fixtures, "interview").length));
      expect(await sha256(opened), name).toBe(await sha256(source));
    }
  });

  it("still lists its record and the times to the nanosecond", async () => {
    const { path, ...options } = await load();
    const { record, files } = await listPackage(path, options);
    expect(record).toEqual({
      case: "GOLDEN/1",
      exhibits: ["AB/1", "AB/2"],
      officer: "DC 1234",
      reason: "later versions must open this",
    });
    for (const { modified } of files) expect(modified).toBe("2026-11-20T10:00:00.123456789Z");
  });

  it("still passes the gate, and is of its kind", async () => {
    const { path, ...options } = await load();
    const { stanzas, recipients } = await inspectPackage(path, options);
    expect(stanzas).toEqual([stanza]);
    const known = new Set(recipients.map(({ fingerprint }) => fingerprint));
    const expectations = { known, expected: recipients, expectedDigest: undefined };
    expect(await checkTree(path, { ...options, ...expectations })).toMatchObject({ ok: true, findings: [] });
  });
});
