export function bundleProgram(root: string): string[];
export function bundleScripts(root: string, folder: string): Promise<void>;
