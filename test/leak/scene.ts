import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { must } from "../interop/programs.js";
import { Canaries, tiled, uniqueText, type Canary } from "./canaries.js";

/** Everything that must not get out, in files that stand ready to be worked with. */
export interface Scene {
  readonly folder: string;
  /** The folder to be packed, and the names of the folder and the files in it. */
  readonly source: string;
  readonly names: readonly string[];
  readonly record: {
    readonly case: string;
    readonly exhibits: readonly string[];
    readonly officer: string;
    readonly reason: string;
  };
  readonly passphrases: { readonly sender: string; readonly receiver: string; readonly wrong: string };
  /** An age identity and a minisign key without a passphrase, whose secret halves are known. */
  readonly identity: string;
  readonly signingKey: string;
  /** What evidence says and is called, and what is known of the case. */
  readonly evidence: Canaries;
  readonly content: Canaries;
  /** Passphrases and private keys. */
  readonly secrets: Canaries;
  /** Both. */
  readonly everything: Canaries;
  end(): void;
}

export async function makeScene(): Promise<Scene> {
  const folder = mkdtempSync(path.join(tmpdir(), "evseal-leak-"));
  const content = [uniqueText(), uniqueText()];
  const names = [uniqueText(), uniqueText(), uniqueText(), uniqueText()];
  const [folderName = "", first = "", inner = "", second = ""] = names;
  const source = path.join(folder, folderName);
  mkdirSync(path.join(source, inner), { recursive: true });
  writeFileSync(path.join(source, `${first}.mp4`), tiled(content[0] ?? "", 70_000));
  writeFileSync(path.join(source, inner, `${second}.wav`), tiled(content[1] ?? "", 5_000));

  const record = {
    case: uniqueText(),
    exhibits: [uniqueText(), uniqueText()],
    officer: uniqueText(),
    reason: uniqueText(),
  };
  const passphrases = { sender: uniqueText(), receiver: uniqueText(), wrong: uniqueText() };
  const keys = { identity: path.join(folder, "identity"), signingKey: path.join(folder, "signing") };
  await must("age-keygen", ["-o", keys.identity]);
  await must("minisign", ["-G", "-W", "-s", keys.signingKey, "-p", `${keys.signingKey}.pub`], { cwd: folder });

  const named = (name: string, values: readonly string[]): Canary[] =>
    values.map((value, index) => ({ name: `${name} ${index}`, value }));
  const inClear = named("content", content);
  const evidence = [
    ...inClear,
    ...named("name", names),
    ...named("record", [record.case, ...record.exhibits, record.officer, record.reason]),
  ];
  const secrets = [...named("passphrase", Object.values(passphrases)), ...secretHalves(keys)];
  return {
    folder,
    source,
    names,
    record,
    passphrases,
    ...keys,
    content: new Canaries(inClear),
    evidence: new Canaries(evidence),
    secrets: new Canaries(secrets),
    everything: new Canaries([...evidence, ...secrets]),
    end: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** As they are written in their files, and as bytes. */
function secretHalves(keys: { readonly identity: string; readonly signingKey: string }): Canary[] {
  const encoded = /AGE-SECRET-KEY-1([0-9A-Z]{58})/.exec(readFileSync(keys.identity, "utf8"))?.[1] ?? "";
  const line = readFileSync(keys.signingKey, "utf8").split("\n")[1] ?? "";
  const seed = Buffer.from(line, "base64").subarray(62, 94); // minisign(1), "Secret key format"
  const scalar = fromBech32(encoded);
  return [
    { name: "age identity", value: encoded.slice(0, 50) },
    { name: "age identity in small letters", value: encoded.slice(0, 50).toLowerCase() },
    { name: "age scalar", value: scalar },
    { name: "age scalar's first half", value: scalar.subarray(0, 16) },
    { name: "signing seed", value: seed },
    { name: "signing seed's first half", value: seed.subarray(0, 16) },
  ];
}

/** The bytes of a Bech32 text's data part (BIP 173), whose last six letters are its checksum. */
function fromBech32(text: string): Buffer {
  const letters = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";
  const bits = Array.from(text.slice(0, -6), (letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}
