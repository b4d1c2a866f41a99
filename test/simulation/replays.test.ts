import { describe, expect, test } from '@jest/globals';
import type { Announcement } from '../../shared/events/announcement.ts';
import { busEvent, noon, story } from '../unit/story.ts';
import { House } from './house.ts';

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
const told = ({ announcer }: House): unknown[] =>
  announcer.announced.map(({ type, detail }: Announcement) => [type, detail.correlationId, detail.replay]);

describe('the cause of a change', () => {
  test('is what its sender called the event, else the id of the event, and no part of what it says', async () => {
    const house = new House();
    await house.deliver([published(0)]);
    await house.deliver([published(1, { correlationId: 'desk:4711' })]);
    expect(told(house).filter((said) => String(said).startsWith('article'))).toEqual([
      ['article.live', 'event-at-0', undefined],
      ['article.revised', 'desk:4711', undefined],
    ]);
    const before = house.announcer.announced.length;
    await house.deliver([published(1, { correlationId: 'again' }), published(1)]);
    expect(house.announcer.announced).toHaveLength(before);
  });

  test.each([{ id: 7 }, '', 'no id at all', 'x'.repeat(101)])('is not called %j', async (correlationId) => {
    const house = new House();
    await house.deliver([published(0, { correlationId })]);
    expect(house.announcer.announced[0]?.detail.correlationId).toBe('event-at-0');
  });

  test('is the hold while one lies on the story, and the end of the hold after that', async () => {
    const house = new House();
    await house.deliver([published(0)]);
    await house.deliver([ordered('held', 5)]);
    await house.deliver([ordered('unheld', 9)]);
    expect(told(house).filter((said) => String(said).startsWith('article'))).toEqual([
      ['article.live', 'event-at-0', undefined],
      ['article.withdrawn', 'held-5', undefined],
      ['article.live', 'unheld-9', undefined],
    ]);
  });

  test('comes with an embargo, though the clock alone releases it', async () => {
    const house = new House();
    await house.deliver([
      busEvent('article.published', { article: story({ embargoedUntil: at(600) }) }, { id: 'embargoed' }),
    ]);
    await house.pass(700_000);
    expect(house.announcer.announced[0]?.detail.correlationId).toBe('embargoed');
  });
});

describe('a replay', () => {
  test('of what had arrived changes nothing and announces nothing', async () => {
    const house = new House();
    await house.deliver([published(0)]);
    await house.deliver([ordered('held', 5)]);
    await house.deliver([ordered('unheld', 6)]);
    const before = [house.articles.stream.length, told(house)];
    await house.deliver([
      replayed(published(0), 'may'),
      replayed(ordered('held', 5), 'may'),
      replayed(ordered('unheld', 6), 'may'),
    ]);
    expect([house.articles.stream.length, told(house)]).toEqual(before);
  });

  test('of what was lost is purged and announced, and marked', async () => {
    const house = new House();
    await house.deliver([replayed(published(0), 'may')]);
    expect(told(house)).toEqual([
      ['article.live', 'event-at-0', 'may'],
      ['feed.changed', 'event-at-0', 'may'],
    ]);
    expect(house.purgeRequests.asked.at(-1)).toMatchObject({
      articles: [{ correlationId: 'event-at-0', replay: 'may' }],
    });
  });

  test('that is faster than the event itself is what brought it', async () => {
    const house = new House();
    await house.deliver([replayed(published(0), 'may')]);
    const before = told(house);
    await house.deliver([published(0)]);
    expect(told(house)).toEqual(before);
  });

  test.each(['held', 'erased'])('does not mark that a story is %s by an order that comes after it', async (kind) => {
    const house = new House();
    await house.deliver([published(0)]);
    await house.deliver([replayed(published(9), 'may')]);
    await house.deliver([ordered(kind, 5)]);
    expect(told(house).at(-2)).toEqual(['article.withdrawn', `${kind}-5`, undefined]);
    expect((await house.see(`/articles/${house.articles.stream.at(-1)?.new?.articleId ?? ''}.json`)).status).toBe(410);
  });

  test('marks what the clock makes of the version that it brought', async () => {
    const house = new House();
    const body = busEvent(
      'article.published',
      { article: story({ versionCreated: at(0), embargoedUntil: at(600), expires: at(900) }) },
      { id: 'embargoed' },
    );
    await house.deliver([replayed(body, 'may')]);
    expect(told(house)).toEqual([]);
    await house.pass(700_000);
    await house.pass(300_000);
    expect(told(house)).toEqual([
      ['article.live', 'embargoed', 'may'],
      ['feed.changed', 'embargoed', 'may'],
      ['article.revised', 'embargoed', 'may'],
      ['feed.changed', 'embargoed', 'may'],
    ]);
  });

  test('of what was rejected is rejected, marked and kept', async () => {
    const house = new House();
    const bad = busEvent('article.published', { article: story({ expires: 'soon' }) }, { id: 'bad' });
    await house.deliver([replayed(bad, 'may')]);
    expect([told(house), house.rejections.kept]).toEqual([
      [['article.rejected', 'bad', 'may']],
      [replayed(bad, 'may')],
    ]);
  });
});
