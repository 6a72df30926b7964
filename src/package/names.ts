import { isSealNumber } from "./seal-number.js";

export const howToName = "HOW-TO-OPEN.txt";

const labelSuffix = ".label.json";

/** The names in a package's folder. All but the fixed text carry the seal number and nothing else. */
export interface PackageNames {
  readonly container: string;
  readonly manifest: string;
  readonly label: string;
  readonly labelSignature: string;
}

export function namesFor(seal: string): PackageNames {
  return {
    container: `${seal}.evseal`,
    manifest: `${seal}.manifest.evseal`,
    label: `${seal}${labelSuffix}`,
    labelSignature: `${seal}${labelSuffix}.minisig`,
  };
}

/** Parts of a container, and discs, are numbered from 1 to this: their names have three digits. */
export const volumesCap = 999;

/** The name of one part of a container that is cut into several, which `cat` puts together in the order of names. */
export function partName(seal: string, part: number): string {
  return `${namesFor(seal).container}.${threeDigits(part)}`;
}

/** The folder, in a package's own, of what goes on one of several discs. */
export function discName(disc: number): string {
  return `disc-${threeDigits(disc)}`;
}

/** Whether a folder has the name of one of several discs. */
export function isDiscName(name: string): boolean {
  return /^disc-\d{3}$/.test(name) && name !== discName(0);
}

/** Whether a file is named as the container of package `seal`, or as a part of it. */
export function isContainerName(seal: string, name: string): boolean {
  const { container } = namesFor(seal);
  return (
    name === container || (name.startsWith(`${container}.`) && /^\.(?!000)\d{3}$/.test(name.slice(container.length)))
  );
}

/** Whether a file is named as one of package `seal`. */
export function isPackageFileName(seal: string, name: string): boolean {
  const { manifest, label, labelSignature } = namesFor(seal);
  return isContainerName(seal, name) || [manifest, label, labelSignature, howToName].includes(name);
}

function threeDigits(number: number): string {
  return number.toString().padStart(3, "0");
}

/** The seal number in the name of any file of a package; the fixed text has none. */
export function sealOfFileName(name: string): string | undefined {
  const [seal = ""] = name.split(".");
  return name !== howToName && isSealNumber(seal) && isPackageFileName(seal, name) ? seal : undefined;
}

/** The seal number in a label's file name, or undefined when the name is no label's. */
export function sealOfLabelName(name: string): string | undefined {
  const seal = name.endsWith(labelSuffix) ? name.slice(0, -labelSuffix.length) : "";
  return isSealNumber(seal) ? seal : undefined;
}

/** The hidden folder in which the folder `finalName` grows until it is complete. */
export function partialName(finalName: string): string {
  return `.${finalName}.partial`;
}

/** What is opened from a package never stands under a package's own name; what is only part of it says so. */
export function openedName(seal: string, isWhole: boolean): string {
  return `${seal}.${isWhole ? "opened" : "selected"}`;
}

/** What was saved from a damaged package says of itself that it is neither verified nor all of it. */
export function salvagedName(seal: string): string {
  return `${salvagedPrefix}${seal}`;
}

const salvagedPrefix = "UNVERIFIED-PARTIAL-";

/** What stands in a hidden folder of a run that is at work or was cut off; undefined for any other name. */
export function leftoverOf(name: string): { readonly seal: string; readonly kind: "sealed" | "clear" } | undefined {
  const [, finalName = ""] = /^\.(.+)\.partial$/.exec(name) ?? [];
  const seal = finalName.replace(/\.(opened|selected)$/, "").replace(salvagedPrefix, "");
  if (!isSealNumber(seal)) return undefined;
  if (finalName === seal) return { seal, kind: "sealed" };
  const isOurs = [openedName(seal, true), openedName(seal, false), salvagedName(seal)].includes(finalName);
  return isOurs ? { seal, kind: "clear" } : undefined;
}

/** The minisign trusted comments: they bind a signature to one kind of document and one package. */
export const trustedComments = {
  label: (seal: string): string => `evseal/label/v1 seal=${seal}`,
  manifest: (seal: string): string => `evseal/manifest/v1 seal=${seal}`,
};
