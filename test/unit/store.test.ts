import { describe, expect, test } from '@jest/globals';
import { store, type StorePorts } from '../../functions/store/store.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import { MemoryArticles } from '../fakes/memory-articles.ts';
import { MemoryPorts } from '../fakes/memory-ports.ts';
import type { Hold, Version } from '../../shared/article/version.ts';
import { busEvent, noon, story } from './story.ts';

const id = articleIdOf('urn:newsroom:harbour-bridge');
const throttled = async (): Promise<never> => Promise.reject(new Error('throttled'));

class Intake extends MemoryPorts {
  constructor() {
    super(noon + 60_000);
  }

  with(others: Partial<StorePorts> = {}): StorePorts {
    return Object.assign({}, this, others);
  }

  async send(body: string): Promise<void> {
    await store(this.with(), body, 'delivery');
  }

  async versions(): Promise<Version[]> {
    const versions: Version[] = [];
    for await (const version of (await this.articles.open(id)).oldestFirst) versions.push(version);
    return versions;
  }

  async holds(): Promise<readonly Hold[]> {
    return (await this.articles.open(id)).holds;
  }
}

const later = (minutes: number): string => new Date(noon + minutes * 60_000).toISOString();

describe('an accepted event', () => {
  test('is stored and settled, and not announced here', async () => {
    const intake = new Intake();
    await intake.send(busEvent('article.published', { article: story() }));
    expect(await intake.versions()).toHaveLength(1);
    expect(await intake.articles.head(id)).toMatchObject({
      visibility: 'live',
      change: 'live',
      card: { headline: 'Harbour bridge reopens after storm repairs' },
    });
    expect([intake.announcer.announced, intake.rejections.kept]).toEqual([[], []]);
  });

  test('that is delivered five times is one version, and one change of the head', async () => {
    const intake = new Intake();
    const body = busEvent('article.published', { article: story() });
    for (let delivery = 0; delivery < 5; delivery += 1) {
      await intake.send(body);
      intake.clock.time += 1000;
    }
    expect(await intake.versions()).toHaveLength(1);
    expect(intake.articles.stream).toHaveLength(1);
  });

  test('that is delivered five times at once is one version, and one change of the head', async () => {
    const intake = new Intake();
    const body = busEvent('article.published', { article: story() });
    await Promise.all([1, 2, 3, 4, 5].map(async () => intake.send(body)));
    expect(await intake.versions()).toHaveLength(1);
    expect(intake.articles.stream).toHaveLength(1);
  });

  test('that is sent again later is stored with its own receipt, and does not change the head', async () => {
    const intake = new Intake();
    const article = story();
    await intake.send(busEvent('article.published', { article, receivedAt: noon }));
    const head = await intake.articles.head(id);
    intake.clock.time += 60_000;
    await intake.send(busEvent('article.published', { article, receivedAt: noon + 60_000 }, { time: later(1) }));
    expect(await intake.versions()).toHaveLength(2);
    expect(await intake.articles.head(id)).toEqual(head);
    expect(intake.articles.stream).toHaveLength(1);
  });

  test('that is older than the visible version is stored, and not shown', async () => {
    const intake = new Intake();
    await intake.send(
      busEvent('article.updated', {
        article: story({ versionCreated: later(0), headlines: [{ value: 'New' }], firstPublished: later(-60) }),
      }),
    );
    await intake.send(
      busEvent('article.published', {
        article: story({
          versionCreated: later(-5),
          headlines: [{ value: 'New' }],
          edNote: 'Old',
          firstPublished: later(-60),
        }),
      }),
    );
    expect(await intake.versions()).toHaveLength(2);
    expect(await intake.articles.head(id)).toMatchObject({ versionCreated: later(0) });
    expect(intake.articles.stream).toHaveLength(1);
  });

  test('for a hold is stored beside the versions, once for any number of deliveries', async () => {
    const intake = new Intake();
    await intake.send(busEvent('article.published', { article: story() }));
    const body = busEvent(
      'article.held',
      { article: { uri: story().uri, versionCreated: later(1) }, actor: 'legal' },
      { time: later(1) },
    );
    await intake.send(body);
    await intake.send(body);
    expect(await intake.holds()).toHaveLength(1);
    expect(await intake.versions()).toHaveLength(1);
    expect(intake.articles.stream.map(({ new: after }) => after?.change)).toEqual(['live', 'withdrawn']);
  });

  test('with an embargo is scheduled at each delivery, and shows nothing', async () => {
    const intake = new Intake();
    const body = busEvent('article.published', { article: story({ embargoedUntil: later(90) }) });
    await intake.send(body);
    await intake.send(body);
    expect(intake.settleSchedule.calls).toEqual([1, 2].map(() => ({ articleId: id, instant: noon + 90 * 60_000 })));
    expect(await intake.articles.head(id)).toBeUndefined();
  });

  test('is not acknowledged before it is stored and settled, and its settle is scheduled', async () => {
    const body = busEvent('article.published', { article: story({ embargoedUntil: later(90) }) });
    const intake = new Intake();
    await expect(store(intake.with({ settleSchedule: { settleAt: throttled } }), body, 'delivery')).rejects.toThrow(
      'throttled',
    );
    const unwritable = new MemoryArticles();
    unwritable.putVersion = throttled;
    await expect(store(intake.with({ articles: unwritable }), body, 'delivery')).rejects.toThrow('throttled');
    await intake.send(body);
    expect(intake.settleSchedule.calls).toHaveLength(1);
    expect(await intake.versions()).toHaveLength(1);
  });
});

describe('a rejected event', () => {
  const bad = (): string =>
    busEvent(
      'article.published',
      { article: story({ expires: 'soon', embargoedUntil: 'later' }) },
      { id: 'bad-event', source: 'newsroom.cms' },
    );

  test('is announced with its issues and kept byte for byte, and no version is stored', async () => {
    const intake = new Intake();
    const body = bad();
    await intake.send(body);
    expect(intake.announcer.announced).toEqual([
      {
        type: 'article.rejected',
        detail: {
          id: expect.any(String) as unknown,
          seq: noon,
          schemaVersion: 1,
          occurredAt: '2026-05-01T12:00:00.000Z',
          correlationId: 'bad-event',
          eventId: 'bad-event',
          source: 'newsroom.cms',
          uri: 'urn:newsroom:harbour-bridge',
          errors: expect.arrayContaining([
            { path: 'article.embargoedUntil', message: expect.any(String) as unknown },
            { path: 'article.expires', message: expect.any(String) as unknown },
          ]) as unknown,
        },
      },
    ]);
    expect(intake.rejections.kept).toEqual([body]);
    expect(await intake.versions()).toEqual([]);
    expect(intake.articles.stream).toEqual([]);
  });

  test.each([
    ['front.published', { name: 'home', versionCreated: '2026-05-01T12:00:00Z', containers: [] }, 'home'],
    ['front.unpublished', { name: 'home', versionCreated: 'yesterday' }, 'home'],
    ['front.published', { name: 'Not a Name', versionCreated: '2026-05-01T12:00:00Z', containers: [] }, undefined],
    ['front.published', 'home', undefined],
    ['article.published', { name: 'home' }, undefined],
  ])('is announced with the name of its front if the name is valid: %s %j', async (type, front, name) => {
    const intake = new Intake();
    await intake.send(busEvent(type, { front }));
    expect(
      intake.announcer.announced.map((said) => [said.type, said.type === 'article.rejected' ? said.detail.front : '']),
    ).toEqual([['article.rejected', name]]);
  });

  test('has every issue named at once, missing headlines too', async () => {
    const intake = new Intake();
    await intake.send(
      busEvent('article.published', {
        article: story({ expires: 'soon', headlines: [], type: 'event', subjects: [{ rel: 'section', literal: '' }] }),
      }),
    );
    const paths = intake.announcer.announced.flatMap((said) =>
      said.type === 'article.rejected' ? said.detail.errors.map(({ path }) => path) : [],
    );
    expect(paths.sort()).toEqual(['article.expires', 'article.headlines', 'article.type']);
  });

  test.each([
    ['article.updated', { article: story({ versionCreated: '2099-01-01T00:00:00Z' }) }],
    ['article.unheld', { article: { uri: story().uri, versionCreated: later(0) } }],
    [
      'article.held',
      { article: { uri: 'https://pictures.example.com/1.jpg', type: 'picture', versionCreated: later(0) } },
    ],
    ['front.published', { front: { name: 'home', versionCreated: '2099-01-01T00:00:00Z', containers: [] } }],
  ])(
    'may be %s whose time or receivedAt is later than its arrival, because no later order could win over it',
    async (type, detail) => {
      const intake = new Intake();
      const sentAt = intake.clock.now();
      const says = async (time: number, more = {}): Promise<unknown> => {
        const body = busEvent(type, { ...detail, ...more }, { time: new Date(time).toISOString() });
        return store(intake.with(), body, 'delivery', { sentAt });
      };
      for (const time of [Date.parse('2099-01-01T00:00:00Z'), 8.64e15, sentAt + 11_000])
        expect(await says(time)).toBe('rejected');
      expect(await says(sentAt + 9000, { receivedAt: sentAt + 18_000 })).toBe('rejected');
      const rejections = intake.announcer.announced.flatMap((said) =>
        said.type === 'article.rejected' ? [said.detail] : [],
      );
      expect(rejections.map(({ errors }) => errors[0]?.path)).toEqual(['time', 'time', 'time', 'receivedAt']);
      for (const { occurredAt } of rejections) expect(Date.parse(occurredAt)).toBeLessThanOrEqual(sentAt);
    },
  );

  test('is never one from a bus whose clock runs slightly ahead, from an old replay or from a redrive', async () => {
    const intake = new Intake();
    const sentAt = intake.clock.now();
    for (const time of [sentAt + 9000, noon, noon - 400 * 86_400_000]) {
      const body = busEvent(
        'article.unpublished',
        { article: { uri: story().uri, versionCreated: new Date(time).toISOString() } },
        { time: new Date(time).toISOString() },
      );
      expect(await store(intake.with(), body, 'delivery', { sentAt })).toBe('version');
    }
  });

  test('may be one from before 1970, which the keys of rows cannot hold', async () => {
    const intake = new Intake();
    await intake.send(busEvent('article.published', { article: story() }, { time: '1960-01-01T00:00:00Z' }));
    expect(intake.announcer.announced).toMatchObject([
      { type: 'article.rejected', detail: { errors: [{ path: 'time' }] } },
    ]);
  });

  test('is announced with paths that are cut to fit into an event', async () => {
    const intake = new Intake();
    const embargoes = { ['a'.repeat(25_000)]: Array.from({ length: 50 }, () => ({ embarg: 1 })) };
    const associations = { ['b'.repeat(25_000)]: Array.from({ length: 50 }, () => ({ pubStatus: 'no' })) };
    const hostile: Record<string, unknown>[] = [embargoes, { associations }];
    for (const more of hostile) await intake.send(busEvent('article.published', { article: story(more) }));
    expect(intake.announcer.announced).toHaveLength(2);
    for (const said of intake.announcer.announced) {
      expect(said).toMatchObject({ type: 'article.rejected' });
      expect(Buffer.byteLength(JSON.stringify(said))).toBeLessThan(50_000);
    }
  });

  test('is acknowledged, because a retry would not repair it', async () => {
    await expect(new Intake().send(bad())).resolves.toBeUndefined();
    await expect(new Intake().send('not json')).resolves.toBeUndefined();
  });

  test('is announced under one id at every delivery', async () => {
    const intake = new Intake();
    const body = bad();
    await intake.send(body);
    await intake.send(body);
    expect(new Set(intake.announcer.announced.map(({ detail }) => detail.id)).size).toBe(1);
  });

  test('is kept once if its announcement fails at first: the retry announces and keeps it', async () => {
    const intake = new Intake();
    const body = bad();
    await expect(store(intake.with({ announcer: { announce: throttled } }), body, 'delivery')).rejects.toThrow(
      'throttled',
    );
    expect(intake.rejections.kept).toEqual([]);
    await intake.send(body);
    expect(intake.rejections.kept).toEqual([body]);
    expect(intake.announcer.announced).toHaveLength(1);
  });

  test('fails if it cannot be kept', async () => {
    const intake = new Intake();
    await expect(store(intake.with({ rejections: { keep: throttled } }), bad(), 'delivery')).rejects.toThrow(
      'throttled',
    );
  });

  test('does not change an article that is live', async () => {
    const intake = new Intake();
    await intake.send(busEvent('article.published', { article: story() }));
    await intake.send(
      busEvent(
        'article.updated',
        { article: story({ versionCreated: later(1), expires: 'soon' }) },
        { time: later(1) },
      ),
    );
    expect(intake.articles.stream).toHaveLength(1);
    expect(await intake.versions()).toHaveLength(1);
  });

  test('has no value of the event in its announcement', async () => {
    const intake = new Intake();
    await intake.send(
      busEvent('article.published', {
        article: story({ language: 'secret!language', urgency: 4242 }),
        path: 'secret-path',
        revision: -31313,
      }),
    );
    await intake.send(
      busEvent('article.published', {
        article: story({ language: 'secret!language', urgency: 4242 }),
        path: 'secret-path',
      }),
    );
    expect(JSON.stringify(intake.announcer.announced)).not.toMatch(/secret|4242|31313/);
  });

  test.each([
    ['in the headline', { article: story({ headlines: [{ value: 'Half an emoji: \ud83d' }] }) }],
    ['in a field that no page uses', { article: story({ slugline: '\udc00' }) }],
    ['in the uri', { article: story({ uri: 'urn:\ud800' }) }],
  ])('is acknowledged, as an accepted one is, also with half a surrogate pair %s', async (_, detail) => {
    await expect(new Intake().send(busEvent('article.published', detail))).resolves.toBeUndefined();
  });
});
