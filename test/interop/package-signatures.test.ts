/** minisign, the program, over whole packages: with the public key file that keygen writes, and with keys of its own. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import {
  emptyFolder,
  evseal,
  exchange,
  interview,
  newUnit,
  seal,
  sharedFolder,
  trust,
  type Exchange,
} from "./exchange.js";
import { describeWith, exec, must } from "./programs.js";

const place = sharedFolder();

describeWith(["minisign", "age", "tar"], "minisign, over packages", () => {
  let units: Exchange;
  beforeAll(async () => {
    units = await exchange(emptyFolder(place, "units"), "--classic");
  });

  test("verifies label and manifest with the sender's signing.pub", async () => {
    const sealed = await seal(place, units.sender, units.receiver, [interview]);
    const out = emptyFolder(place, "manifest");
    const archive = path.join(place, "manifest.tar");
    await must("age", ["-d", "-i", path.join(units.receiver.home, "receiving.age"), "-o", archive, sealed.manifest]);
    await must("tar", ["-xf", archive, "-C", out]);
    const signer = path.join(units.sender.home, "signing.pub");
    const verify = (file: string) => exec("minisign", ["-V", "-H", "-p", signer, "-m", file]);

    const label = await verify(sealed.label);
    const manifest = await verify(path.join(out, sealed.seal, "manifest.json"));

    expect(label).toMatchObject({ code: 0, stderr: "" });
    expect(label.stdout).toContain(`Trusted comment: evseal/label/v1 seal=${sealed.seal}\n`);
    expect(manifest).toMatchObject({ code: 0, stderr: "" });
    expect(manifest.stdout).toContain(`Trusted comment: evseal/manifest/v1 seal=${sealed.seal}\n`);
  });

  test("refuses both with another unit's signing.pub, and the label with a changed word", async () => {
    const sealed = await seal(place, units.sender, units.receiver, [interview]);
    const verifyWith = (unit: string) =>
      exec("minisign", ["-V", "-H", "-p", path.join(unit, "signing.pub"), "-m", sealed.label]);

    expect((await verifyWith(units.receiver.home)).code).toBe(1);

    writeFileSync(sealed.label, readFileSync(sealed.label, "utf8").replace("Receiver", "receiver"));
    expect((await verifyWith(units.sender.home)).code).toBe(1);
  });

  test("makes a key without a password that keygen takes over; packages under it verify by minisign's own .pub", async () => {
    const home = emptyFolder(place, "adopted");
    const [secretKey, publicKey] = [path.join(home, "minisign.key"), path.join(home, "minisign.pub")];
    await must("minisign", ["-G", "-W", "-p", publicKey, "-s", secretKey]);

    const adopted = await newUnit(home, "Adopted", "--no-passphrase", "--signing-key", secretKey);
    await trust(adopted, units.receiver);
    const sealed = await seal(place, adopted, units.receiver, [interview]);

    expect(readFileSync(publicKey, "utf8")).toContain(adopted.signingKey);
    expect(await exec("minisign", ["-V", "-H", "-p", publicKey, "-m", sealed.label])).toMatchObject({ code: 0 });
    const verified = await evseal(units.receiver.home, "verify", sealed.folder, "--signer", publicKey);
    expect(verified).toMatchObject({ ok: true, seal: sealed.seal, sender: { trusted: true } });
  });
});
