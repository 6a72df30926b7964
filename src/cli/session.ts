import type { Watch } from "../watch.js";
import type { Ui } from "./ui.js";

/** What every command is given of the world around it. */
export interface Session {
  readonly ui: Ui;
  /** The folder of this unit's keys and contacts; it need not exist. */
  readonly homePath: string;
  /** A person is there to be asked: stdin and stderr are terminals. */
  readonly canAsk: boolean;
  /** The same, on a terminal that can move its cursor: only there can questions with choices be asked. */
  readonly canGuide: boolean;
  readonly signal: AbortSignal;
  readonly watch: Watch;
  /** How many threads can work at the same time on this machine. */
  readonly cores: number;
  readonly clock: () => Date;
  /** The folder that evseal is installed in, unless it is one file. */
  readonly programRoot: string | undefined;
}
