export function unsigned(executable: Buffer): Buffer;
