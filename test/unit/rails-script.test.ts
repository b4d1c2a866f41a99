import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { script } from '../../functions/deliver/script.ts';
import type { Card } from '../../shared/article/card.ts';
import { fillFront, fillFrontWithSpares, type Front, type SpareFront } from '../../shared/front/front.ts';

const names = 'abcdefghij'.split('');
const cardOf = (id: string): Card => ({
  articleId: id,
  uri: `urn:${id}`,
  path: `/${id}`,
  headline: id,
  firstPublished: '',
  updated: '',
});

const container = fc.record(
  {
    title: fc.constant('Box'),
    pins: fc.uniqueArray(fc.constantFrom(...names.map((name) => `urn:${name}`)), { maxLength: 4 }),
    backfill: fc.constantFrom('latest', 'section/a', 'section/b'),
    limit: fc.integer({ min: 1, max: 4 }),
  },
  { requiredKeys: ['title', 'limit'], noNullPrototype: true },
);

/** As much of a list's items as the script touches. */
class Item {
  readonly dataset: Readonly<Record<string, string>>;
  readonly #list: Item[];

  constructor(list: Item[], id: string, isPin: boolean) {
    this.#list = list;
    this.dataset = { id, ...(isPin && { pin: '' }) };
  }

  remove(): void {
    this.#list.splice(this.#list.indexOf(this), 1);
  }
}

/** Runs the page's own script on a fragment, and returns the remaining items of each list. */
async function shownBy(rails: SpareFront, own: string): Promise<string[][]> {
  const lists = rails.containers.map(({ items, limit, pins }) => {
    const children: Item[] = [];
    for (const [index, { articleId }] of items.entries()) children.push(new Item(children, articleId, index < pins));
    return {
      children,
      dataset: { limit: String(limit) },
      parentNode: { querySelector: () => null, remove: () => undefined },
    };
  });
  const box = {
    dataset: { front: '/fronts/article.fragment.html', own },
    replaceChildren: () => undefined,
    classList: {
      remove: () => {
        throw new Error('the script gave up');
      },
    },
  };
  await runInNewContext(script, {
    document: { getElementById: () => box, createElement: () => ({ content: { querySelectorAll: () => lists } }) },
    fetch: () => Promise.resolve({ ok: true, text: () => Promise.resolve('') }),
  });
  return lists.map(({ children }) => children.map(({ dataset }) => dataset['id'] ?? ''));
}

test('the script’s fragment without one story equals the front filled without it, for every story and front', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(container, { minLength: 1, maxLength: 5 }),
      fc.shuffledSubarray(names),
      fc.shuffledSubarray(names),
      fc.subarray(names),
      fc.constantFrom(...names, 'elsewhere'),
      async (containers, a, b, live, own) => {
        const front: Front = { name: 'article', versionCreated: '', containers };
        const feeds: Record<string, readonly string[]> = {
          latest: names.filter((name) => live.includes(name)),
          'section/a': a,
          'section/b': b,
        };
        const pinned = new Map(live.map((name) => [`urn:${name}`, cardOf(name)]));
        const read = (feed: string): AsyncIterator<Card> => {
          const cards = (feeds[feed] ?? []).filter((name) => live.includes(name)).map(cardOf);
          return {
            next: () =>
              Promise.resolve(
                cards.length === 0 ? { done: true, value: undefined } : { done: false, value: cards.shift() as Card },
              ),
          };
        };
        const wanted = (await fillFront(front, pinned, read, own)).containers.map(({ items }) =>
          items.map(({ articleId }) => articleId),
        );
        expect(await shownBy(await fillFrontWithSpares(front, pinned, read), own)).toEqual(wanted);
      },
    ),
    { numRuns: 2000 },
  );
});
