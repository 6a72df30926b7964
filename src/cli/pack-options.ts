import type { RecordOptions } from "./case-record.js";
import type { PassphraseOptions } from "./passphrase-source.js";

export interface PackOptions extends PassphraseOptions, RecordOptions {
  readonly to: readonly string[];
  readonly out: string;
  readonly signingKey?: string;
  readonly volumeSize?: string;
}

/** What the command line said, some of which is missing. */
export type GivenPackOptions = Omit<PackOptions, "to" | "out"> & Partial<Pick<PackOptions, "to" | "out">>;
