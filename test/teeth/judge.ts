import type { BrokenBuild } from "./broken-build.js";
import type { Mutant } from "./mutant.js";

/** What came of the named tests on the sound build. */
export function judgeSound(build: BrokenBuild, mutants: readonly Mutant[]): ReadonlyMap<string, string> {
  const [files, titles] = [mutants.map(({ test }) => test), mutants.map(({ title }) => title)];
  return build.test([...new Set(files)], [...new Set(titles)]);
}

/**
 * Whether the named test fails on the broken build, and passes on the sound one: `caught`, `survived`, or what kept it
 * from being judged. A test that is `skipped` here, for want of a program, judges nothing.
 */
export function judge(build: BrokenBuild, mutant: Mutant, sound = judgeSound(build, [mutant])): string {
  const onSound = sound.get(mutant.title);
  if (onSound === undefined) return "there is no such test";
  if (onSound === "failed") return "the test fails on the sound build too";
  if (onSound !== "passed") return "skipped";
  try {
    const onBroken = build.while(mutant, () => build.test([mutant.test], [mutant.title])).get(mutant.title);
    if (onBroken === "failed") return "caught";
    return onBroken === "passed" ? "survived" : "the test could not run on the broken build";
  } catch (error) {
    return error instanceof Error ? error.message : "the judge failed";
  }
}
