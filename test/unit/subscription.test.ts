import { describe, expect, test } from '@jest/globals';
import { matches } from '../../tools/laptop/events/event-pattern.ts';
import {
  acceptSubscriptions,
  announcementTypes,
  patternOf,
  subscriptionTypes,
} from '../../shared/events/subscription.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import { canaryUri } from '../../shared/trace/publish-trace.ts';

const live = { events: ['article.live'] };
const issuesOf = (subscription: unknown, name = 'search'): readonly string[] => {
  const accepted = acceptSubscriptions({ [name]: subscription });
  return 'issues' in accepted ? accepted.issues.map(({ path, message }) => `${path}: ${message}`) : [];
};

describe('a subscription', () => {
  test.each<[string, object]>([
    ['a queue of Pressrun’s own', { queue: true }],
    ['a queue', { queue: 'arn:aws:sqs:eu-west-1:123456789012:theirs_1-a' }],
    ['a queue in China', { queue: 'arn:aws-cn:sqs:cn-north-1:123456789012:q' }],
    ['a function', { function: 'arn:aws:lambda:eu-west-1:123456789012:function:index_1-a' }],
    ['a webhook', { webhook: 'https://search.example.com/pressrun?a=b' }],
    ['a webhook of this machine', { webhook: 'http://127.0.0.1:9000/x' }],
    ['another of this machine', { webhook: 'http://localhost:9000/x' }],
    ['and another', { webhook: 'http://[::1]:9000/x' }],
    ['an API destination', { apiDestination: { url: 'https://search.example.com/', header: 'X-Api-Key' } }],
    ['a bus', { bus: 'arn:aws:events:eu-west-1:123456789012:event-bus/partner/a.b-c_1' }],
  ])('is sent to %s', (_, to) => {
    const search = { ...live, ...to };
    expect(acceptSubscriptions({ search })).toEqual({ subscriptions: { search } });
  });

  test.each<[object, string]>([
    [{ queue: false }, 'search.queue'],
    [{ queue: 'theirs' }, 'search.queue'],
    [{ queue: 'xarn:aws:sqs:eu-west-1:123456789012:theirs' }, 'search.queue'],
    [{ queue: 'arn:aws:sqs:eu-west-1:12345678901:theirs' }, 'search.queue'],
    [{ queue: 'arn:aws:sqs:eu-west-1:123456789012:two words' }, 'search.queue'],
    [{ function: 'arn:aws:lambda:eu-west-1:123456789012:function:index:1' }, 'search.function'],
    [{ function: 'index' }, 'search.function'],
    [{ bus: 'arn:aws:events:eu-west-1:123456789012:rule/partner' }, 'search.bus'],
    [{ bus: ' arn:aws:events:eu-west-1:123456789012:event-bus/partner' }, 'search.bus'],
    [{ webhook: 'http://search.example.com/' }, 'search.webhook'],
    [{ webhook: 'https://me:secret@search.example.com/' }, 'search.webhook'],
    [{ webhook: 'https://search.example.com/#part' }, 'search.webhook'],
    [{ webhook: 'ftp://127.0.0.1/' }, 'search.webhook'],
    [{ webhook: 'search' }, 'search.webhook'],
    [{ apiDestination: { url: 'http://search.example.com/', header: 'X-Api-Key' } }, 'search.apiDestination.url'],
    [{ apiDestination: { url: 'https://search.example.com/', header: 'X Api Key' } }, 'search.apiDestination.header'],
    [{ apiDestination: { url: 'https://search.example.com/', header: '' } }, 'search.apiDestination.header'],
    [{ apiDestination: 'https://search.example.com/' }, 'search.apiDestination'],
    [{ queue: true, events: [] }, 'search.events'],
    [{ queue: true, events: 'article.live' }, 'search.events'],
    [{ queue: true, events: ['article.live', 'article.publishd'] }, 'search.events.1'],
    [{ queue: true, sections: [] }, 'search.sections'],
    [{ queue: true, topics: [' '] }, 'search.topics.0'],
    [{ queue: true, genres: 'explainer' }, 'search.genres'],
    [{ queue: true, qeue: true }, 'search.qeue'],
  ])('%j is rejected with the field’s name', (given, path) => {
    expect(issuesOf({ ...live, ...given }).map((issue) => issue.split(': ')[0])).toEqual([path]);
  });

  test('has exactly one target', () => {
    const one = ['search: must have exactly one of queue, function, webhook, apiDestination, bus'];
    expect(issuesOf(live)).toEqual(one);
    expect(issuesOf({ ...live, queue: true, bus: 'arn:aws:events:eu-west-1:123456789012:event-bus/partner' })).toEqual(
      one,
    );
    expect(issuesOf('all of it')).toEqual(['search: must be an object']);
  });

  test('cannot filter by feeds among events without feeds', () => {
    const events = ['article.live', 'cdn.purged', 'article.fresh'];
    expect(issuesOf({ events, queue: true, topics: ['Bridges'], genres: ['Explainer'] })).toEqual(
      ['topics', 'genres'].map(
        (filter) =>
          `search.${filter}: cannot choose among cdn.purged, article.fresh, which name no feeds: use another subscription for them`,
      ),
    );
    expect(issuesOf({ events, queue: true })).toEqual([]);
    expect(
      issuesOf({ events: ['article.revised', 'article.withdrawn', 'feed.changed'], queue: true, sections: ['news'] }),
    ).toEqual([]);
  });

  test('has a name that fits into the names of functions and queues', () => {
    for (const name of ['a', 'search-2', `a${'b'.repeat(27)}`])
      expect(issuesOf({ ...live, queue: true }, name)).toEqual([]);
    for (const name of ['2search', '-a', 'Search', 'a_b', `a${'b'.repeat(28)}`, 'narrate', 'watch'])
      expect(issuesOf({ ...live, queue: true }, name)).toHaveLength(1);
  });
});

describe('the pattern of a subscription', () => {
  const canary = articleIdOf(canaryUri);

  test('has the feeds of sections, topics and genres, and matches articles that leave them', () => {
    const feeds = ['section/news/world', 'topic/climate-change', 'genre/explainer'];
    expect(
      patternOf({
        events: ['article.live'],
        sections: ['News/World'],
        topics: ['Climate Change'],
        genres: ['Explainer'],
      }),
    ).toEqual({
      source: ['pressrun'],
      'detail-type': ['article.live'],
      detail: { $or: [{ feeds }, { leftFeeds: feeds }] },
    });
  });

  test('leaves out the canary by the field that each event has', () => {
    const other = [{ 'anything-but': canary }];
    for (const type of announcementTypes) {
      const { detail } = patternOf({ events: [type] });
      if (type === 'cdn.purged') expect(detail).toEqual({ tags: [{ 'anything-but': `article:${canary}` }] });
      else if (type === 'front.changed') expect(detail).toEqual({ name: [{ exists: true }] });
      else if (type === 'article.rejected') expect(detail).toEqual({ eventId: [{ exists: true }] });
      else expect(detail).toEqual({ articleId: other });
    }
    expect(patternOf({ events: announcementTypes }, { withCanary: true })).toEqual({
      source: ['pressrun'],
      'detail-type': [...announcementTypes],
    });
  });

  test('without rebuilds matches every other replay', () => {
    const pattern = patternOf({ events: ['article.live'] }, { withCanary: true, withoutRebuilds: true });
    const isDelivered = (replay?: string): boolean =>
      matches(pattern, {
        source: 'pressrun',
        'detail-type': 'article.live',
        detail: { ...(replay !== undefined && { replay }) },
      });
    expect([isDelivered(), isDelivered('may'), isDelivered('announce-rebuild-1')]).toEqual([true, true, false]);
  });

  test.each([{}, { sections: ['news'] }])('without replays matches no replayed announcement: %j', (chosen) => {
    const matching = (replays: boolean | undefined, replay?: string): boolean =>
      matches(patternOf({ events: ['article.live'], ...chosen, replays }), {
        source: 'pressrun',
        'detail-type': 'article.live',
        detail: { articleId: 'a', feeds: ['section/news'], ...(replay !== undefined && { replay }) },
      });
    expect(
      [undefined, true, false].map((replays) =>
        [undefined, 'may', 'announce-rebuild-1'].map((replay) => matching(replays, replay)),
      ),
    ).toEqual([
      [true, true, true],
      [true, true, true],
      [true, false, false],
    ]);
    expect(acceptSubscriptions({ push: { events: ['article.live'], queue: true, replays: false } })).toHaveProperty(
      'subscriptions.push.replays',
      false,
    );
    expect(acceptSubscriptions({ push: { events: ['article.live'], queue: true, replays: 'no' } })).toMatchObject({
      issues: [{ path: 'push.replays', message: 'must be true or false' }],
    });
  });

  test('has a list of its events if it names them', () => {
    expect(subscriptionTypes({ 'detail-type': ['article.live', 'feed.changed'] })).toEqual([
      'article.live',
      'feed.changed',
    ]);
    expect(subscriptionTypes({ 'detail-type': [{ prefix: 'article.' }] })).toBeUndefined();
    expect(subscriptionTypes({})).toBeUndefined();
  });
});
