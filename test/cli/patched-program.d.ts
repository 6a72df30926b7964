export function patchedProgram(folder: string, file: string, find: string, put: string): string;
