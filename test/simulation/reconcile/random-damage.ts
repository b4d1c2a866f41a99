import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { driftOf } from '../../../shared/job.ts';
import { busEvent, noon, story } from '../../unit/story.ts';
import { ReconciledPipeline } from '../reconciled-pipeline.ts';
import { minute } from './newsroom.ts';

/** Returns what was seen without the version of withdrawn heads: which of several withdrawals it is depends on the order of arrival. */
function withoutWithdrawal({ heads, ...seen }: Awaited<ReturnType<ReconciledPipeline['seen']>>): object {
  return {
    ...seen,
    heads: heads.map(({ version, versionCreated, ...head }) =>
      head.visibility === 'live' ? { ...head, version, versionCreated } : head,
    ),
  };
}

describe('random damage', () => {
  const damage = fc.array(
    fc.record({
      kind: fc.constantFrom('row', 'seq', 'card', 'extra', 'head', 'path', 'feed'),
      at: fc.nat(1000),
      by: fc.integer({ min: -5000, max: 5000 }),
    }),
    { minLength: 1, maxLength: 8 },
  );
  const event = fc.record({
    kind: fc.constantFrom('article.published', 'article.updated', 'article.updated', 'article.unpublished'),
    uri: fc.constantFrom('urn:a', 'urn:b', 'urn:c', 'urn:d'),
    at: fc.integer({ min: 0, max: 8 }),
    section: fc.constantFrom('news', 'news/world', 'sport'),
    expires: fc.option(fc.integer({ min: 5, max: 40 }), { nil: undefined }),
  });

  test('is repaired by one job and its announcements, and the next job finds nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 2, maxLength: 9 }), damage, async (events, damages) => {
        const random = new ReconciledPipeline();
        await random.deliver(
          events.map(({ kind, uri, at, section, expires }) =>
            busEvent(kind, {
              receivedAt: noon,
              path: `/${uri.slice(4)}`,
              article: story({
                uri,
                versionCreated: new Date(noon - (10 - at) * minute).toISOString(),
                subjects: [{ rel: 'section', literal: section }],
                ...(expires !== undefined && { expires: new Date(noon + expires * minute).toISOString() }),
              }),
            }),
          ),
        );
        await random.pass(60 * minute);
        random.clock.time += 6 * minute;
        expect(driftOf(await random.walk('verify'))).toBe(0);
        const sound = await random.seen();
        const owners = [...random.articles.owners];

        for (const { kind, at, by } of damages) {
          const rows = [...random.feeds.rows.values()].flatMap((table) => [...table.values()]);
          const row = rows[at % Math.max(1, rows.length)];
          const heads = [...random.articles.heads.keys()];
          const paths = [...random.articles.owners.keys()].filter((path) =>
            [...random.articles.heads.values()].some((head) => head.path === path),
          );
          const set = (change: object): void => {
            if (row) random.feeds.rows.get(row.feed)?.set(row.place, { ...row, ...change });
          };
          if (kind === 'row' && row) random.feeds.rows.get(row.feed)?.delete(row.place);
          if (kind === 'seq') set({ seq: Math.max(1, (row?.seq ?? 0) + by) });
          if (kind === 'card' && row?.card) set({ card: { ...row.card, headline: `${by}` } });
          if (kind === 'extra' && row)
            random.feeds.rows.set(`topic/${by}`, new Map([[row.place, { ...row, feed: `topic/${by}` }]]));
          if (kind === 'feed' && row) random.feeds.rows.delete(row.feed);
          if (kind === 'head') random.articles.heads.delete(heads[at % Math.max(1, heads.length)] ?? '');
          if (kind === 'path') random.articles.owners.delete(paths[at % Math.max(1, paths.length)] ?? '');
        }
        await random.walk('repair');
        if (damages.some(({ kind }) => kind === 'head')) {
          // A repaired head has just changed, so other drift of its article is left to the next job.
          random.clock.time += 10 * minute;
          await random.walk('repair');
        }
        expect(withoutWithdrawal(await random.seen())).toEqual(withoutWithdrawal(sound));
        expect(random.articles.owners).toEqual(new Map(owners));
        random.clock.time += 10 * minute;
        expect(driftOf(await random.walk('verify'))).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});
