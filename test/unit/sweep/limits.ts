import { expect, test } from '@jest/globals';
import { ghostPost, listed } from '../../fixtures/cms/newsroom.ts';
import { NoTimeLeft, Overrun, type TimeLimit } from '../../../shared/time-limit.ts';
import { noon } from '../story.ts';
import { Newsroom } from './newsroom.ts';

test.each(['reading', 'judging'])('a sweep names a story whose %s takes too long, and goes on', async (phase) => {
  const newsroom = new Newsroom({ ...listed, ghost: ['a1', 'slow', 'b2'].map((id) => ghostPost(id)) });
  const limit: TimeLimit = (work) => {
    const result = work();
    const isReading = typeof result === 'object' && result !== null && 'commands' in result;
    if (isReading === (phase === 'reading') && JSON.stringify(result ?? '').includes('slow'))
      throw new Overrun('must be simpler');
    return result;
  };
  const swept = await newsroom.sweep('ghost', {}, newsroom.cms, limit);
  expect(swept).toMatchObject({ sent: 2, isComplete: true });
  expect(swept.unreadable).toEqual([expect.stringContaining('must be simpler')]);
  expect(Object.keys(newsroom.live()).sort()).toEqual(['ghost:main/a1', 'ghost:main/b2']);
});

test.each<[string, number]>([
  ['before the first story', 0],
  ['after the third piece of work', 3],
])(
  'a sweep without time left %s stays at its page, and the next one takes all stories of that page',
  async (_, pieces) => {
    const old = new Date(noon - 30 * 86_400_000).toISOString();
    const posts = Array.from({ length: 5 }, (__, index) =>
      ghostPost(`a${index}`, { updated_at: old, published_at: old }),
    );
    const newsroom = new Newsroom({ ...listed, ghost: posts });
    let left = pieces;
    const limit: TimeLimit = (work) => {
      if (left === 0) throw new NoTimeLeft('no time is left');
      left -= 1;
      return work();
    };
    const first = await newsroom.sweep('ghost', {}, newsroom.cms, limit);
    expect(first).toMatchObject({ isComplete: false, unreadable: [] });
    expect(first.sent).toBeLessThan(posts.length);
    expect(await newsroom.sweep('ghost')).toMatchObject({ isComplete: true, sent: posts.length - first.sent });
    expect(Object.keys(newsroom.live()).sort()).toEqual(posts.map((__, index) => `ghost:main/a${index}`));
  },
);

test('live stories that a sweep has no time to look up are looked up by the next one', async () => {
  const lists = { ...listed, ghost: [ghostPost('a1'), ghostPost('a2')] };
  const newsroom = new Newsroom(lists);
  await newsroom.sweep('ghost');
  lists.ghost.splice(0, 1);
  newsroom.pipeline.clock.time += 3 * 86_400_000;
  const limit = (): never => {
    throw new NoTimeLeft('no time is left');
  };
  expect(await newsroom.sweep('ghost', {}, newsroom.cms, limit)).toMatchObject({ withdrawn: 0 });
  expect(await newsroom.sweep('ghost')).toMatchObject({ withdrawn: 1 });
});
