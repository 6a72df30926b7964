import * as z from "zod";
import { phases } from "../watch.js";

/**
 * A line of `--progress json` on stderr (docs/scripting.md). Numbers only: it may end up in a log. Members may be
 * added, so readers must let unknown ones be.
 */
export const progressEvent = z.object({
  progress: z.object({
    phase: z.enum(phases),
    /** Of this phase; 0 when it begins. */
    doneBytes: z.int().min(0),
    /** What `doneBytes` will be in the end; 0 while that is not known. */
    totalBytes: z.int().min(0),
    /** On average since the phase began; null until something was done. */
    bytesPerSecond: z.int().min(0).nullable(),
    /** At that speed; null while it cannot be said. */
    secondsLeft: z.int().min(0).nullable(),
  }),
});

export type ProgressEvent = z.infer<typeof progressEvent>;
