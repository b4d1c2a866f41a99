import { describe, expect, test } from '@jest/globals';
import { articleIdOf } from '../../../shared/article/article.ts';
import { frontIdOf } from '../../../shared/front/front.ts';
import { driftOf, jobModes } from '../../../shared/job.ts';
import { spokenDigest, spokenOf } from '../../../shared/audio/speech.ts';
import { busEvent, noon, story } from '../../unit/story.ts';
import { bridge, harbour, minute, pipeline, place, rowOf, shown } from './newsroom.ts';

describe('without drift', () => {
  test.each(jobModes)('%s finds nothing, announces nothing and changes nothing, in several steps', async (mode) => {
    const [seen, rows] = [await pipeline.seen(), shown()];
    const job = await pipeline.walk(mode);
    expect(job).toMatchObject({ phase: 'done', drift: {}, articles: 10, entries: rows.length });
    expect(job.step).toBeGreaterThan(4);
    expect(await pipeline.seen()).toEqual(seen);
    expect(shown()).toEqual(rows);
    expect(pipeline.announcer.announced).toEqual([]);
    expect(pipeline.purgeRequests.asked).toEqual(
      mode === 'rebuild' ? [{ tags: ['feeds'], articles: [], urgent: false, delaySeconds: 0 }] : [],
    );
  });
});

/** Changes the card of a story in a feed, and the seq that the row has. */
function rewriteCard(seqs: number, headline: string): void {
  const row = rowOf('latest', bridge);
  if (row?.card)
    pipeline.feeds.rows.get('latest')?.set(row.place, { ...row, seq: row.seq + seqs, card: { ...row.card, headline } });
}

/** A way to damage the rows, the drift that a job counts, and the purge that it requests. */
const damages: readonly [string, Record<string, number>, readonly string[], () => void][] = [
  [
    'an entry is lost',
    { missing: 1 },
    ['feed:section:news:harbour'],
    () => pipeline.feeds.rows.get('section/news/harbour')?.clear(),
  ],
  [
    'a tombstone replaces an entry',
    { missing: 1 },
    ['feed:section:news:harbour'],
    () =>
      pipeline.feeds.rows
        .get('section/news/harbour')
        ?.set(place(harbour), { feed: 'section/news/harbour', place: place(harbour), seq: 1 }),
  ],
  [
    'a card is stale',
    { stale: 1 },
    ['feed:latest'],
    () => {
      rewriteCard(-5, 'Old news');
    },
  ],
  [
    'a card is wrong under a seq that its head never had',
    { stale: 1 },
    ['feed:latest'],
    () => {
      rewriteCard(5, 'From the future');
    },
  ],
  [
    'an entry has the seq of an older head',
    { stale: 1 },
    ['feed:latest'],
    () => {
      const row = rowOf('latest', bridge);
      if (row) pipeline.feeds.rows.get('latest')?.set(row.place, { ...row, seq: row.seq - 1 });
    },
  ],
  [
    'an entry is in a feed that its article is not in',
    { extra: 1 },
    ['feed:topic:floods'],
    () => {
      const row = rowOf('latest', bridge);
      if (row) pipeline.feeds.rows.set('topic/floods', new Map([[row.place, { ...row, feed: 'topic/floods' }]]));
    },
  ],
  [
    'an entry has no article',
    { extra: 1 },
    ['feed:latest'],
    () => {
      const ghost = articleIdOf('urn:ghost');
      const row = rowOf('latest', bridge);
      const where = `2026-05-01T11:00:00.000Z#${ghost}`;
      if (row) pipeline.feeds.rows.get('latest')?.set(where, { ...row, place: where });
    },
  ],
  ['a path has no owner', { path: 1 }, [], () => pipeline.articles.owners.delete('/news/bridge')],
  ['a front’s head is lost', { head: 1 }, ['front:home'], () => pipeline.fronts.heads.delete(frontIdOf('home'))],
];

describe.each(damages)('after this damage: %s', (_, drift, tags, damage) => {
  test('verify reports the drift and changes nothing; repair repairs, purges and counts it, and announces heads only', async () => {
    const sound = await pipeline.seen();
    const rows = shown();
    const owners = [...pipeline.articles.owners];
    damage();
    const damaged = structuredClone([shown(), [...pipeline.articles.owners]]);

    const found = await pipeline.walk('verify');
    expect(found).toMatchObject({ drift, written: 0 });
    expect(found.examples.map(({ mended }) => mended)).toEqual([false]);
    expect([shown(), [...pipeline.articles.owners]]).toEqual(damaged);
    expect([pipeline.purgeRequests.asked, pipeline.driftMeter.counted]).toEqual([[], []]);

    expect((await pipeline.walk('repair')).drift).toEqual(drift);
    expect(await pipeline.seen()).toEqual(sound);
    expect(new Set(shown())).toEqual(new Set(rows));
    expect([...pipeline.articles.owners]).toEqual(owners);
    expect([...new Set(pipeline.purgeRequests.asked.flatMap((asked) => asked.tags))]).toEqual(tags);
    expect(pipeline.driftMeter.counted).toHaveLength(1);
    expect(pipeline.announcer.announced.map(({ type }) => type)).toEqual(
      tags.includes('front:home') ? ['front.changed'] : [],
    );
    expect(driftOf(await pipeline.walk('repair'))).toBe(0);
  });
});

describe('a repaired head', () => {
  test('goes through the stream as always: it is projected and announced', async () => {
    const sound = await pipeline.seen();
    pipeline.articles.heads.delete(bridge);
    expect((await pipeline.walk('verify')).drift).toMatchObject({ head: 1 });
    expect(pipeline.articles.heads.has(bridge)).toBe(false);
    expect((await pipeline.walk('repair')).drift).toEqual({ head: 1 });
    expect(await pipeline.seen()).toEqual(sound);
    expect(pipeline.announcer.announced).toMatchObject([{ type: 'article.live' }, { type: 'feed.changed' }]);
  });

  test('of an erased article strips texts that were left', async () => {
    await pipeline.send('article.erased', { article: { uri: 'urn:bridge', versionCreated: '2026-05-01T12:30:00Z' } });
    pipeline.clock.time += 60 * minute;
    await pipeline.articles.putVersion({
      ...(await firstVersion()),
      versionCreated: noon - minute,
      digest: 'left-standing',
      content: { event: 'article.updated', article: story({ uri: 'urn:bridge' }) },
    });
    expect((await pipeline.walk('repair')).drift).toEqual({ erasure: 1 });
    expect(JSON.stringify([...(pipeline.articles.versions.get(bridge)?.values() ?? [])])).not.toContain('lorries');
  });

  async function firstVersion() {
    for await (const version of (await pipeline.articles.open(bridge)).oldestFirst) return version;
    throw new Error('no version');
  }
});

test.each(jobModes)('audio of an article that is withdrawn or has new words is drift: %s', async (mode) => {
  const { synthesisJobs } = pipeline.articles;
  const saying = (digest: string) => ({
    seq: 1,
    rendition: { href: `/audio/${harbour}/1-a.mp3`, bytes: 1, seconds: 1, digest, voice: 'v' },
  });
  for (const id of [harbour, bridge]) synthesisJobs.set(id, saying('of other words'));
  // Of its very words: settling is all that this one needs.
  synthesisJobs.set(
    articleIdOf('urn:story:0'),
    saying(spokenDigest(spokenOf(story({ uri: 'urn:story:0', headlines: [{ value: 'About urn:story:0' }] })))),
  );
  await pipeline.deliver([
    busEvent(
      'article.unpublished',
      { article: { uri: 'urn:harbour', versionCreated: '2026-05-01T13:00:00Z' } },
      { time: '2026-05-01T13:00:00Z' },
    ),
  ]);
  pipeline.clock.time += 6 * minute;
  const job = await pipeline.walk(mode);
  expect(job.drift).toMatchObject({ audio: 2, head: 1 });
  expect(new Set(pipeline.narrationQueue.asked)).toEqual(
    new Set(mode === 'verify' ? [] : [harbour, bridge].map((articleId) => ({ articleId, polls: 0, delaySeconds: 0 }))),
  );
});

test('a pulled picture that is missing from the list is found and put on it again', async () => {
  await pipeline.send('article.held', {
    article: { uri: 'urn:picture', type: 'picture', versionCreated: '2026-05-01T12:00:00Z' },
  });
  const { ids } = pipeline.pictures.list;
  expect(ids.size).toBe(1);
  pipeline.clock.time += 60 * minute;
  pipeline.pictures.list = { seq: pipeline.pictures.list.seq, ids: new Set() };
  expect(await pipeline.walk('verify')).toMatchObject({ drift: { head: 1 } });
  expect(pipeline.pictures.list.ids.size).toBe(0);
  expect(await pipeline.walk('repair')).toMatchObject({ drift: { head: 1 } });
  expect(pipeline.pictures.list.ids).toEqual(ids);
});
