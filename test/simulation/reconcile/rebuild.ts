import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { announcementSchemas } from '../../../shared/events/announcement-schema.ts';
import { articleIdOf } from '../../../shared/article/article.ts';
import { consume } from '../../../shared/consumer/consume.ts';
import { MemorySeen } from '../../../shared/consumer/memory-seen.ts';
import { busEvent, story } from '../../unit/story.ts';
import { bridge, harbour, minute, pipeline, published, shown } from './newsroom.ts';

test('rebuild --announce repeats the announcement of every live article, as at its last change, with replay', async () => {
  await pipeline.deliver([
    busEvent(
      'article.updated',
      { article: story({ uri: 'urn:bridge', versionCreated: '2026-05-01T13:00:00Z' }) },
      { id: 'second', time: '2026-05-01T13:00:00Z' },
    ),
    busEvent(
      'article.unpublished',
      { article: { uri: 'urn:harbour', versionCreated: '2026-05-01T13:00:00Z' } },
      { time: '2026-05-01T13:00:00Z' },
    ),
  ]);
  const { announced } = pipeline.announcer;
  const [revised] = announced.splice(0).filter(({ type }) => type === 'article.revised');
  pipeline.clock.time += 1000;
  const { announcedAs } = await pipeline.walk('rebuild', { announce: true });
  expect(announcedAs).toMatch(/^announce-rebuild-2026-05-01T13/);
  expect(announced).toHaveLength(8);
  const { leftFeeds, ...again } = revised?.detail as { leftFeeds?: unknown };
  expect(announced.find(({ detail }) => 'articleId' in detail && detail.articleId === bridge)).toEqual({
    type: 'article.revised',
    detail: { ...again, replay: announcedAs },
  });
  expect(announced.every(({ type, detail }) => v.is(announcementSchemas[type], detail))).toBe(true);
  // Consumers that have it drop it; those that lost it get it.
  const seen = new MemorySeen();
  const handled: string[] = [];
  for (const { type, detail } of [...(revised ? [revised] : []), ...announced])
    await consume(JSON.stringify({ source: 'pressrun', 'detail-type': type, detail }), {
      seen,
      handle: async ({ detail: { id } }) => Promise.resolve(void handled.push(id)),
    });
  expect(handled).toHaveLength(8);
});

test('rebuild --announce makes up at its end for an announcement that failed, and does not end while it fails', async () => {
  const { announced } = pipeline.announcer;
  const announce = pipeline.announcer.announce.bind(pipeline.announcer);
  let failures = 2;
  pipeline.announcer.announce = async (announcements) => {
    if (announcements.some(({ detail }) => 'articleId' in detail && detail.articleId === bridge) && failures > 0) {
      failures -= 1;
      throw new Error('the bus is busy');
    }
    await announce(announcements);
  };
  announced.length = 0;
  await expect(pipeline.walk('rebuild', { announce: true })).rejects.toThrow('the bus is busy');
  expect(announced.filter(({ detail }) => 'articleId' in detail && detail.articleId === bridge)).toEqual([]);
  // The message comes back.
  const [passId = ''] = pipeline.jobs.jobs.keys();
  await pipeline.message({ passId }, { again: true });
  const { phase, drift, unannounced } = pipeline.jobs.jobs.get(passId) ?? {};
  expect({ phase, drift, unannounced }).toEqual({ phase: 'done', drift: {}, unannounced: undefined });
  expect(announced.filter(({ detail }) => 'articleId' in detail && detail.articleId === bridge)).toHaveLength(1);
});

test('rebuild --announce includes articles that a replay brought back and that have lost their head, but none embargoed or held', async () => {
  const quarry = articleIdOf('urn:quarry');
  const replayed = JSON.stringify({ ...(JSON.parse(published('urn:quarry')) as object), 'replay-name': 'restore' });
  await pipeline.deliver([
    replayed,
    published('urn:embargoed', { embargoedUntil: new Date(pipeline.clock.time + 600 * minute).toISOString() }),
    busEvent(
      'article.held',
      { article: { uri: 'urn:harbour', versionCreated: '2026-05-01T13:00:00Z' } },
      { time: '2026-05-01T13:00:00Z' },
    ),
  ]);
  pipeline.clock.time += 60 * minute;
  for (const id of [quarry, bridge, harbour]) pipeline.articles.heads.delete(id);
  pipeline.feeds.rows.clear();
  const { announced } = pipeline.announcer;
  announced.length = 0;
  const { announcedAs } = await pipeline.walk('rebuild', { announce: true });
  const found = announced.flatMap(({ type, detail }) =>
    'uri' in detail && type !== 'article.withdrawn' ? [detail] : [],
  );
  expect(found.find(({ uri }) => uri === 'urn:quarry')).toMatchObject({ replay: announcedAs });
  expect(new Set(found.map(({ uri }) => uri))).toEqual(
    new Set(['urn:quarry', 'urn:bridge', ...Array.from({ length: 7 }, (_, n) => `urn:story:${n}`)]),
  );
});

describe('rebuild', () => {
  test('writes every feed from nothing, also entries of recent changes', async () => {
    await pipeline.send('article.published', {
      article: story({ uri: 'urn:new', versionCreated: new Date(pipeline.clock.time).toISOString() }),
    });
    const sound = await pipeline.seen();
    const rows = shown();
    pipeline.feeds.rows.clear();
    const job = await pipeline.walk('rebuild');
    expect(await pipeline.seen()).toEqual(sound);
    expect(new Set(shown())).toEqual(new Set(rows));
    expect(job.written).toBe(rows.length);
  });

  test('leaves every entry in place for readers after each of its writes', async () => {
    const before = await pipeline.seen();
    const replace = pipeline.feeds.replace.bind(pipeline.feeds);
    let looks = 0;
    pipeline.feeds.replace = async (...given) => {
      const done = await replace(...given);
      expect(await pipeline.seen()).toEqual(before);
      looks += 1;
      return done;
    };
    await pipeline.walk('rebuild');
    expect(looks).toBe(shown().length);
  });
});
