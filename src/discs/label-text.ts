import { sealOfLabelName } from "../package/names.js";
import { isSealNumber } from "../package/seal-number.js";
import type { DiscFindings } from "./disc-finding.js";
import type { NamedFolder } from "./named-tree.js";
import type { TextField, VolumeDescriptor } from "./volume-descriptor.js";

/** What burning programs write of their own accord (docs/DISCS.md); each says something of the program only. */
const known: Readonly<Record<TextField, readonly RegExp[]>> = {
  system: [/^LINUX$/], // genisoimage
  volume: [/^ISOIMAGE$/, /^CDROM$/], // xorriso; genisoimage
  volumeSet: [],
  publisher: [],
  preparer: [
    /^XORRISO-\d\.\d{1,2}\.\d{1,2} 20\d\d\.[01]\d\.[0-3]\d\.[0-2]\d[0-5]\d\d\d, LIBISOBURN-\d\.\d{1,2}\.\d{1,2}, LIBISOFS-\d\.\d{1,2}\.\d{1,2}, LIBBURN-\d\.\d{1,2}\.\d{1,2}$/,
  ],
  application: [
    /^GENISOIMAGE ISO 9660\/HFS FILESYSTEM CREATOR \(C\) 1993 E\.YOUNGDALE \(C\) 1997-2006 J\.PEARSON\/J\.SCHILLING \(C\) 2006-2007 CDRKIT TEAM$/,
  ],
  copyrightFile: [],
  abstractFile: [],
  bibliographicFile: [],
};

/** The label's texts are empty, the seal number of a package on the disc, or a program's own; Joliet repeats them. */
export function checkLabelText(
  primary: VolumeDescriptor,
  joliet: VolumeDescriptor | undefined,
  root: NamedFolder,
  findings: DiscFindings,
): void {
  const own = root.files.map(({ name }) => sealOfLabelName(name));
  const seals = [...own, ...root.folders.map(({ name }) => name)].filter((seal) => seal && isSealNumber(seal));
  for (const field of Object.keys(known) as TextField[]) {
    const text = primary.texts[field];
    // A hyphen is no character of ISO 9660, so some programs write an underscore.
    const isSeal = seals.some((seal) => text === seal || text === seal?.replaceAll("-", "_"));
    const isFine = text === "" || isSeal || known[field].some((pattern) => pattern.test(text));
    if (!isFine) findings.add("DISC_LABEL_TEXT", field);
    if (joliet === undefined) continue;
    const repeated = text.slice(0, joliet.capacities[field]).trimEnd();
    const found = joliet.texts[field];
    // Joliet 1.0 has no use for some characters; genisoimage writes an underscore there.
    if (found !== repeated && found !== repeated.replace(/[*/:;?\\]/g, "_"))
      findings.add("DISC_LABEL_TEXT", `${field} (Joliet)`);
  }
}
