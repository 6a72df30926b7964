/** Numbers that are the same for the same seed. */
export interface RandomNumbers {
  below(limit: number): number;
  of<T>(choices: readonly T[]): T;
}
export function randomFrom(seed: number): RandomNumbers;
