/** The same as in package.json; a test says so. */
export const version = "0.1.0";

/** The day on which this version was made, or one shortly before: a clock that says an earlier one is wrong. */
export const madeOn = "2026-11-24";
