/** The refusal matrix of pack: each row by the built program, and after each row nothing in the world has changed. */
import {
  appendFileSync,
  cpSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeCard, parseCard, type Card } from "../../src/keys/card.js";
import { contactFileName, contactOf } from "../../src/keys/contact.js";
import {
  makeUnits,
  media,
  newScene,
  passphrase,
  refuse,
  sealed,
  usual,
  type Row,
  type Scene,
  type Units,
} from "./refusal-scene.js";
import { run } from "./run.js";

const key = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";
const pem = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn";

let units: Units;
beforeAll(async () => {
  units = await makeUnits();
});
afterAll(() => rmSync(units.folder, { recursive: true }));

/** The usual words with other recipients. */
const to =
  (...recipients: string[]) =>
  (scene: Scene): readonly string[] =>
    usual(scene, recipients);

/** The usual words, once `spoil` has made the scene bad. */
const after =
  (spoil: (scene: Scene) => void) =>
  (scene: Scene): undefined => {
    spoil(scene);
  };

const output: Readonly<Record<string, Row>> = {
  "the output inside a source": {
    code: "OUTPUT_INSIDE_SOURCE",
    arrange: (scene) => {
      mkdirSync(path.join(scene.interview, "out"));
      return usual({ ...scene, out: path.join(scene.interview, "out") });
    },
  },
  "the output that is a source": {
    code: "OUTPUT_INSIDE_SOURCE",
    arrange: (scene) => usual({ ...scene, out: scene.interview }),
  },
  "the output inside a source, by way of `..`": {
    code: "OUTPUT_INSIDE_SOURCE",
    arrange: (scene) => usual({ ...scene, out: `${scene.out}/../interview/VIDEO_TS/../VIDEO_TS` }),
  },
  "the output inside a source, by a link": {
    code: "OUTPUT_INSIDE_SOURCE",
    arrange: (scene) => {
      const link = path.join(scene.folder, "link");
      symlinkSync(path.join(scene.interview, "VIDEO_TS"), link);
      return usual({ ...scene, out: link });
    },
  },
  "a source inside the output": {
    code: "SOURCE_INSIDE_OUTPUT",
    arrange: (scene) => {
      renameSync(scene.interview, path.join(scene.out, "interview"));
      return usual({ ...scene, interview: path.join(scene.out, "interview") });
    },
  },
  "an output with a file in it": {
    code: "OUTPUT_NOT_ONLY_PACKAGES",
    arrange: after(({ out }) => writeFileSync(path.join(out, "Thumbs.db"), "")),
  },
  "an output with a private key under the name of a package's file": {
    code: "PRIVATE_KEY_IN_OUTPUT",
    arrange: after(({ out }) => {
      mkdirSync(path.join(out, sealed));
      media(path.join(out, sealed, `${sealed}.evseal`), 200_000, key, -200);
    }),
  },
  "an output with the passphrase under the name of a package's file": {
    code: "PASSPHRASE_IN_OUTPUT",
    arrange: (scene) => {
      mkdirSync(path.join(scene.out, sealed));
      const file = path.join(scene.out, sealed, "HOW-TO-OPEN.txt");
      writeFileSync(file, passphrase);
      return [...usual(scene), "--passphrase-file", file];
    },
    unit: "protected",
  },
  "an output that is not there": {
    code: "OUTPUT_FAILED",
    arrange: after(({ out }) => rmSync(out, { recursive: true })),
  },
};

const keys: Readonly<Record<string, Row>> = {
  "the home among the sources": {
    code: "HOME_INSIDE_SOURCE",
    arrange: (scene) => [scene.home, ...usual(scene)],
  },
  "the home deep in a source": {
    code: "HOME_INSIDE_SOURCE",
    arrange: after(({ home, interview }) => {
      renameSync(home, path.join(interview, "VIDEO_TS", "home"));
      symlinkSync(path.join(interview, "VIDEO_TS", "home"), home);
    }),
  },
  "a file of the home among the sources": {
    code: "HOME_INSIDE_SOURCE",
    arrange: (scene) => [path.join(scene.home, "card.json"), ...usual(scene)],
  },
  "the home inside the output": {
    code: "HOME_INSIDE_OUTPUT",
    arrange: (scene) => usual({ ...scene, out: scene.folder }),
  },
  "an age key in a source": {
    code: "PRIVATE_KEY_IN_SOURCE",
    arrange: after(({ interview }) => writeFileSync(path.join(interview, "notes.txt"), `# mine\n${key}\n`)),
  },
  "a minisign key in a source": {
    code: "PRIVATE_KEY_IN_SOURCE",
    arrange: after(({ home, interview }) => cpSync(path.join(home, "signing.key"), path.join(interview, "a.wav"))),
  },
  "an age key under a passphrase in a source": {
    code: "PRIVATE_KEY_IN_SOURCE",
    arrange: (scene) => {
      cpSync(path.join(scene.home, "receiving.age"), path.join(scene.interview, "a.wav"));
      return [...usual(scene), "--passphrase-fd", "3"];
    },
    unit: "protected",
    fds: { 3: passphrase },
  },
  "an OpenSSH key at the end of a long source": {
    code: "PRIVATE_KEY_IN_SOURCE",
    arrange: after(({ interview }) => media(path.join(interview, "a.mp4"), 1_000_000, pem, -60_000)),
  },
  "a key across two of the blocks that a source is read in": {
    code: "PRIVATE_KEY_IN_SOURCE",
    arrange: after(({ interview }) => media(path.join(interview, "a.mp4"), 256 * 1024 + 100, pem, 256 * 1024 - 10)),
  },
  "the passphrase's file among the sources": {
    code: "PASSPHRASE_IN_SOURCE",
    arrange: (scene) => {
      const file = path.join(scene.interview, "read me.txt");
      writeFileSync(file, `${passphrase}\n`);
      return [...usual(scene), "--passphrase-file", file];
    },
    unit: "protected",
  },
  "the passphrase's file among the sources under another name": {
    code: "PASSPHRASE_IN_SOURCE",
    arrange: (scene) => {
      const file = path.join(scene.folder, "passphrase.txt");
      writeFileSync(file, `${passphrase}\n`);
      linkSync(file, path.join(scene.interview, "read me.txt"));
      return [...usual(scene), "--passphrase-file", file];
    },
    unit: "protected",
  },
  "a copy of the passphrase among the sources": {
    code: "PASSPHRASE_IN_SOURCE",
    arrange: (scene) => {
      writeFileSync(path.join(scene.interview, "read me.txt"), `${passphrase}\r\n`);
      return [...usual(scene), "--passphrase-fd", "3"];
    },
    unit: "protected",
    fds: { 3: passphrase },
  },
};

const recipients: Readonly<Record<string, Row>> = {
  "no recipient": { code: "ANSWER_MISSING", arrange: to() },
  "an unknown recipient": { code: "CONTACT_UNKNOWN", arrange: to("Nobody") },
  "a recipient twice": {
    code: "RECIPIENT_TWICE",
    arrange: (scene) => usual(scene, ["SCAS", units.receiver.fingerprint]),
  },
  "recipients of both kinds": { code: "RECIPIENTS_MIXED", arrange: to("SCAS", "CPS") },
  "only oneself": { code: "RECIPIENT_ONLY_SELF", arrange: to("Force A") },
  "oneself beside another, while the receiving key is here": {
    code: "RECIPIENT_KEY_HERE",
    arrange: to("SCAS", "Force A"),
  },
  "a recipient whose key was copied to this machine": {
    code: "RECIPIENT_KEY_HERE",
    arrange: after(({ home }) =>
      cpSync(path.join(units.receiver.home, "receiving.age"), path.join(home, "receiving.age")),
    ),
  },
  "a recipient whose card has expired": {
    code: "CARD_EXPIRED",
    arrange: after(({ home }) => trust(home, { expires: "2026-01-02T00:00:00Z" })),
  },
  "a unit that is known from two cards": {
    code: "CONTACT_CHANGED",
    arrange: after(({ home }) => trust(home, { expires: "2030-01-02T00:00:00Z" }, "and the first")),
  },
  "a contact that was altered after it was confirmed": {
    code: "CARD_UNUSABLE",
    arrange: after(({ home }) => {
      const [file = ""] = readdirSync(path.join(home, "contacts"));
      appendFileSync(path.join(home, "contacts", file), " ");
    }),
  },
  "a contact changed into another's card": {
    code: "CARD_UNUSABLE",
    arrange: after(({ home }) => {
      const [first = "", second = ""] = readdirSync(path.join(home, "contacts"));
      renameSync(path.join(home, "contacts", first), path.join(home, "contacts", second));
    }),
  },
};

/** Puts a card of the receiver's among the contacts by hand, as no command would, in the place of the one there. */
function trust(home: string, changes: Partial<Card>, andTheFirst?: "and the first"): void {
  const card = parseCard(readFileSync(path.join(units.receiver.home, "card.json")));
  const folder = path.join(home, "contacts");
  if (andTheFirst === undefined) rmSync(path.join(folder, contactFileName(contactOf(card))));
  const changed = { ...card, created: "2026-01-01T00:00:00Z", ...changes };
  writeFileSync(path.join(folder, contactFileName(contactOf(changed))), encodeCard(changed).bytes);
}

for (const [what, rows] of Object.entries({ output, keys, recipients })) {
  test.each(Object.entries(rows))(`pack refuses, for its ${what}, %s`, async (_name, row) => refuse(units, row));
}

test("a recovery copy for oneself is no refusal once the receiving key is kept elsewhere", async () => {
  const scene = newScene(units);
  renameSync(path.join(scene.home, "receiving.age"), path.join(scene.folder, "in a safe"));
  expect(await run(["pack", ...usual(scene, ["SCAS", "Force A"])], scene)).toMatchObject({ code: 0 });
});
