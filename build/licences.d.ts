export function licences(inputs: readonly string[]): string;
