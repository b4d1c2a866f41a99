import { describe, expect, test } from '@jest/globals';
import type { Announcement } from '../../shared/events/announcement.ts';
import { busEvent, noon, story } from '../unit/story.ts';
import { Pipeline } from './pipeline.ts';

const uri = 'urn:newsroom:harbour-bridge';
const at = (second: number): string => new Date(noon + second * 1000).toISOString();
const published = (second: number, more: Record<string, unknown> = {}): string =>
  busEvent(
    'article.published',
    { article: story({ versionCreated: at(second), edNote: String(second) }), ...more },
    { id: `event-at-${second}`, time: at(second) },
  );
const ordered = (kind: string, second: number): string =>
  busEvent(
    `article.${kind}`,
    { article: { uri, versionCreated: at(second) } },
    { id: `${kind}-${second}`, time: at(second) },
  );
const replayed = (body: string, name: string): string =>
  JSON.stringify({ ...(JSON.parse(body) as object), 'replay-name': name });
const announcedBy = ({ announcer }: Pipeline): unknown[] =>
  announcer.announced.map(({ type, detail }: Announcement) => [type, detail.correlationId, detail.replay]);

describe('the origin of a change', () => {
  test('is the correlationId of its event, else the event’s id, and is no part of the digest', async () => {
    const pipeline = new Pipeline();
    await pipeline.deliver([published(0)]);
    await pipeline.deliver([published(1, { correlationId: 'desk:4711' })]);
    expect(announcedBy(pipeline).filter((said) => String(said).startsWith('article'))).toEqual([
      ['article.live', 'event-at-0', undefined],
      ['article.revised', 'desk:4711', undefined],
    ]);
    const before = pipeline.announcer.announced.length;
    await pipeline.deliver([published(1, { correlationId: 'again' }), published(1)]);
    expect(pipeline.announcer.announced).toHaveLength(before);
  });

  test.each([{ id: 7 }, '', 'no id at all', 'x'.repeat(101)])(
    'cannot be the correlationId %j',
    async (correlationId) => {
      const pipeline = new Pipeline();
      await pipeline.deliver([published(0, { correlationId })]);
      expect(pipeline.announcer.announced[0]?.detail.correlationId).toBe('event-at-0');
    },
  );

  test('is the hold while a story is held, and the end of the hold after that', async () => {
    const pipeline = new Pipeline();
    await pipeline.deliver([published(0)]);
    await pipeline.deliver([ordered('held', 5)]);
    await pipeline.deliver([ordered('unheld', 9)]);
    expect(announcedBy(pipeline).filter((said) => String(said).startsWith('article'))).toEqual([
      ['article.live', 'event-at-0', undefined],
      ['article.withdrawn', 'held-5', undefined],
      ['article.live', 'unheld-9', undefined],
    ]);
  });

  test('is the embargoed event, though the clock alone ends the embargo', async () => {
    const pipeline = new Pipeline();
    await pipeline.deliver([
      busEvent('article.published', { article: story({ embargoedUntil: at(600) }) }, { id: 'embargoed' }),
    ]);
    await pipeline.pass(700_000);
    expect(pipeline.announcer.announced[0]?.detail.correlationId).toBe('embargoed');
  });
});

describe('a replay', () => {
  test('of events that had arrived changes nothing and announces nothing', async () => {
    const pipeline = new Pipeline();
    await pipeline.deliver([published(0)]);
    await pipeline.deliver([ordered('held', 5)]);
    await pipeline.deliver([ordered('unheld', 6)]);
    const before = [pipeline.articles.stream.length, announcedBy(pipeline)];
    await pipeline.deliver([
      replayed(published(0), 'may'),
      replayed(ordered('held', 5), 'may'),
      replayed(ordered('unheld', 6), 'may'),
    ]);
    expect([pipeline.articles.stream.length, announcedBy(pipeline)]).toEqual(before);
  });

  test('of lost events is purged, announced and marked', async () => {
    const pipeline = new Pipeline();
    await pipeline.deliver([replayed(published(0), 'may')]);
    expect(announcedBy(pipeline)).toEqual([
      ['article.live', 'event-at-0', 'may'],
      ['feed.changed', 'event-at-0', 'may'],
    ]);
    expect(pipeline.purgeRequests.asked.at(-1)).toMatchObject({
      articles: [{ correlationId: 'event-at-0', replay: 'may' }],
    });
  });

  test('that arrives before the event itself is the origin', async () => {
    const pipeline = new Pipeline();
    await pipeline.deliver([replayed(published(0), 'may')]);
    const before = announcedBy(pipeline);
    await pipeline.deliver([published(0)]);
    expect(announcedBy(pipeline)).toEqual(before);
  });

  test.each(['held', 'erased'])('does not mark a story that is %s by a later order', async (kind) => {
    const pipeline = new Pipeline();
    await pipeline.deliver([published(0)]);
    await pipeline.deliver([replayed(published(9), 'may')]);
    await pipeline.deliver([ordered(kind, 5)]);
    expect(announcedBy(pipeline).at(-2)).toEqual(['article.withdrawn', `${kind}-5`, undefined]);
    expect((await pipeline.see(`/articles/${pipeline.articles.stream.at(-1)?.new?.articleId ?? ''}.json`)).status).toBe(
      410,
    );
  });

  test('marks changes that the clock makes to the version that it brought', async () => {
    const pipeline = new Pipeline();
    const body = busEvent(
      'article.published',
      { article: story({ versionCreated: at(0), embargoedUntil: at(600), expires: at(900) }) },
      { id: 'embargoed' },
    );
    await pipeline.deliver([replayed(body, 'may')]);
    expect(announcedBy(pipeline)).toEqual([]);
    await pipeline.pass(700_000);
    await pipeline.pass(300_000);
    expect(announcedBy(pipeline)).toEqual([
      ['article.live', 'embargoed', 'may'],
      ['feed.changed', 'embargoed', 'may'],
      ['article.revised', 'embargoed', 'may'],
      ['feed.changed', 'embargoed', 'may'],
    ]);
  });

  test('of a rejected event is announced as rejected, and adds nothing to the dead-letter queue', async () => {
    const pipeline = new Pipeline();
    const bad = busEvent('article.published', { article: story({ expires: 'soon' }) }, { id: 'bad' });
    await pipeline.deliver([bad, replayed(bad, 'may')]);
    expect([announcedBy(pipeline), pipeline.rejections.kept]).toEqual([
      [
        ['article.rejected', 'bad', undefined],
        ['article.rejected', 'bad', 'may'],
      ],
      [bad],
    ]);
  });
});
