import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take a minute and more. What begins last is waited for by cores that have nothing left to do. */
const longest = ["test/bench/slice", "test/faults/faults", "test/cli/golden-screens", "test/rooms/dependency-rules"];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => longest.some((name) => moduleId.includes(name));
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
