import { fileURLToPath } from "node:url";
import { bash, syncStep } from "./bash.js";
import { packSameWork } from "./same-work.js";

const hashes = { openssl: "openssl dgst -sha256 -r", coreutils: "sha256sum -b" };
const here = fileURLToPath(new URL(".", import.meta.url));

/** `steps` whose one output is the file `name`, made durable with its folder. */
const intoFile = (name, step) => ({ sealed }) => [step, ["sync", `${sealed}/${name}`, sealed]]; // prettier-ignore
const pack = (evseal, { source, sealed }, unit) => [
  [...evseal, "pack", source, "--to", unit, "--out", sealed, "--json"],
];

/**
 * Who packs: `needs` programs, or facts about the machine that `lab.js` finds out; `steps` leave the sealed data in
 * `job.sealed`; what they left is proven by the opener `provenBy`.
 */
export const packers = [
  { name: "evseal", provenBy: "evseal open", steps: (job, { evseal }) => pack(evseal, job, "receiver") },
  {
    name: "evseal, read-back off",
    provenBy: "evseal open",
    steps: (job, { withoutReadBack }) => pack(withoutReadBack, job, "receiver"),
  },
  {
    name: "same work, openssl",
    needs: ["age", "minisign", "openssl"],
    provenBy: "same work, openssl",
    steps: ({ sealed }) => packSameWork({ hash: hashes.openssl, sealed }),
  },
  {
    name: "same work, coreutils",
    needs: ["age", "minisign", "sha256sum"],
    provenBy: "same work, coreutils",
    steps: ({ sealed }) => packSameWork({ hash: hashes.coreutils, sealed }),
  },
  {
    name: "tar | age",
    needs: ["age"],
    provenBy: "age -d | tar x",
    steps: intoFile("media.age", bash('tar -C "$SOURCE" -cf - . | age -r "$RECIPIENT" > "$SEALED/media.age"')),
  },
  {
    name: "tar | gpg -z0",
    needs: ["gpg"],
    provenBy: "gpg -d | tar x",
    steps: intoFile(
      "media.gpg",
      bash('tar -C "$SOURCE" -cf - . | gpg --batch --quiet --trust-model always -z0 -er bench > "$SEALED/media.gpg"'),
    ),
  },
  {
    name: "7z -mx0",
    needs: ["7-Zip"],
    provenBy: "7z x",
    steps: ({ source, sealed }, { sevenZip, password }) => [
      [sevenZip, "a", "-mx0", `-p${password}`, "-bso0", "-bsp0", `${sealed}/media.7z`, `${source}/.`],
      ["sync", `${sealed}/media.7z`, sealed],
    ],
  },
  {
    name: "tar | typage",
    needs: ["age"], // opens what typage sealed
    provenBy: "age -d | tar x",
    steps: intoFile(
      "media.age",
      bash(`tar -C "$SOURCE" -cf - . | "$NODE" "${here}typage.js" "$RECIPIENT" > "$SEALED/media.age"`),
    ),
  },
  {
    name: "cp",
    provenBy: "cp",
    steps: ({ source, sealed, files }) => [
      ["cp", "-r", `${source}/.`, `${sealed}/media`],
      syncStep(`${sealed}/media`, files),
    ],
  },
  {
    name: "evseal, hybrid key",
    needs: ["age 1.3"],
    provenBy: "age 1.3 -d | tar x, hybrid key",
    steps: (job, { evseal }) => pack(evseal, job, "hybrid"),
  },
  {
    name: "tar | age 1.3, hybrid key",
    needs: ["age 1.3"],
    provenBy: "age 1.3 -d | tar x, hybrid key",
    steps: intoFile("media.evseal", bash('tar -C "$SOURCE" -cf - . | "$AGE13" -r "$HYBRID" > "$SEALED/media.evseal"')),
  },
];
