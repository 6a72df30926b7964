// Stryker's runner for vitest sees tests only: a mutant that breaks a test file where it is read in, or a hook before its
// tests, leaves none that failed, and would count as survived. Here a file that failed is a test that failed.
import { strykerPlugins as vitestPlugins, strykerValidationSchema } from "@stryker-mutator/vitest-runner";

const [failed, complete] = [1, "complete"]; // TestStatus.Failed, DryRunStatus.Complete

function strictRunner(injector) {
  const runner = vitestPlugins[0].factory(injector);
  const run = runner.run.bind(runner);
  runner.run = async (options = {}) => {
    const result = await run(options);
    const broken = runner.ctx.state.getFiles().find((file) => file.result?.state === "fail");
    if (result.status !== complete || broken === undefined) return result;
    if (result.tests.some(({ status }) => status === failed)) return result;
    const id = options.testIds?.[0] ?? broken.name;
    const failureMessage = "the file failed outside of its tests";
    return { ...result, tests: [...result.tests, { id, name: id, status: failed, failureMessage, timeSpentMs: 0 }] };
  };
  return runner;
}
strictRunner.inject = ["$injector"];

export { strykerValidationSchema };
export const strykerPlugins = [{ kind: "TestRunner", name: "vitest", factory: strictRunner }];
