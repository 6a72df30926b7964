export function bundleInto(folder: string): Promise<string[]>;
