import { bash, syncStep } from "./bash.js";
import { filesBelow } from "./sources.js";
import { openSameWork } from "./same-work.js";

const evseal = (command, ...more) => ({ sealed, opened }, lab) => [
  [...lab.evseal, command, packageIn(sealed), ...(command === "open" ? ["--out", opened] : []), ...more, "--json"],
]; // prettier-ignore

/** The one package in `folder`. */
function packageIn(folder) {
  const [label] = filesBelow(folder).filter((file) => file.endsWith(".label.json"));
  return `${folder}/${label.split("/")[0]}`;
}

/** `step`, and what it wrote to the folder `opened` made durable. */
const intoFolder = (step) => ({ opened, files }) => [step, syncStep(opened, files)]; // prettier-ignore

/**
 * Who opens what the packer `sealedBy` sealed: `steps` leave in `job.opened` "all" files, the one "small" file, or none
 * but an answer on stdout that `says` is right; `fromDisk` has nothing of what it opens in memory.
 */
export const openers = [
  { name: "evseal open", sealedBy: "evseal", leaves: "all", steps: evseal("open") },
  { name: "evseal open, from the disk", sealedBy: "evseal", fromDisk: true, leaves: "all", steps: evseal("open") },
  { name: "evseal verify", sealedBy: "evseal", says: ({ ok }) => ok === true, steps: evseal("verify") },
  {
    name: "evseal list",
    sealedBy: "evseal",
    says: ({ files }, job) => files.length === job.files.length,
    steps: evseal("list"),
  },
  {
    name: "evseal open --only",
    sealedBy: "evseal",
    leaves: "small",
    steps: (job, lab) => evseal("open", "--only", `**/${job.small}`)(job, lab),
  },
  {
    name: "same work, openssl",
    sealedBy: "same work, openssl",
    leaves: "all",
    steps: ({ opened, files }) => openSameWork({ hash: "openssl dgst -sha256 -r", synced: syncStep(opened, files) }),
  },
  {
    name: "same work, coreutils",
    sealedBy: "same work, coreutils",
    leaves: "all",
    steps: ({ opened, files }) => openSameWork({ hash: "sha256sum -b", synced: syncStep(opened, files) }),
  },
  {
    name: "age -d | tar x",
    sealedBy: "tar | age",
    leaves: "all",
    steps: intoFolder(bash('age -d -i "$IDENTITY" "$SEALED/media.age" | tar -C "$OPENED" -xf -')),
  },
  {
    name: "gpg -d | tar x",
    sealedBy: "tar | gpg -z0",
    leaves: "all",
    steps: intoFolder(bash('gpg --batch --quiet -d "$SEALED/media.gpg" | tar -C "$OPENED" -xf -')),
  },
  {
    name: "7z x",
    sealedBy: "7z -mx0",
    leaves: "all",
    steps: ({ sealed, opened, files }, { sevenZip, password }) => [
      [sevenZip, "x", `-p${password}`, "-bso0", "-bsp0", `-o${opened}`, `${sealed}/media.7z`],
      syncStep(opened, files),
    ],
  },
  {
    name: "cp",
    sealedBy: "cp",
    leaves: "all",
    steps: ({ sealed, opened, files }) => [["cp", "-r", `${sealed}/media/.`, opened], syncStep(opened, files)],
  },
  {
    name: "age 1.3 -d | tar x, hybrid key",
    sealedBy: "tar | age 1.3, hybrid key",
    leaves: "all",
    steps: ({ opened }) => [
      bash(`find "$SEALED" -name '*.evseal' -not -name '*.manifest.evseal' -exec "$AGE13" -d -i "$HYBRID_IDENTITY" {} + |
        tar -C "$OPENED" -xf -`),
      ["find", opened, "-exec", "sync", "{}", "+"], // the names are not the same for what evseal and what tar sealed
    ],
  },
];
