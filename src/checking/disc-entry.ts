import type { ByteSource } from "../age/open.js";
import type { NamedFile, NamedFolder } from "../discs/named-tree.js";
import type { Extent } from "../discs/sector.js";
import type { PackageFolder } from "../opening/package-folder.js";
import { SealedSource } from "../opening/sealed-source.js";
import type { Entry } from "./tree.js";

/** A folder on a disc as the gate looks at it, whose files are the bytes of their extents. */
export function discEntry(folder: NamedFolder, path: string, disc: ByteSource): Entry {
  const below = (name: string): string => `${path}/${name}`;
  const entries = [
    ...folder.folders.map((each) => discEntry(each, below(each.name), disc)),
    ...folder.files.map((file) => fileEntry(file, below(file.name), disc)),
  ];
  const onDisc = { folder: packageFolder(folder, path, disc) };
  return { name: folder.name, path, location: Buffer.from(path), kind: "folder", identity: "", entries, onDisc };
}

function fileEntry({ name, extent }: NamedFile, path: string, disc: ByteSource): Entry {
  const open = (): Promise<SealedSource> => Promise.resolve(SealedSource.within(sliceOf(disc, extent)));
  return { name, path, location: Buffer.from(path), kind: "file", identity: "", entries: [], onDisc: { open } };
}

function packageFolder({ files, folders }: NamedFolder, path: string, disc: ByteSource): PackageFolder {
  const extents = new Map(files.map(({ name, extent }) => [name, extent]));
  return {
    path,
    names: () => Promise.resolve([...files, ...folders].map(({ name }) => name)),
    sizeOf: (name) => Promise.resolve(extents.get(name)?.sizeBytes),
    open: (name) => Promise.resolve(SealedSource.within(sliceOf(disc, extents.get(name) ?? nothing))),
  };
}

const nothing: Extent = { offset: 0, sizeBytes: 0 };

function sliceOf(disc: ByteSource, extent: Extent): ByteSource {
  return {
    sizeBytes: extent.sizeBytes,
    read: (offset, sizeBytes) =>
      disc.read(extent.offset + offset, Math.max(0, Math.min(sizeBytes, extent.sizeBytes - offset))),
  };
}
