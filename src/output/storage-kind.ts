/**
 * What kind of storage a mount of Linux is on. It decides by what it knows: a file system or device it cannot place is
 * "unknown", and evidence is not opened onto it.
 */
import type { Mount } from "./mount-table.js";

export type StorageKind = "internal" | "removable" | "optical" | "network" | "unknown";

/** What is asked of /sys, /dev and /proc. Each answers undefined, or with nothing, where there is nothing to be had. */
export interface Machine {
  /** A small text file, without the white space at its ends. */
  read(path: string): Promise<string | undefined>;
  list(path: string): Promise<readonly string[]>;
  resolve(path: string): Promise<string | undefined>;
  /** `major:minor` of a device node. */
  deviceAt(path: string): Promise<string | undefined>;
  /** The mount that a file or folder stands on. */
  mountOf(path: string): Promise<Mount | undefined>;
}

const optical = new Set(["iso9660", "udf", "cd9660"]);
/** Of another machine, the host of a virtual one included. Every file system of a user's own program may be (fuse). */
const network = new Set(
  (
    "nfs nfs4 cifs smb3 smbfs ncpfs 9p ceph afs coda lustre gfs2 ocfs2 glusterfs beegfs gpfs orangefs pvfs2 virtiofs " +
    "vboxsf vmhgfs prl_fs drvfs davfs fuse"
  ).split(" "),
);
/** Of no device of its own: memory, and the layers of a container. */
const ofNoDevice = new Set(["tmpfs", "ramfs", "overlay"]);
/** On block devices, though the mount table calls them by a number of their own. */
const onNamedDevice = new Set(["btrfs", "bcachefs"]);

/** More layers than loop devices and mappings are ever stacked in. */
const layersCap = 16;

export async function storageKindOf(mount: Mount, machine: Machine, layersLeft = layersCap): Promise<StorageKind> {
  const { fileSystem, device, source } = mount;
  if (optical.has(fileSystem)) return "optical";
  if (network.has(fileSystem) || fileSystem.startsWith("fuse.")) return "network";
  if (ofNoDevice.has(fileSystem)) return "internal";
  const block = onNamedDevice.has(fileSystem) ? await machine.deviceAt(source) : device;
  if (block === undefined || block.startsWith("0:")) return "unknown";
  return await blockKindOf(block, machine, layersLeft);
}

async function blockKindOf(device: string, machine: Machine, layersLeft: number): Promise<StorageKind> {
  const place = await machine.resolve(`/sys/dev/block/${device}`);
  if (layersLeft === 0 || place?.startsWith("/sys/devices/") !== true) return "unknown";
  const below: StorageKind[] = [];
  // From the partition through its disk to what the disk is plugged into.
  for (let at = place; at !== "/sys/devices"; at = at.slice(0, at.lastIndexOf("/"))) {
    const kind = attachmentOf(at, await machine.read(`${at}/removable`));
    if (kind !== undefined) return kind;
    below.push(...(await kindsBelow(at, machine, layersLeft - 1)));
  }
  const worst = below.find((kind) => kind !== "internal");
  if (worst !== undefined) return worst;
  const isVirtual = place.startsWith("/sys/devices/virtual/") && !/\/(zram|ram)\d+$/.test(place);
  return isVirtual && below.length === 0 ? "unknown" : "internal";
}

/** What a device's name in /sys, or its own attribute (1 for a disk, a word for USB and PCI), tells of it. */
function attachmentOf(place: string, removable: string | undefined): StorageKind | undefined {
  const name = place.slice(place.lastIndexOf("/") + 1);
  if (/^sr\d+$/.test(name)) return "optical";
  if (removable === "1" || removable === "removable") return "removable";
  if (/^(usb\d+|mmc\d+|fw\d+|firewire.*|thunderbolt.*)$/.test(name)) return "removable";
  return /^(nbd\d+|rbd\d+|drbd\d+|session\d+)$/.test(name) ? "network" : undefined; // session: iSCSI
}

/** Of the devices that a mapping or an array stands on, and of the file behind a loop device. */
async function kindsBelow(place: string, machine: Machine, layersLeft: number): Promise<readonly StorageKind[]> {
  const kinds: StorageKind[] = [];
  for (const slave of await machine.list(`${place}/slaves`)) {
    const device = await machine.read(`${place}/slaves/${slave}/dev`);
    kinds.push(device === undefined ? "unknown" : await blockKindOf(device, machine, layersLeft));
  }
  const file = await machine.read(`${place}/loop/backing_file`);
  if (file === undefined) return kinds;
  const mount = await machine.mountOf(file);
  return [...kinds, mount === undefined ? "unknown" : await storageKindOf(mount, machine, layersLeft)];
}
