/** age, the program, opens what evseal seals; evseal takes over what age-keygen made. */
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { atTerminal } from "./at-terminal.js";
import {
  contentsOf,
  emptyFolder,
  evseal,
  exchange,
  interview,
  newUnit,
  passphrase,
  passphraseFile,
  seal,
  sharedFolder,
  trust,
  type Exchange,
  type Package,
} from "./exchange.js";
import { describeWith, describeWithAge13, exec, must } from "./programs.js";

const place = sharedFolder();

describeWith(["age", "age-keygen", "tar"], "Debian's age, with classic keys", () => {
  let units: Exchange;
  let sealed: Package;

  beforeAll(async () => {
    units = await exchange(emptyFolder(place, "classic"), "--classic");
    sealed = await seal(place, units.sender, units.receiver, [interview]);
  });

  test("opens the manifest, which says what evseal list says", async () => {
    const archive = path.join(place, "manifest.tar");
    await must("age", ["-d", "-i", path.join(units.receiver.home, "receiving.age"), "-o", archive, sealed.manifest]);

    const { stdout } = await must("tar", ["-xOf", archive, `${sealed.seal}/manifest.json`]);

    expect(JSON.parse(stdout)).toEqual(await evseal(units.receiver.home, "list", sealed.folder));
    expect((await must("tar", ["-tf", archive])).stdout.split("\n")).toContain(`${sealed.seal}/manifest.json.minisig`);
  });

  test("refuses a package that is sealed to somebody else", async () => {
    const stranger = path.join(place, "stranger.txt");
    await must("age-keygen", ["-o", stranger]);

    const { code, stderr } = await exec("age", ["-d", "-i", stranger, sealed.container]);

    expect(code).toBe(1);
    expect(stderr).toContain("no identity matched");
  });

  test("makes identities that keygen takes over and open takes by name", async () => {
    const identity = path.join(place, "made-by-age.txt");
    await must("age-keygen", ["-o", identity]);
    const recipient = (await must("age-keygen", ["-y", identity])).stdout.trim();
    const home = emptyFolder(place, "adopted");
    const adopted = await newUnit(home, "Adopted", "--no-passphrase", "--identity", identity);

    expect(adopted.recipient).toBe(recipient);
    await expectItOpens(units, adopted, identity);
  });

  test("opens its media with a receiving.age that has a passphrase, typed at a terminal", async () => {
    const home = emptyFolder(place, "protected");
    const receiver = await newUnit(home, "Protected", "--classic", "--passphrase-file", passphraseFile(home));
    await trust(units.sender, receiver);
    const { container } = await seal(place, units.sender, receiver, [interview]);
    const archive = path.join(home, "media.tar");
    const argv = [
      "/usr/bin/env",
      "age",
      "-d",
      "-i",
      path.join(receiver.home, "receiving.age"),
      "-o",
      archive,
      container,
    ];

    const right = await atTerminal(argv, [{ until: "Enter passphrase", type: `${passphrase}\r` }]);
    expect(right).toMatchObject({ code: 0, unsaid: 0 });
    expect((await must("tar", ["-tf", archive])).stdout).toContain("media/interview/camera 1.mp4");

    const wrong = await atTerminal(argv, [{ until: "Enter passphrase", type: "something else\r" }]);
    expect(wrong.code).toBe(1);
  });

  test("protects an identity with a passphrase of its own, and evseal opens with it", async () => {
    const home = emptyFolder(place, "protected by age");
    const plain = path.join(home, "identity.txt");
    const locked = path.join(home, "identity.age");
    await must("age-keygen", ["-o", plain]);
    const twice = [
      { until: "Enter passphrase", type: `${passphrase}\r` },
      { until: "Confirm passphrase", type: `${passphrase}\r` },
    ];
    expect(await atTerminal(["/usr/bin/env", "age", "-p", "-o", locked, plain], twice)).toMatchObject({ code: 0 });

    const adopted = await newUnit(home, "Locked", "--identity", plain, "--no-passphrase");
    await expectItOpens(units, adopted, locked, "--passphrase-file", passphraseFile(home));
  });
});

describeWithAge13("age 1.3, with post-quantum keys", (first) => {
  let units: Exchange;
  let sealed: Package;

  beforeAll(async () => {
    units = await exchange(emptyFolder(place, "hybrid"));
    sealed = await seal(place, units.sender, units.receiver, [interview]);
  });

  test("opens container and manifest", async () => {
    const identity = path.join(units.receiver.home, "receiving.age");
    const archives = [sealed.container, sealed.manifest].map((file) => [
      file,
      path.join(place, `${path.basename(file)}.tar`),
    ]);
    for (const [file = "", archive = ""] of archives)
      await must("age", ["-d", "-i", identity, "-o", archive, file], { first });

    const out = emptyFolder(place, "out of age 1.3");
    for (const [, archive = ""] of archives) await must("tar", ["-xf", archive, "-C", out]);

    expect(await contentsOf(path.join(out, sealed.seal, "media/interview"))).toEqual(await contentsOf(interview));
    const manifest: unknown = JSON.parse(readFileSync(path.join(out, sealed.seal, "manifest.json"), "utf8"));
    expect(manifest).toEqual(await evseal(units.receiver.home, "list", sealed.folder));
  });

  test("age-inspect sees one post-quantum recipient", async () => {
    const { stdout } = await must("age-inspect", ["--json", sealed.container], { first });

    expect(JSON.parse(stdout)).toMatchObject({
      version: "age-encryption.org/v1",
      postquantum: "yes",
      armor: false,
      stanza_types: ["mlkem768x25519"],
    });
    const inspected = await evseal(units.sender.home, "inspect", sealed.folder);
    expect(inspected).toMatchObject({
      stanzas: ["mlkem768x25519"],
      containers: [{ size: statSync(sealed.container).size }],
    });
  });

  test("makes identities that keygen takes over and open takes by name", async () => {
    const identity = path.join(place, "made-by-age-1.3.txt");
    await must("age-keygen", ["-pq", "-o", identity], { first });
    const recipient = (await must("age-keygen", ["-y", identity], { first })).stdout.trim();

    const adopted = await newUnit(
      emptyFolder(place, "adopted hybrid"),
      "Adopted",
      "--no-passphrase",
      "--identity",
      identity,
    );

    expect(adopted.recipient).toBe(recipient);
    await expectItOpens(units, adopted, identity);
  });

  test("protects an identity with a passphrase of its own, and evseal opens with it", async () => {
    const home = emptyFolder(place, "protected by age 1.3");
    const plain = path.join(home, "identity.txt");
    const locked = path.join(home, "identity.age");
    await must("age-keygen", ["-pq", "-o", plain], { first });
    await must("age", ["-e", "-j", "batchpass", "-o", locked, plain], { first, env: { AGE_PASSPHRASE: passphrase } });

    const adopted = await newUnit(home, "Locked", "--identity", plain, "--no-passphrase");
    await expectItOpens(units, adopted, locked, "--passphrase-file", passphraseFile(home));
  });
});

/** Seals to `receiver`, and opens with the identity that another program made, from a home that has no key of its own. */
async function expectItOpens(
  units: Exchange,
  receiver: Exchange["receiver"],
  identity: string,
  ...flags: readonly string[]
): Promise<void> {
  await trust(units.sender, receiver);
  const sealed = await seal(place, units.sender, receiver, [interview]);
  const home = emptyFolder(receiver.home, "elsewhere");
  const card = path.join(units.sender.home, "..", `${units.sender.unit}.card.json`);
  await evseal(home, "contacts", "add", card, "--fingerprint", units.sender.fingerprint);
  const out = emptyFolder(receiver.home, "opened");

  await evseal(home, "open", sealed.folder, "--out", out, "--identity", identity, ...flags);

  expect(await contentsOf(path.join(out, `${sealed.seal}.opened`, "media/interview"))).toEqual(
    await contentsOf(interview),
  );
}
