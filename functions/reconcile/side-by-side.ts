/** Works on every item, at most so many at a time. */
export async function sideBySide<T, R>(items: readonly T[], atMost: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = items.values();
  const worker = async (): Promise<void> => {
    for (const item of left) results.push(await work(item));
  };
  await Promise.all(Array.from({ length: atMost }, worker));
  return results;
}
