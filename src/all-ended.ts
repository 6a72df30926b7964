/** Resolves when all have ended, one way or another; then throws the first failure, in the order they are given in. */
export async function allEnded(promises: Iterable<Promise<unknown>>): Promise<void> {
  for (const ended of await Promise.allSettled(promises)) if (ended.status === "rejected") throw ended.reason as Error;
}
