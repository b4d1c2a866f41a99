import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { articleIdOf } from '../../../../shared/article/article.ts';
import { superdeskItem, superdeskUri } from '../../../fixtures/cms/superdesk.ts';
import { articleTag } from '../../../../shared/purge/tags.ts';
import { Pipeline } from '../../../simulation/pipeline.ts';
import { WebhookEndpoint } from '../../webhook-endpoint.ts';
import { noon } from '../../story.ts';
import { only, pages, read } from './pages.ts';

describe('an update of a story', () => {
  /** The default address of an article. */
  const addressOf = (id: string): string => `/articles/${articleIdOf(superdeskUri(id))}`;
  const item = (id: string, hour: number, more: Record<string, unknown> = {}): Record<string, unknown> =>
    superdeskItem(id, { versioncreated: `2026-03-02T${hour}:00:00+0000`, ...more });
  const after = (id: string): string => String(superdeskItem(id)['guid']);
  const chain = [
    item('u1', 10),
    item('u2', 11, { evolvedfrom: after('u1') }),
    // The format ninjs2 names it twice.
    item('u3', 12, { evolvedfrom: after('u2'), rewrite_of: after('u2'), rewrite_sequence: 2 }),
  ];
  const ofChain = (pipeline: Pipeline) =>
    ['u1', 'u2', 'u3'].map((id) => pipeline.articles.heads.get(articleIdOf(superdeskUri(id)))?.visibility);

  test('takes the place of the story, in whatever order both arrive', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...chain, ...chain], { minLength: 6 }), async (items) => {
        const pipeline = await pages(...items);
        expect(ofChain(pipeline)).toEqual(['gone', 'gone', 'live']);
        const { path = '' } = pipeline.articles.heads.get(articleIdOf(superdeskUri('u3'))) ?? {};
        for (const id of ['u1', 'u2']) {
          const [page, json] = await Promise.all([pipeline.see(addressOf(id)), pipeline.see(`${addressOf(id)}.json`)]);
          expect(page).toMatchObject({ status: 301, headers: { location: path } });
          expect(json).toMatchObject({ status: 301, headers: { location: `${addressOf('u3')}.json` } });
          // A change of the update purges the redirects to it.
          expect(page.headers['x-amz-meta-cache-tag']).toContain(articleTag(articleIdOf(superdeskUri('u3'))));
        }
        const { items: listed } = JSON.parse((await pipeline.see('/feeds/latest.json')).body) as { items: unknown[] };
        expect(listed).toMatchObject([{ id: superdeskUri('u3') }]);
      }),
      { numRuns: 30 },
    );
  });

  test('has the address of the story where the newsroom makes addresses of a field', async () => {
    const given = { superdesk: { path: '/{slugline}' } };
    for (const items of [chain, chain.toReversed()]) {
      const pipeline = new Pipeline(noon);
      for (const { type, detail } of items.flatMap((one) => read({ ...one, slugline: 'Ferries' }, given)))
        await pipeline.send(type, { ...detail }, { source: 'cms.superdesk' });
      expect(pipeline.articles.heads.get(articleIdOf(superdeskUri('u3')))).toMatchObject({ path: '/ferries' });
      expect((await pipeline.see('/ferries')).status).toBe(200);
    }
  });

  test('that is killed brings no earlier text back', async () => {
    const pipeline = await pages(...chain, item('u3', 13, { version: '9', pubstatus: 'canceled' }));
    expect(ofChain(pipeline)).toEqual(['gone', 'gone', 'gone']);
    for (const id of ['u1', 'u2', 'u3']) expect((await pipeline.see(addressOf(id))).status).toBe(410);
  });

  test('is no page of a story that was killed itself', async () => {
    const kill = item('u1', 13, { version: '9', pubstatus: 'canceled' });
    expect((await (await pages(...chain, kill)).see(addressOf('u1'))).status).toBe(410);
  });

  test('leaves the story public while it is embargoed itself, with a warning', async () => {
    const embargoed = { ...chain[1], embargoed: new Date(noon + 3_600_000).toISOString() };
    const pipeline = await pages(item('u1', 10), embargoed);
    expect(ofChain(pipeline).slice(0, 2)).toEqual(['live', undefined]);
    expect(only(embargoed).detail.warnings).toMatchObject([{ path: 'evolvedfrom' }]);
  });

  test('that is rejected withdraws nothing', async () => {
    const endpoint = new WebhookEndpoint();
    const { status } = await endpoint.post('superdesk', { ...chain[1], headline: '' });
    expect([status, endpoint.bus.events]).toEqual([422, []]);
  });

  test.each([after('u1'), '', 7])('that continues %p is none', (evolvedfrom) => {
    expect(read(item('u1', 10, { evolvedfrom }))).toHaveLength(1);
  });

  test('that continues itself in a circle has no page, and ends', async () => {
    const pipeline = await pages(
      item('u1', 10, { evolvedfrom: after('u2') }),
      item('u2', 11, { evolvedfrom: after('u1') }),
      item('u1', 12, { version: '9', evolvedfrom: after('u2') }),
      item('u2', 13, { version: '9', pubstatus: 'canceled' }),
    );
    expect((await pipeline.see(addressOf('u2'))).status).toBe(410);
  });
});
