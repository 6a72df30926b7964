/** What can be wrong with a disc itself, whatever its packages are: what it is, and what to do. */
export const discWords = {
  DISC_UNKNOWN: [
    "not a folder, and not a disc or an image of one that evseal can read (ISO 9660)",
    "name a folder, an ISO 9660 image or the drive; other file systems are checked where they are mounted",
  ],
  DISC_UDF: [
    "a disc with a UDF file system, which evseal cannot look into sector by sector",
    "write the disc as ISO 9660 without UDF (docs/DISCS.md), and check that",
  ],
  DISC_UNREADABLE: [
    "a place on the disc that cannot be read, so nobody can say what is there",
    "clean the disc or try another drive; if it stays, burn it again",
  ],
  DISC_CUT_SHORT: ["the disc or image ends before it should", "copy or burn it again"],
  DISC_MALFORMED: ["the disc's own tables contradict themselves or the standard", "make the image again"],
  DISC_TOO_MUCH: ["more folders and files than a disc of packages has", "put nothing but packages on it"],
  DISC_SYSTEM_AREA: [
    "something in the disc's first 32 KiB, where start-up code and Macintosh file systems stand",
    "make the image again, without the options for booting and for HFS",
  ],
  DISC_BOOT: ["a boot record: it can point to any part of the disc", "make the image again without booting"],
  DISC_DESCRIPTOR: [
    "a volume descriptor of another kind, which can show other files to other computers",
    "make the image again with Joliet and Rock Ridge only",
  ],
  DISC_SECOND_SESSION: [
    "the table of contents of another session: what was deleted since, or added, may still be on the disc",
    "burn a new disc in one session; never add to a disc or an image",
  ],
  DISC_HIDDEN_BYTES: [
    "bytes that belong to no file of a package and to no table of the disc",
    "do not send it: make the image again; if they come back, another program put them there",
  ],
  DISC_AFTER_VOLUME: ["bytes after the end of the volume, which no computer shows", "make the image again"],
  DISC_OVERLAP: [
    "two parts of the disc that lie over one another, so that one can be read as the other",
    "make the image again",
  ],
  DISC_LABEL_TEXT: [
    "text in the disc's own label other than the seal number: it is readable to whoever finds the disc",
    "give the volume the seal number for a name and leave the other fields empty",
  ],
  DISC_NAME: [
    "a name that is not the one the disc shows elsewhere, cut in no known way",
    "make the image again; a name tells what the content hides",
  ],
  DISC_NAMES_CUT: [
    "only short names, under which no package can be found again",
    "make the image with Joliet and Rock Ridge names (-J -r)",
  ],
  DISC_TREES_DIFFER: [
    "files that some computers show and others do not: the Joliet and the ISO 9660 folders differ",
    "make the image again from a folder that passed the check",
  ],
  DISC_TOO_DEEP: [
    "a folder inside a package's folder",
    "take it out; of a package on several discs, burn what is in the folder of one disc, not the folders",
  ],
  DISC_LINK: ["a link, or a device, in the Rock Ridge names", "take it out"],
  DISC_EXTENSION: [
    "attributes of files that a disc of packages does not need, and that can hold anything",
    "make the image again without attribute, checksum or backup options",
  ],
  DISC_FILE_FLAGS: [
    "a file that is marked as hidden, associated, interleaved or otherwise special",
    "make the image again without hidden files",
  ],
  DISC_FILE_IN_PIECES: [
    "a file in several pieces, as files over 4 GiB are written: not every computer reads all of it",
    "use a file system for large files, and check it where it is mounted",
  ],
} as const;

export type DiscCode = keyof typeof discWords;

/** One reason to say no, and where: a sector or a path on the disc, for a terminal and for JSON only. */
export interface DiscFinding {
  readonly code: DiscCode;
  readonly place: string;
}

/** What keeps a disc from being read further; never leaves this room. */
export class DiscFault extends Error {
  readonly finding: DiscFinding;

  constructor(code: DiscCode, place: string, cause?: unknown) {
    super(code, { cause });
    this.finding = { code, place };
  }
}

/** More of them than anybody reads say no more than that the answer is no. */
const findingsCap = 100;

export class DiscFindings {
  readonly #findings: DiscFinding[] = [];

  get all(): readonly DiscFinding[] {
    return this.#findings;
  }

  add(code: DiscCode, place: string): void {
    const isKnown = this.#findings.some((finding) => finding.code === code && finding.place === place);
    if (!isKnown && this.#findings.length < findingsCap) this.#findings.push({ code, place });
  }
}
