import { describe, expect, test } from '@jest/globals';
import type { Announcement } from '../../shared/announcement.ts';
import { busEvent, noon, story } from '../unit/story.ts';
import { House } from './house.ts';

const uri = 'urn:newsroom:harbour-bridge';
const at = (second: number): string => new Date(noon + second * 1000).toISOString();
const published = (second: number, more: Record<string, unknown> = {}): string =>
  busEvent('article.published', { article: story({ versionCreated: at(second), edNote: String(second) }), ...more }, { id: `event-at-${second}`, time: at(second) });
const ordered = (kind: string, second: number): string =>
  busEvent(`article.${kind}`, { article: { uri, versionCreated: at(second) } }, { id: `${kind}-${second}`, time: at(second) });
const replayed = (body: string, name: string): string => JSON.stringify({ ...(JSON.parse(body) as object), 'replay-name': name });
const told = ({ announcer }: House): unknown[] => announcer.announced.map(({ type, detail }: Announcement) => [type, detail.correlationId, detail.replay]);

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
    await house.deliver([busEvent('article.published', { article: story({ embargoedUntil: at(600) }) }, { id: 'embargoed' })]);
    await house.pass(700_000);
    expect(house.announcer.announced[0]?.detail.correlationId).toBe('embargoed');
  });
});

describe('a replay', () => {
  test('of what is there changes nothing and tells nobody', async () => {
    const house = new House();
    await house.deliver([published(0)]);
    const before = told(house);
    await house.deliver([replayed(published(0), 'may'), replayed(published(0), 'announce-may')]);
    expect(told(house)).toEqual(before);
  });

  test('of what was lost is purged, and told to nobody', async () => {
    const house = new House();
    await house.deliver([published(0)]);
    const before = told(house);
    await house.deliver([replayed(published(1), 'may')]);
    expect(house.articles.stream).toHaveLength(2);
    expect(told(house)).toEqual(before);
    expect(house.purgeRequests.asked.at(-1)).toMatchObject({ articles: [], silent: true });
  });

  test('that is to be announced is told, and marked, also where a silent one came first', async () => {
    const house = new House();
    await house.deliver([replayed(published(0), 'may')]);
    expect(told(house)).toEqual([]);
    await house.deliver([replayed(published(0), 'announce-may')]);
    expect(told(house)).toEqual([
      ['article.live', 'event-at-0', 'announce-may'],
      ['feed.changed', 'event-at-0', 'announce-may'],
    ]);
    expect(house.purgeRequests.asked.at(-1)).toMatchObject({ articles: [{ correlationId: 'event-at-0', replay: 'announce-may' }] });
  });

  test('that is faster than the event itself does not hush it up', async () => {
    const house = new House();
    await house.deliver([replayed(published(0), 'may')]);
    await house.deliver([published(0)]);
    expect(told(house)).toEqual([
      ['article.live', 'event-at-0', undefined],
      ['feed.changed', 'event-at-0', undefined],
    ]);
  });

  test.each(['held', 'erased'])('does not hush up that a story is %s, though the order comes after a version which it brought, and was received before', async (kind) => {
    const house = new House();
    await house.deliver([published(0)]);
    await house.deliver([replayed(published(9), 'may')]);
    await house.deliver([ordered(kind, 5)]);
    expect(told(house).at(-2)).toEqual(['article.withdrawn', `${kind}-5`, undefined]);
    expect((await house.see(`/articles/${house.articles.stream.at(-1)?.new?.articleId ?? ''}.json`)).status).toBe(410);
  });

  test.each(['held', 'unpublished'])('is undone by an order that is told, though consumers never knew of the replay: %s', async (kind) => {
    const house = new House();
    await house.deliver([published(0)]);
    await house.deliver([ordered(kind, 2)]);
    await house.deliver([replayed(kind === 'held' ? ordered('unheld', 3) : published(3), 'may')]);
    expect(house.articles.stream.at(-1)?.new?.standing).toBe('live');
    const before = told(house).length;
    await house.deliver([ordered(kind, 5)]);
    expect(told(house).slice(before)).toContainEqual(['article.withdrawn', `${kind}-5`, undefined]);
  });

  test('does not hush up that a story may be seen again', async () => {
    const house = new House();
    await house.deliver([published(0)]);
    await house.deliver([ordered('held', 2)]);
    await house.deliver([replayed(published(9), 'may')]);
    const before = told(house).length;
    await house.deliver([ordered('unheld', 5)]);
    expect(told(house).slice(before)).toEqual([
      ['article.live', 'unheld-5', undefined],
      ['feed.changed', 'unheld-5', undefined],
    ]);
  });

  test('of a hundred versions of one story tells nobody, however many', async () => {
    const house = new House();
    await house.deliver([published(0)]);
    const before = told(house).length;
    await house.deliver(Array.from({ length: 110 }, (_, n) => replayed(published(n + 1), 'may')));
    expect(told(house)).toHaveLength(before);
    await house.deliver([published(300)]);
    expect(told(house).slice(before)).toEqual([
      ['article.revised', 'event-at-300', undefined],
      ['feed.changed', 'event-at-300', undefined],
    ]);
  });

  test('of a hundred versions hushes up no hold, and neither its end', async () => {
    const house = new House();
    await house.deliver([published(0)]);
    await house.deliver(Array.from({ length: 110 }, (_, n) => replayed(published(n + 1), 'may')));
    const before = told(house).length;
    await house.deliver([ordered('held', 300)]);
    await house.deliver([ordered('unheld', 310)]);
    await house.deliver([ordered('held', 320)]);
    expect(
      told(house)
        .slice(before)
        .filter((said) => String(said).startsWith('article')),
    ).toEqual([
      ['article.withdrawn', 'held-300', undefined],
      ['article.live', 'unheld-310', undefined],
      ['article.withdrawn', 'held-320', undefined],
    ]);
  });

  test.each(['held', 'unpublished'])('of a hundred versions of a story that is %s tells nobody', async (kind) => {
    const house = new House();
    await house.deliver([published(0)]);
    await house.deliver([ordered(kind, 300)]);
    const before = told(house);
    await house.deliver(Array.from({ length: 110 }, (_, n) => replayed(published(n + (kind === 'held' ? 1 : 301)), 'may')));
    expect(told(house)).toEqual(before);
  });

  test('brings an embargo and an expiry in silence; what the clock makes of them is news', async () => {
    const house = new House();
    const body = busEvent('article.published', { article: story({ versionCreated: at(0), embargoedUntil: at(600), expires: at(900) }) }, { id: 'embargoed' });
    await house.deliver([replayed(body, 'may')]);
    expect(told(house)).toEqual([]);
    await house.pass(700_000);
    await house.pass(300_000);
    expect(told(house)).toEqual([
      ['article.live', 'embargoed', undefined],
      ['feed.changed', 'embargoed', undefined],
      ['article.revised', 'embargoed', undefined],
      ['feed.changed', 'embargoed', undefined],
    ]);
  });

  test('brings what expires later in silence, and its expiry is news; what had been released before stays silent', async () => {
    const house = new House();
    house.clock.time = noon + 700_000;
    const body = busEvent('article.published', { article: story({ versionCreated: at(0), embargoedUntil: at(600), expires: at(900) }) }, { id: 'embargoed' });
    await house.deliver([replayed(body, 'may')]);
    expect([house.articles.stream.length, told(house)]).toEqual([1, []]);
    await house.pass(300_000);
    expect(told(house)).toEqual([
      ['article.revised', 'embargoed', undefined],
      ['feed.changed', 'embargoed', undefined],
    ]);
  });

  test('of what was refused is refused in silence, and kept', async () => {
    const house = new House();
    const bad = busEvent('article.published', { article: story({ expires: 'soon' }) }, { id: 'bad' });
    await house.deliver([replayed(bad, 'may')]);
    expect([told(house), house.refusals.kept]).toEqual([[], [replayed(bad, 'may')]]);
    await house.deliver([replayed(bad, 'announce-may')]);
    expect(told(house)).toEqual([['article.rejected', 'bad', 'announce-may']]);
  });
});
