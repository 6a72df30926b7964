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

/** What stands in a hidden folder of a run that is at work or was cut off; undefined for any other name. */
export function leftoverOf(name: string): { readonly seal: string; readonly kind: "sealed" | "clear" } | undefined {
  const [, seal = "", opened] = /^\.(.+?)(\.opened|\.selected)?\.partial$/.exec(name) ?? [];
  return isSealNumber(seal) ? { seal, kind: opened === undefined ? "sealed" : "clear" } : undefined;
}

/** Paths inside both archives: `tar x` of container and manifest gives one folder with the media and its proof. */
export const archivePaths = {
  media: (seal: string, path: string): string => `${seal}/media/${path}`,
  padding: (seal: string): string => `${seal}/padding`,
  manifest: (seal: string): string => `${seal}/manifest.json`,
  manifestSignature: (seal: string): string => `${seal}/manifest.json.minisig`,
};

/** The minisign trusted comments: they bind a signature to one kind of document and one package. */
export const trustedComments = {
  label: (seal: string): string => `evseal/label/v1 seal=${seal}`,
  manifest: (seal: string): string => `evseal/manifest/v1 seal=${seal}`,
};
