/** Paths inside both archives: `tar x` of container and manifest gives one folder with the media and its proof. */
export const archivePaths = {
  media: (seal: string, path: string): string => `${seal}/media/${path}`,
  padding: (seal: string): string => `${seal}/padding`,
  manifest: (seal: string): string => `${seal}/manifest.json`,
  manifestSignature: (seal: string): string => `${seal}/manifest.json.minisig`,
};
