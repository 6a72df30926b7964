/** A line of /proc/self/mountinfo, as far as it tells what kind of storage is behind it (proc_pid_mountinfo(5)). */
export interface Mount {
  readonly id: number;
  /** `major:minor`; major 0 is no block device. */
  readonly device: string;
  readonly fileSystem: string;
  /** A block device's path for file systems on one, else what the file system likes to say. */
  readonly source: string;
}

export function parseMountTable(text: string): readonly Mount[] {
  return text.split("\n").flatMap((line) => {
    // Optional fields of any number stand before the hyphen; a mount point's own spaces are spelled \040.
    const [, id, device, fileSystem, source] = /^(\d+) \d+ (\d+:\d+) .+? - (\S+) (\S+) /.exec(`${line} `) ?? [];
    if (id === undefined || device === undefined || fileSystem === undefined || source === undefined) return [];
    return [{ id: Number(id), device, fileSystem, source: unescaped(source) }];
  });
}

function unescaped(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}

/** The mount an open descriptor is on, from its /proc/self/fdinfo: bind mounts and mounts over mounts are told apart. */
export function mountIdIn(fdinfo: string): number | undefined {
  const [, id] = /^mnt_id:\s*(\d+)$/m.exec(fdinfo) ?? [];
  return id === undefined ? undefined : Number(id);
}
