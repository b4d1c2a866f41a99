import { describe, expect, test } from '@jest/globals';
import { IndexedSettleSchedule } from '../../shared/indexed-settle-schedule.ts';
import { isChanging, wasChanging } from '../../shared/feed/lists.ts';
import { noon } from './story.ts';

const hour = 3_600_000;

test('a page is kept briefly for six hours after a change', () => {
  expect(isChanging(noon, noon)).toBe(true);
  expect(isChanging(noon, noon + 6 * hour - 1)).toBe(true);
  expect(isChanging(noon, noon + 6 * hour)).toBe(false);
});

test('that copies run out by themselves is relied on a minute less', () => {
  expect(wasChanging(noon, noon + 6 * hour - 60_001)).toBe(true);
  expect(wasChanging(noon, noon + 6 * hour - 60_000)).toBe(false);
});

describe('a scheduled settle', () => {
  test('stands on the schedule index before it is made', async () => {
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

  test('is not made where it could not be listed', async () => {
    const calls = { settleAt: (): Promise<void> => Promise.reject(new Error('it was made')) };
    const list = { keep: (): Promise<void> => Promise.reject(new Error('the list is full')) };
    await expect(new IndexedSettleSchedule(list, calls).settleAt('a', noon)).rejects.toThrow('the list is full');
  });
});
