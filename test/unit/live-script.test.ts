import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { liveScript } from '../../functions/deliver/live-script.ts';

/** Runs the script of an open page once, and returns the number in its notice; undefined if it shows none. */
async function noticeOn(
  shown: readonly string[],
  posts: readonly string[],
  pinned?: string,
): Promise<number | undefined> {
  const count = { textContent: 0 };
  const link = { hidden: true, querySelector: () => count };
  const box = {
    dataset: { posts: '/posts.json' },
    querySelector: () => link,
    querySelectorAll: () => shown.map((id) => ({ id: `post-${id}`, matches: () => id === pinned })),
  };
  let look = async (): Promise<void> => Promise.resolve();
  runInNewContext(liveScript, {
    document: { hidden: false, getElementById: () => box, addEventListener: () => undefined },
    fetch: async () => Promise.resolve({ json: async () => Promise.resolve({ posts }) }),
    setInterval: (each: typeof look) => {
      look = each;
    },
  });
  await look();
  return link.hidden ? undefined : count.textContent;
}

test.each<[string, shown: string[], posts: string[], pinned: string | undefined, notice: number | undefined]>([
  ['nothing new', ['c', 'b'], ['c', 'b', 'a'], undefined, undefined],
  ['a new post', ['c', 'b'], ['d', 'c', 'b', 'a'], undefined, 1],
  ['the newest withdrawn, with older posts on the next page', ['c', 'b'], ['b', 'a'], undefined, undefined],
  ['the newest withdrawn, and another new', ['c', 'b'], ['d', 'b', 'a'], undefined, 1],
  ['an old post pinned', ['a', 'c', 'b'], ['d', 'c', 'b', 'a'], 'a', 1],
  ['only new posts', ['c', 'b'], ['f', 'e', 'd'], undefined, 3],
])('the notice of a live story counts posts: %s', async (_, shown, posts, pinned, notice) => {
  expect(await noticeOn(shown, posts, pinned)).toBe(notice);
});
