import { describe, expect, test } from '@jest/globals';
import { IndexedSettleSchedule } from '../../shared/article/indexed-settle-schedule.ts';
import { isChanging, wasChanging } from '../../shared/feed/lists.ts';
import { noon } from './story.ts';

const hour = 3_600_000;

test('a page has a short lifetime for six hours after a change', () => {
  expect(isChanging(noon, noon)).toBe(true);
  expect(isChanging(noon, noon + 6 * hour - 1)).toBe(true);
  expect(isChanging(noon, noon + 6 * hour)).toBe(false);
});

test('a purge is left out only until a minute before the six hours end', () => {
  expect(wasChanging(noon, noon + 6 * hour - 60_001)).toBe(true);
  expect(wasChanging(noon, noon + 6 * hour - 60_000)).toBe(false);
});

describe('a scheduled settle', () => {
  test('is in the schedule index before it is created', async () => {
    const done: string[] = [];
    const note =
      (what: string) =>
      (articleId: string, instant: number): Promise<void> => {
        done.push(`${what} ${articleId} ${instant}`);
        return Promise.resolve();
      };
    const [keep, settleAt] = [note('kept'), note('made')];
    await new IndexedSettleSchedule(
      { keep: async ({ articleId, instant }) => keep(articleId, instant) },
      { settleAt },
    ).settleAt('a', noon);
    expect(done).toEqual([`kept a ${noon}`, `made a ${noon}`]);
  });

  test('is not created if it cannot be indexed', async () => {
    const calls = { settleAt: (): Promise<void> => Promise.reject(new Error('it was made')) };
    const list = { keep: (): Promise<void> => Promise.reject(new Error('the list is full')) };
    await expect(new IndexedSettleSchedule(list, calls).settleAt('a', noon)).rejects.toThrow('the list is full');
  });
});
