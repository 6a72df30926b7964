export function copyProject(folder: string, names: readonly string[]): void;
