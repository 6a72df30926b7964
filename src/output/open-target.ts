/**
 * Whether evidence may be opened onto a folder's storage. What is opened is in the clear: on a stick, a disc or a share
 * it would be lost again. The only way around is the unit's policy file.
 */
import { lstat, realpath, stat } from "node:fs/promises";
import { platform } from "node:os";
import { EvsealError, type ErrorCode } from "../errors.js";
import { output } from "./durable.js";
import { linuxMachine } from "./linux-machine.js";
import { identityAt, Place } from "./place.js";
import { storageKindOf, type StorageKind } from "./storage-kind.js";

export interface OpenTarget {
  /** Unless the policy says that the folder is fit, as whoever wrote it knows who can get at it. */
  readonly mustBePrivate: boolean;
}

/**
 * `allowed` are the folders that the policy names: they and all below them are taken as they are. Throws
 * TARGET_REMOVABLE, TARGET_OPTICAL, TARGET_NETWORK, TARGET_UNKNOWN, and OUTPUT_FAILED when there is no such folder.
 */
export async function requireSafeTarget(outDir: string, allowed: readonly string[] = []): Promise<OpenTarget> {
  const place = await output(Place.at(outDir));
  for (const path of allowed) {
    const identity = await identityAt(path);
    if (identity !== undefined && place.isWithin(identity)) return { mustBePrivate: false };
  }
  const kind = platform() === "linux" ? await kindOnLinux(outDir) : await kindElsewhere(await output(realpath(outDir)));
  if (kind === "internal") return { mustBePrivate: true };
  throw refusal(codes[kind]);
}

async function kindOnLinux(outDir: string): Promise<StorageKind> {
  const mount = await linuxMachine.mountOf(await output(realpath(outDir)));
  return mount === undefined ? "unknown" : await storageKindOf(mount, linuxMachine);
}

/** The volumes that the system itself is on. macOS and Windows tell node nothing else about a volume. */
const systemFolders: Readonly<Partial<Record<string, readonly string[]>>> = {
  darwin: ["/", "/System/Volumes/Data"],
  win32: ["C:\\"],
};

async function kindElsewhere(folder: string): Promise<StorageKind> {
  const devices = (systemFolders[platform()] ?? ["/"]).map((path) =>
    stat(path).then(
      ({ dev }) => dev,
      () => undefined,
    ),
  );
  return kindByVolume(folder, (await output(stat(folder))).dev, await Promise.all(devices));
}

/** Windows resolves the letter of a share to its name, `\\server\share`. */
export function kindByVolume(
  folder: string,
  device: number,
  systemDevices: readonly (number | undefined)[],
): StorageKind {
  if (folder.startsWith("\\\\")) return "network";
  return systemDevices.includes(device) ? "internal" : "unknown";
}

/** Refuses a new folder that others can get into, whatever it was asked to be (FAT knows no owners), or put there. */
export async function requirePrivate(folder: string): Promise<void> {
  if (platform() === "win32") return; // the mode is made up there; a new folder has the access of the one above it
  const { mode } = await output(lstat(folder));
  if ((mode & 0o077) !== 0 || !(await isOwn(folder))) throw refusal("TARGET_NOT_PRIVATE");
}

/** Whether a folder belongs to who runs this process; where that cannot be asked, it does. Throws OUTPUT_FAILED. */
export async function isOwn(folder: string): Promise<boolean> {
  const { uid } = await output(lstat(folder));
  const self = await stat("/proc/self").catch(() => ({ uid })); // on Linux it belongs to who runs this process
  return uid === self.uid;
}

const codes = {
  removable: "TARGET_REMOVABLE",
  optical: "TARGET_OPTICAL",
  network: "TARGET_NETWORK",
  unknown: "TARGET_UNKNOWN",
} as const;

const messages = {
  TARGET_REMOVABLE: "the output folder is on storage that can be carried away",
  TARGET_OPTICAL: "the output folder is on a disc",
  TARGET_NETWORK: "the output folder is on another machine, or on a file system that may lead to one",
  TARGET_UNKNOWN: "it cannot be told what kind of storage the output folder is on",
  TARGET_NOT_PRIVATE: "the storage of the output folder keeps nothing to its owner: others could read what is opened",
} as const satisfies Partial<Record<ErrorCode, string>>;

function refusal(code: keyof typeof messages): EvsealError {
  return new EvsealError(code, messages[code], {
    hint:
      "choose a folder on this machine's own disk; a place that your unit has approved is named in policy.json in " +
      "EVSEAL_HOME, under openTargets",
  });
}
