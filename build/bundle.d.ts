export function bundleProgram(root: string): void;
export function bundleScripts(root: string, folder: string): Promise<void>;
