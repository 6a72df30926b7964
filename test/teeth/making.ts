/** Broken builds of the rooms that make packages and write files. */
import { mutant, type Mutant } from "./mutant.js";

const packing = "test/sealing/pack.test.ts";
const faults = "test/faults/faults.test.ts";

export const making: readonly Mutant[] = [
  mutant(
    "follows links among the sources",
    ["test/media/source-list.test.ts", "refused among the sources: a link, named or inside"],
    ["src/media/source-list.ts", "import { lstatSync, readdirSync,", "import { statSync as lstatSync, readdirSync,"],
  ),
  mutant(
    "accepts an output folder inside a source",
    [packing, "packing is refused, and leaves nothing, for an output folder inside a source, by whatever path"],
    ["src/output/overlap.ts", `if (out.isWithin(source.identity)) throw refusal("OUTPUT_INSIDE_SOURCE");`, ""],
    ["src/output/overlap.ts", `if (out.isWithin(identity)) throw refusal("OUTPUT_INSIDE_SOURCE", path);`, ""],
  ),
  mutant(
    "does not look at the sources again at the end",
    [
      packing,
      "packing is refused, and leaves nothing, for a source that gets a new file, even while the package is read back",
    ],
    ["src/sealing/pack.ts", "      await requireUnchanged(sources, files, watch);\n", ""],
  ),
  mutant(
    "gives the package its name before the last look",
    [
      packing,
      "packing is refused, and leaves nothing, for a source that grows after it was read, even while the package is read back",
    ],
    [
      "src/sealing/pack.ts",
      "      await requireUnchanged(sources, files, watch);\n",
      "      await folder.commit();\n      await requireUnchanged(sources, files, watch);\n",
    ],
    [
      "src/sealing/pack.ts",
      "      await readBackLabel(folder.stagingPath, sender.card);\n      await folder.commit();\n",
      "",
    ],
  ),
  mutant(
    "does not read the container back",
    [
      packing,
      "packing is refused, and leaves nothing, for a container that does not come back from the disk as it was written",
    ],
    ["src/sealing/seal-media.ts", "    await readBackMedia(media, spread, watch);\n", "    void media;\n"],
  ),
  mutant(
    "reads the container back from memory, where that is quicker",
    ["test/sealing/spoiling-disk.test.ts", "so is one that cannot be read, whatever the page cache still has"],
    ["src/sealing/read-back.ts", "fromDisk: true", "fromDisk: false"],
  ),
  mutant(
    "does not read the manifest back",
    [
      "test/sealing/spoiling-disk.test.ts",
      "a disk that gives back another EV-….manifest.evseal than it was given is noticed, and no package made",
    ],
    ["src/sealing/seal-documents.ts", "    await readBackManifest(folder.pathsOf(name), written, archive, key);\n", ""],
  ),
  mutant(
    "does not read the manifest back from every disc",
    [
      "test/sealing/spoiling-disk.test.ts",
      "so is one that gives back another disc-002/EV-….manifest.evseal, of a package on two discs",
    ],
    [
      "src/sealing/read-back.ts",
      "    for (const copy of copies) await requireSame(copy, written.sha256);\n",
      "    void [copies, requireSame];\n",
    ],
  ),
  mutant(
    "does not read the label back",
    [
      "test/sealing/spoiling-disk.test.ts",
      "a disk that gives back another EV-….label.json than it was given is noticed, and no package made",
    ],
    ["src/sealing/pack.ts", "      await readBackLabel(folder.stagingPath, sender.card);\n", ""],
  ),
  mutant(
    "leaves its hidden folder after a failure",
    [packing, "packing is refused, and leaves nothing, for an interruption, in any phase"],
    ["src/sealing/pack.ts", "      await folder.discard();\n", ""],
  ),
  mutant(
    "does not wait until a file is on the disk",
    [faults, "evseal under the need to be durable by pack is on the disk: every file, every folder, and the names"],
    ["src/output/package-folder.ts", "      await output(handle.sync());\n", ""],
  ),
  mutant(
    "does not wait until the container is on the disk",
    [faults, "evseal under the need to be durable by pack is on the disk: every file, every folder, and the names"],
    ["src/output/durable-file.ts", "      await outputAside((done) => fsync(this.#descriptor, done));\n", ""],
  ),
  mutant(
    "does not wait until the package's name is on the disk",
    [faults, "evseal under the need to be durable by pack is on the disk: every file, every folder, and the names"],
    ["src/output/staging-folder.ts", "      await syncFolder(this.#place);\n    } catch", "    } catch"],
  ),
  mutant(
    "lets others read what it writes",
    [
      packing,
      "a package is one folder of five files, named by its seal number alone, with the sealing instant for their time",
    ],
    ["src/output/durable.ts", "const fileMode = 0o600;", "const fileMode = 0o644;"],
    ["src/output/durable.ts", "export const folderMode = 0o700;", "export const folderMode = 0o755;"],
  ),
  mutant(
    "writes over a file that is there",
    ["test/output/home-files.test.ts", "a private key never takes the place of what is there"],
    ["src/output/durable.ts", "constants.O_CREAT | constants.O_EXCL | ", "constants.O_CREAT | "],
  ),
];
