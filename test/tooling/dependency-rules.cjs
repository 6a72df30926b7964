/**
 * docs/ARCHITECTURE.md, "Imports run one way", for dependency-cruiser. Every rule's comment is its reason; if one blocks
 * you, the design is the question. `test/rooms/` plants a violation of each and sees it reported.
 */

/** A room imports from src nothing but itself, the files at the root, and the rooms named in `mayUse`. */
function room(name, mayUse, comment) {
  return {
    name: `room-${name}`,
    comment,
    severity: "error",
    from: { path: `^src/${name}/` },
    to: { path: "^src/", pathNot: `^src/(${[name, ...mayUse].join("|")})/|^src/[^/]+$` },
  };
}

/** `library` is imported by one file; the rest of its room may know its types, other rooms know nothing of it. */
function door(library, room, file, comment) {
  const name = `door-${library.replace("@", "").replace("/", "-")}`;
  const path = `(^|node_modules/)${library}(/|$)`;
  return [
    {
      name,
      comment,
      severity: "error",
      from: { path: "^src/", pathNot: `^src/${room}/` },
      to: { path },
    },
    {
      name: `${name}-file`,
      comment: `${comment}: there, only ${file} runs it`,
      severity: "error",
      from: { path: `^src/${room}/`, pathNot: `/${file}$` },
      to: { path, dependencyTypesNot: ["type-only"] },
    },
  ];
}

/** Of node's own modules, `modules` are imported by `rooms` only. */
function nodeDoor(name, modules, rooms, comment) {
  return {
    name,
    comment,
    severity: "error",
    from: { path: "^src/", pathNot: `^src/(${rooms.join("|")})/` },
    to: { dependencyTypes: ["core"], path: `^(node:)?(${modules.join("|")})$` },
  };
}

const formats = ["age", "minisign", "crypto", "ring"];
const fileRooms = ["media", "output", "keys", "opening", "checking", "doctor", "cli"];

const harmlessModules = "buffer|crypto|events|fs|os|path|process|readline|stream|string_decoder|timers|tty|url|util";

function noNetworkNoPrograms(name, top, modules) {
  return {
    name,
    comment: "evseal makes no connection and starts no program: any module of node's that is not named here is refused",
    severity: "error",
    from: { path: `^${top}/` },
    to: { dependencyTypes: ["core"], pathNot: `^(node:)?(${modules})(/(promises|posix|win32))?$` },
  };
}

module.exports = {
  forbidden: [
    room(
      "crypto",
      [],
      "primitives know nothing of what they are used for, so they can be checked against published vectors",
    ),
    room("ring", [], "shared memory and threads know nothing of what passes through them"),
    room(
      "worker",
      ["opening", "media", "package", "output", ...formats],
      "a thread begins here and knows the stages only: no keys, no gate, no terminal",
    ),
    room("age", ["crypto", "ring"], "age v1 stands on its own, so that it can be read beside its specification"),
    room("minisign", ["crypto"], "minisign stands on its own, so that it can be read beside its description"),
    room("package", formats, "what a package is does not depend on how it is read, written or shown"),
    room(
      "output",
      ["package", ...formats],
      "writers take sealed types only: output never imports media, where the clear comes in",
    ),
    room(
      "media",
      ["package", ...formats],
      "cleartext comes in here and has no way to a writer but through a SealedStream",
    ),
    room("keys", ["package", "output", ...formats], "keys and contacts know nothing of evidence"),
    room(
      "sealing",
      ["opening", "keys", "media", "package", "output", ...formats],
      "sealing reads back through the checks of opening; it knows no gate and no terminal",
    ),
    room(
      "opening",
      ["keys", "package", "output", ...formats],
      "opening never seals: the clear of others does not come in here",
    ),
    room(
      "discs",
      ["package", ...formats],
      "reading a disc is pure: bytes in, a tree and findings out; it opens nothing and believes no package",
    ),
    room(
      "checking",
      ["discs", "opening", "keys", "package", ...formats],
      "the gate asks opening what is valid; it writes nothing and reads no media",
    ),
    room(
      "doctor",
      ["keys", "package", "output", ...formats],
      "doctor looks at evseal and at what it stands on: it meets no evidence, sealed or in the clear",
    ),
    {
      name: "room-root",
      comment: "what lies at the root of src lies below every room",
      severity: "error",
      from: { path: "^src/[^/]+$" },
      to: { path: "^src/[^/]+/" },
    },
    {
      name: "room-bin",
      comment: "the program's first file only guards the process and starts the command line",
      severity: "error",
      from: { path: "^bin/" },
      to: { pathNot: "^program/cli/", dependencyTypesNot: ["core"] },
    },
    {
      name: "no-cycle",
      comment: "imports run one way; a cycle means that two files are one, or that a third is missing",
      severity: "error",
      from: { path: "^src/" },
      to: { circular: true },
    },
    {
      name: "no-orphan",
      comment: "a file that nothing imports and that imports nothing is dead",
      severity: "error",
      from: { path: "^src/", orphan: true },
      to: {},
    },
    {
      name: "no-test-code",
      comment: "what ships must not lean on what does not",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^(test|fixtures|bin|dist|program|docs)/" },
    },
    {
      name: "only-shipped-packages",
      comment: "what goes into the program is a dependency, so that its version and its licence are watched",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "node_modules/", dependencyTypesNot: ["npm", "type-only"] },
    },
    {
      name: "must-resolve",
      comment: "an import that cannot be resolved cannot be judged by the other rules",
      severity: "error",
      from: { path: "^src/" },
      to: { couldNotResolve: true },
    },

    ...door("libsodium-wrappers", "crypto", "sodium.ts", "one door to libsodium: its traps are known in one place"),
    ...door("commander", "cli", "program.ts", "only the command line knows flags"),
    ...door("inquirer", "cli", "prompts.ts", "only the command line asks"),
    ...door("chalk", "cli", "colours.ts", "only the command line has colours"),
    ...door("env-paths", "cli", "home-place.ts", "where the unit's home is, is the command line's business"),
    ...door("@scure/bip39", "keys", "fingerprint.ts", "words are for fingerprints only"),
    ...door("picomatch", "opening", "open-package.ts", "patterns choose among authentic names only"),
    ...door("file-type", "checking", "format-words.ts", "it names formats for people: it must never decide"),

    nodeDoor("door-node-crypto", ["crypto", "crypto/promises"], ["crypto"], "one door to node's cryptography"),
    nodeDoor("door-node-threads", ["worker_threads"], ["ring", "worker"], "threads begin in one place and end in one"),
    nodeDoor("door-node-sea", ["sea"], ["ring"], "one place knows whether the code lies in files or in one file"),
    nodeDoor(
      "files-in-few-rooms",
      ["fs", "fs/promises", "os"],
      fileRooms,
      "age, minisign, crypto and package know no file system; sealing reads through media and writes through output",
    ),
    nodeDoor(
      "paths-in-few-rooms",
      ["path", "path/posix", "path/win32"],
      [...fileRooms, "sealing"],
      "age, minisign, crypto and package know no file system; a path inside a package is a PortablePath",
    ),
    nodeDoor(
      "only-cli-knows-the-process",
      ["process", "tty", "readline", "readline/promises"],
      ["cli"],
      "nothing below cli prints, prompts, exits or looks around",
    ),
    noNetworkNoPrograms("no-network-no-programs", "src", `${harmlessModules}|worker_threads|sea`),
    noNetworkNoPrograms("no-network-no-programs-first", "bin", `${harmlessModules}|inspector|sea`), // what it is, and whether watched
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true, // an `import type` leans on a room as well
    doNotFollow: { path: "(^program/|node_modules/)" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};
