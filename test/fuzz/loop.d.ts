export interface Target {
  readonly share: number;
  readonly codes: readonly string[];
  readonly samples: readonly Buffer[];
  readonly parse: (input: Buffer) => Buffer | undefined | Promise<Buffer | undefined>;
}

export interface Found {
  readonly runs: number;
  readonly accepted: number;
  readonly violations: readonly string[];
}

export function fuzz(target: Target, runs: number, seed: number, beat?: () => void): Promise<Found>;
