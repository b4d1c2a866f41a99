import { describe, expect, test } from '@jest/globals';
import { articleIdOf } from '../../../shared/article/article.ts';
import { story } from '../../unit/story.ts';
import { bridge, harbour, minute, pipeline, place, published, rowOf, shown } from './newsroom.ts';

describe('changes of the last five minutes', () => {
  test('are not examined until the five minutes are over', async () => {
    await pipeline.send('article.updated', {
      article: story({ uri: 'urn:bridge', versionCreated: '2026-05-01T12:30:00Z', headlines: [{ value: 'Just now' }] }),
    });
    pipeline.feeds.rows.get('latest')?.delete(place(bridge));
    const extra = rowOf('genre/explainer', bridge);
    if (extra) pipeline.feeds.rows.set('topic/floods', new Map([[extra.place, { ...extra, feed: 'topic/floods' }]]));
    pipeline.clock.time += 4 * minute;
    expect((await pipeline.walk('repair')).drift).toEqual({});
    pipeline.clock.time += 2 * minute;
    expect((await pipeline.walk('repair')).drift).toEqual({ missing: 1, extra: 1 });
  });

  test('include the end of an embargo, which its scheduled settle handles', async () => {
    await pipeline.deliver([
      published('urn:secret', { embargoedUntil: new Date(pipeline.clock.time + 10 * minute).toISOString() }),
    ]);
    pipeline.clock.time += 11 * minute;
    expect((await pipeline.walk('repair')).drift).toEqual({});
    pipeline.clock.time += 5 * minute;
    expect((await pipeline.walk('repair')).drift).toEqual({ head: 1 });
    expect(pipeline.articles.heads.get(articleIdOf('urn:secret'))?.visibility).toBe('live');
  });

  test('win over a job that reads the article at the same time', async () => {
    pipeline.feeds.rows.get('latest')?.delete(place(bridge));
    const row = pipeline.feeds.row.bind(pipeline.feeds);
    pipeline.feeds.row = async (placement) => {
      const found = await row(placement);
      // Between the job's read and its write.
      if (placement.place === place(bridge) && placement.feed === 'latest' && !found) {
        pipeline.feeds.row = row;
        await pipeline.send('article.unpublished', {
          article: { uri: 'urn:bridge', versionCreated: '2026-05-01T12:40:00Z' },
        });
      }
      return found;
    };
    expect((await pipeline.walk('repair')).drift).toEqual({});
    expect(shown().some((entry) => JSON.stringify(entry).includes('urn:bridge'))).toBe(false);
  });

  test('win over a job that has read the head but not yet the entries', async () => {
    const row = pipeline.feeds.row.bind(pipeline.feeds);
    pipeline.feeds.row = async (placement) => {
      if (placement.place === place(bridge)) {
        pipeline.feeds.row = row;
        await pipeline.send('article.updated', {
          article: story({
            uri: 'urn:bridge',
            versionCreated: '2026-05-01T12:40:00Z',
            headlines: [{ value: 'Newer' }],
          }),
        });
      }
      return row(placement);
    };
    expect((await pipeline.walk('repair')).drift).toEqual({});
    expect(rowOf('latest', bridge)?.card?.headline).toBe('Newer');
  });

  test('may leave an entry that project is about to remove', async () => {
    const row = rowOf('latest', harbour);
    await pipeline.send('article.unpublished', {
      article: { uri: 'urn:harbour', versionCreated: '2026-05-01T12:40:00Z' },
    });
    if (row) pipeline.feeds.rows.get('latest')?.set(row.place, row);
    expect((await pipeline.walk('repair')).drift).toEqual({});
    pipeline.clock.time += 6 * minute;
    expect((await pipeline.walk('repair')).drift).toEqual({ extra: 1 });
  });

  test('include an entry that was just written, even if its article differs', async () => {
    const ghost = {
      feed: 'latest',
      place: `2026-05-01T11:00:00.000Z#${articleIdOf('urn:ghost')}`,
      seq: pipeline.clock.time - minute,
    };
    const card = rowOf('latest', bridge)?.card;
    pipeline.feeds.rows.get('latest')?.set(ghost.place, { ...ghost, card });
    expect((await pipeline.walk('repair')).drift).toEqual({});
    pipeline.clock.time += 5 * minute;
    expect((await pipeline.walk('repair')).drift).toEqual({ extra: 1 });
  });

  test('include a row that project writes between the job’s read and its write', async () => {
    pipeline.feeds.rows.get('latest')?.delete(place(bridge));
    const replace = pipeline.feeds.replace.bind(pipeline.feeds);
    pipeline.feeds.replace = async (...given) => {
      pipeline.feeds.replace = replace;
      await pipeline.send('article.updated', {
        article: story({ uri: 'urn:bridge', versionCreated: '2026-05-01T12:40:00Z', headlines: [{ value: 'Newer' }] }),
      });
      return replace(...given);
    };
    expect((await pipeline.walk('repair')).drift).toEqual({});
    expect(rowOf('latest', bridge)?.card?.headline).toBe('Newer');
  });
});
