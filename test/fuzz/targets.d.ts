import type { Target } from "./loop.js";

export const targets: Readonly<Record<string, Target>>;
