import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { loadMutant, mutantNames } from './mutants.ts';
import { play, simulate, type Failure } from './pool.ts';

/** Most mutants are found within thirty seeds, and all must be found within these. */
const maxSeedsForAMutant = 2500;

/** The seed that found each planted bug last. It is tried first, because some bugs take a thousand seeds. */
const foundBy = new Map(
  Object.entries(
    JSON.parse(readFileSync(new URL('mutant-seeds.json', import.meta.url), 'utf8')) as Readonly<Record<string, number>>,
  ),
);

/** Works through a list, two items at a time. Each item's result can be awaited. */
function twoAtATime<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Map<T, Promise<R>> {
  const lanes: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()];
  return new Map(
    items.map((item, index) => {
      const result = (lanes[index % 2] ?? Promise.resolve()).then(async () => work(item));
      lanes[index % 2] = result.catch(() => undefined);
      return [item, result];
    }),
  );
}

describe('the simulator', () => {
  test('finds no broken guarantee in three hundred histories', async () => {
    expect(await simulate({ from: 1, runs: 300, threads: 2, maxFailures: 1 })).toEqual([]);
  });

  test.each([7, 66, 182])('repeats seed %i to the byte', async (seed) => {
    const [once, again] = await Promise.all([play(seed, 'trace'), play(seed, 'trace')]);
    expect(once.trace.length).toBeGreaterThan(20);
    expect(again.trace.join('\n')).toBe(once.trace.join('\n'));
    expect(again.plan).toEqual(once.plan);
  });

  test('shrinks a failure to a few commands, and always to the same ones', async () => {
    const mutant = await loadMutant('expired-stays-listed');
    const [failure] = await simulate({ from: 1, runs: maxSeedsForAMutant, threads: 1, maxFailures: 1, mutant });
    const seed = failure?.seed ?? 0;
    const [once, again] = await Promise.all([play(seed, 'shrink', mutant), play(seed, 'shrink', mutant)]);
    expect(once.broken?.rule).toBe(failure?.rule);
    expect(once.plan.commands.length).toBeLessThanOrEqual(2);
    expect(again).toEqual(once);
  });
});

describe('the simulator finds planted bugs', () => {
  const names = mutantNames();
  const hunts = twoAtATime(names, async (name): Promise<Failure | undefined> => {
    const mutant = await loadMutant(name);
    const hunt = async (from: number, runs: number): Promise<Failure | undefined> =>
      (await simulate({ from, runs, threads: 1, maxFailures: 1, mutant }))[0];
    const known = foundBy.get(name);
    return (known === undefined ? undefined : await hunt(known, 1)) ?? (await hunt(1, maxSeedsForAMutant));
  });

  test('there are more than thirty of them', () => {
    expect(names.length).toBeGreaterThan(30);
  });

  test.each(names)('%s', async (name) => {
    // Any test would find a crash of the pipeline: the bug has to break a guarantee.
    expect(await hunts.get(name)).toMatchObject({ rule: expect.not.stringMatching(/^crash$/) });
  });
});
