import { describe, expect, it } from "vitest";
import { kindByVolume } from "../../src/output/open-target.js";
import { mountIdIn, parseMountTable } from "../../src/output/mount-table.js";
import { storageKindOf, type Machine } from "../../src/output/storage-kind.js";

/** Lines as machines wrote them; what stands behind each device is below. */
const table = `27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
36 27 259:2 / /home rw,relatime shared:1 master:2 - xfs /dev/nvme0n1p2 rw,attr2
40 27 8:17 /a\\040folder /mnt/a\\040stick rw,nosuid,nodev shared:400 - vfat /dev/sdb1 rw,uid=1000,umask=0022
41 27 11:0 / /media/dvd ro,nosuid,nodev - udf /dev/sr0 ro
42 27 7:3 / /mnt/image ro - iso9660 /dev/loop3 ro
43 27 0:55 / /mnt/share rw,relatime - nfs4 server:/export rw,vers=4.2
44 27 0:56 / /mnt/ssh rw,nosuid,nodev - fuse.sshfs user@host:/ rw,user_id=1000
45 27 0:57 / /mnt/smb rw - cifs //server/share rw
46 27 0:33 /@home /srv rw,relatime - btrfs /dev/mapper/luks-1 rw,subvol=/@home
47 27 0:34 / /tmp rw,nosuid - tmpfs tmpfs rw
48 27 0:35 / /container rw - overlay overlay rw,upperdir=/x
49 27 0:36 / /strange rw - newfs none rw
50 27 7:0 / /mnt/loop rw - ext4 /dev/loop0 rw
51 27 7:1 / /mnt/loop-on-stick rw - ext4 /dev/loop1 rw
52 27 253:0 / /mnt/luks-on-stick rw - ext4 /dev/mapper/stick rw
53 27 179:1 / /mnt/card rw - ext4 /dev/mmcblk0p1 rw
54 27 259:9 / /mnt/tb rw - ext4 /dev/nvme9n1 rw
55 27 43:0 / /mnt/nbd rw - ext4 /dev/nbd0 rw
56 27 8:33 / /mnt/iscsi rw - ext4 /dev/sdc1 rw
57 27 8:49 / /mnt/ntfs rw - fuseblk /dev/sdb1 rw
58 27 0:60 / /mnt/gone rw - btrfs /dev/gone rw
59 27 7:9 / /mnt/self rw - ext4 /dev/loop9 rw
60 27 9:0 / /mnt/array rw - ext4 /dev/md0 rw
not a line`;

const mounts = parseMountTable(table);
const mountAt = (id: number) => {
  const mount = mounts.find((each) => each.id === id);
  if (mount === undefined) throw new Error(`no mount ${id}`);
  return mount;
};

const pci = "/sys/devices/pci0000:00";
const devices: Readonly<Record<string, string>> = {
  "254:0": `${pci}/0000:00:02.0/virtio1/block/vda`,
  "259:2": `${pci}/0000:00:1d.0/0000:02:00.0/nvme/nvme0/nvme0n1/nvme0n1p2`,
  "8:17": `${pci}/0000:00:14.0/usb1/1-2/1-2:1.0/host6/target6:0:0/6:0:0:0/block/sdb/sdb1`,
  "8:49": `${pci}/0000:00:17.0/ata2/host1/target1:0:0/1:0:0:0/block/sdd/sdd1`,
  "11:0": `${pci}/0000:00:17.0/ata3/host2/target2:0:0/2:0:0:0/block/sr0`,
  "7:0": "/sys/devices/virtual/block/loop0",
  "7:1": "/sys/devices/virtual/block/loop1",
  "7:9": "/sys/devices/virtual/block/loop9",
  "253:0": "/sys/devices/virtual/block/dm-0",
  "253:1": "/sys/devices/virtual/block/dm-1",
  "9:0": "/sys/devices/virtual/block/md0",
  "179:1": "/sys/devices/platform/soc/mmc0/mmc0:0001/block/mmcblk0/mmcblk0p1",
  "259:9": `${pci}/0000:00:1c.0/0000:05:00.0/nvme/nvme9/nvme9n1`,
  "43:0": "/sys/devices/virtual/block/nbd0",
  "8:33": "/sys/devices/platform/host9/session1/target9:0:0/9:0:0:1/block/sdc/sdc1",
};
const files: Readonly<Record<string, string>> = {
  [`${pci}/0000:00:17.0/ata2/host1/target1:0:0/1:0:0:0/block/sdd/removable`]: "1",
  [`${pci}/0000:00:1d.0/0000:02:00.0/nvme/nvme0/nvme0n1/removable`]: "0",
  [`${pci}/0000:00:1c.0/0000:05:00.0/removable`]: "removable",
  "/sys/devices/virtual/block/loop0/loop/backing_file": "/var/image",
  "/sys/devices/virtual/block/loop1/loop/backing_file": "/mnt/a stick/image",
  "/sys/devices/virtual/block/loop9/loop/backing_file": "/mnt/self/image",
  "/sys/devices/virtual/block/dm-0/slaves/sdb1/dev": "8:17",
  "/sys/devices/virtual/block/dm-1/slaves/nvme0n1p2/dev": "259:2",
  "/sys/devices/virtual/block/md0/slaves/nvme0n1p2/dev": "259:2",
  "/sys/devices/virtual/block/md0/slaves/sdb1/dev": "8:17",
};
const machine: Machine = {
  read: (path) => Promise.resolve(files[path]),
  list: (path) => {
    const below = Object.keys(files).filter((file) => file.startsWith(`${path}/`));
    return Promise.resolve(below.map((file) => file.slice(path.length + 1).split("/")[0] ?? ""));
  },
  resolve: (path) => Promise.resolve(devices[path.replace("/sys/dev/block/", "")]),
  deviceAt: (path) => Promise.resolve(path === "/dev/mapper/luks-1" ? "253:1" : undefined),
  mountOf: (path) => {
    return Promise.resolve(mountAt(path.startsWith("/var") ? 27 : path.startsWith("/mnt/self") ? 59 : 40));
  },
};

describe("storage on Linux is", () => {
  it.each([
    ["a virtual machine's own disk", 27, "internal"],
    ["a disk on the board", 36, "internal"],
    ["a memory stick", 40, "removable"],
    ["a DVD with UDF", 41, "optical"],
    ["an image of a disc", 42, "optical"],
    ["NFS", 43, "network"],
    ["sshfs", 44, "network"],
    ["SMB", 45, "network"],
    ["btrfs in LUKS on a disk on the board", 46, "internal"],
    ["memory", 47, "internal"],
    ["a container's layers", 48, "internal"],
    ["a file system nobody has heard of", 49, "unknown"],
    ["a loop device on an internal disk", 50, "internal"],
    ["a loop device on a stick", 51, "removable"],
    ["LUKS on a stick", 52, "removable"],
    ["a memory card", 53, "removable"],
    ["a disk on Thunderbolt, which PCI calls removable", 54, "removable"],
    ["a network block device", 55, "network"],
    ["a disk over iSCSI", 56, "network"],
    ["NTFS on a disk in a drive bay for taking out", 57, "removable"],
    ["btrfs on a device that has gone", 58, "unknown"],
    ["a loop device on itself", 59, "unknown"],
    ["an array with one disk too many", 60, "removable"],
  ] as const)("%s", async (_what, id, kind) => {
    expect(await storageKindOf(mountAt(id), machine)).toBe(kind);
  });

  /** What ext4 is on, on a disk that hangs below a device of this name. */
  const kindBelow = (name: string): Promise<string> => {
    return storageKindOf(mountAt(27), { ...machine, resolve: () => Promise.resolve(`${pci}/${name}/block/vda`) });
  };

  it.each([
    ["optical", "sr0 sr10"],
    [
      "removable",
      "usb1 usb12 mmc0 mmc10 fw0 fw10 firewire firewire-1 firewire12 thunderbolt thunderbolt0 thunderbolt-12",
    ],
    ["network", "nbd0 nbd12 rbd1 rbd12 drbd1 drbd12 session1 session12"],
    ["internal", "xsr0 sr0x srx xusb1 usb1x usbx xmmc0 mmc0x mmcx fw fwx xfw1 xfirewire xthunderbolt"],
    ["internal", "xnbd0 nbd0x nbdx rbdx rbd1x drbdx drbd1x sessionx session1x xsession1 1-2"],
  ])("%s below each of %s", async (kind, names) => {
    for (const name of names.split(" ")) expect(await kindBelow(name), name).toBe(kind);
  });

  it.each([
    ["internal", "zram0 zram12 ram0 ram12"],
    ["unknown", "zramx ramx zram0p1 xram dm-7"],
  ])("%s where nothing stands below %s", async (kind, names) => {
    for (const name of names.split(" ")) {
      const resolve = (): Promise<string> => Promise.resolve(`/sys/devices/virtual/block/${name}`);
      expect(await storageKindOf(mountAt(27), { ...machine, resolve }), name).toBe(kind);
    }
  });

  it("unknown where /sys does not show the device, or a loop device has no file", async () => {
    const blind = { ...machine, resolve: () => Promise.resolve(undefined) };
    expect(await storageKindOf(mountAt(27), blind)).toBe("unknown");
    expect(await storageKindOf(mountAt(50), { ...machine, read: () => Promise.resolve(undefined) })).toBe("unknown");
  });
});

it("the mount table is read with optional fields and escapes, and what is no line is left out", () => {
  expect(mounts).toHaveLength(table.split("\n").length - 1);
  expect(parseMountTable("1 0 8:1 / / rw - ext4 /dev/a\\040b rw")).toEqual([
    { id: 1, device: "8:1", fileSystem: "ext4", source: "/dev/a b" },
  ]);
  expect(mountIdIn("pos:\t0\nflags:\t0100000\nmnt_id:\t24\nino:\t3\n")).toBe(24);
  for (const other of ["pos:\t0\n", "xmnt_id:\t24\n", "mnt_id:\t24x\n", "mnt_id:\t\n"]) {
    expect(mountIdIn(other)).toBeUndefined();
  }
  expect(mountIdIn("mnt_id: \t24")).toBe(24);
  expect(parseMountTable("x1 0 8:1 / / rw - ext4 /dev/a rw\n1 0 8:1 / / rw - ext4")).toEqual([]);
});

it("elsewhere, a share is known by its name and everything but the system's own volume is unknown", () => {
  expect(kindByVolume("\\\\server\\share\\opened", 1, [1])).toBe("network");
  expect(kindByVolume("/Users/a", 1, [undefined, 1])).toBe("internal");
  expect(kindByVolume("/Volumes/STICK", 2, [1])).toBe("unknown");
});
