import type { IdentityOptions } from "./identities.js";

export interface OpenOptions extends IdentityOptions {
  readonly out: string;
  readonly only?: string;
}

/** What the command line said, some of which is missing. */
export type GivenOpenOptions = Omit<OpenOptions, "out"> & Partial<Pick<OpenOptions, "out">>;
