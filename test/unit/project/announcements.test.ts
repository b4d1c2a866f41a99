import { describe, expect, test } from '@jest/globals';
import { project, projectFront } from '../../../functions/project/project.ts';
import { noon } from '../story.ts';
import { harbour, id, live, gone, Newsroom, articleOnes } from './newsroom.ts';

describe('announcements', () => {
  test('have the type of the change, and the fields that consumers need', async () => {
    const newsroom = new Newsroom();
    const { after } = await newsroom.publish(live());
    const envelope = {
      id: expect.any(String) as unknown,
      schemaVersion: 1,
      occurredAt: '2026-05-01T12:00:00.000Z',
      seq: after?.seq,
    };
    expect(newsroom.announcer.announced).toEqual([
      {
        type: 'article.live',
        detail: {
          ...envelope,
          articleId: id,
          uri: harbour,
          versionCreated: '2026-05-01T12:00:00Z',
          path: after?.path,
          headline: 'Harbour bridge reopens after storm repairs',
          feeds: after?.feeds,
        },
      },
      { type: 'feed.changed', detail: { ...envelope, feeds: after?.feeds, articleId: id } },
    ]);
  });

  test('announce each change of a front separately, after the purge, with an id that repeats share', async () => {
    const newsroom = new Newsroom();
    const order: string[] = [];
    const ports = newsroom.with({
      purgeRequests: { send: () => Promise.resolve(void order.push('purge')) },
      announcer: {
        announce: (announcements) =>
          Promise.resolve(void order.push(...announcements.map(({ type }) => type))).then(() =>
            newsroom.announcer.announce(announcements),
          ),
      },
    });
    const front = {
      articleId: 'front#home',
      name: 'home',
      settledAt: noon,
      versionCreated: '2026-05-01T11:00:00.000Z',
    };
    const changes = [
      {
        after: {
          ...front,
          seq: noon,
          change: 'live',
          visibility: 'live',
          origin: { correlationId: 'desk-1', replay: 'may' },
        },
      },
      { after: { ...front, seq: noon + 1, change: 'withdrawn', visibility: 'gone' } },
    ] as const;
    await projectFront(ports, changes);
    await projectFront(ports, changes);
    const announced = newsroom.announcer.announced;
    const envelope = {
      schemaVersion: 1,
      occurredAt: '2026-05-01T12:00:00.000Z',
      name: 'home',
      versionCreated: front.versionCreated,
    };
    expect(announced.slice(0, 2)).toEqual([
      {
        type: 'front.changed',
        detail: {
          ...envelope,
          id: expect.any(String) as unknown,
          seq: noon,
          change: 'live',
          correlationId: 'desk-1',
          replay: 'may',
        },
      },
      {
        type: 'front.changed',
        detail: { ...envelope, id: expect.any(String) as unknown, seq: noon + 1, change: 'withdrawn' },
      },
    ]);
    expect(announced.slice(2)).toEqual(announced.slice(0, 2));
    expect(new Set(announced.map(({ detail }) => detail.id)).size).toBe(2);
    expect(order.slice(0, 4)).toEqual(['purge', 'purge', 'front.changed', 'front.changed']);
  });

  test('are one for each change: live, revised, withdrawn, live again', async () => {
    const newsroom = new Newsroom();
    await newsroom.publish(live());
    await newsroom.publish(live({ story: { headlines: [{ value: 'New' }] } }));
    await newsroom.publish(gone());
    await newsroom.publish(live());
    expect(newsroom.said.filter((type) => type.startsWith('article.'))).toEqual([
      'article.live',
      'article.revised',
      'article.withdrawn',
      'article.live',
    ]);
  });

  test('are not merged within a batch', async () => {
    const newsroom = new Newsroom();
    const records = [
      await newsroom.write(live()),
      await newsroom.write(live({ story: { edNote: 'x', versionCreated: '2026-05-01T12:30:00Z' } })),
      await newsroom.write(gone()),
    ];
    await project(newsroom, id, records);
    expect(
      articleOnes(newsroom.announcer.announced).map(({ type, detail }) => [type, 'seq' in detail && detail.seq]),
    ).toEqual([
      ['article.live', records[0]?.after?.seq],
      ['article.revised', records[1]?.after?.seq],
      ['article.withdrawn', records[2]?.after?.seq],
    ]);
  });

  test('name the feeds, the path and the headline of a withdrawn article', async () => {
    const newsroom = new Newsroom();
    const { after } = await newsroom.publish(live());
    await newsroom.publish(gone());
    expect(articleOnes(newsroom.announcer.announced).at(-1)).toMatchObject({
      type: 'article.withdrawn',
      detail: { feeds: after?.feeds, path: after?.path, headline: 'Harbour bridge reopens after storm repairs' },
    });
  });

  test('include feed.changed with the feeds that readers could see change, if there are any', async () => {
    const newsroom = new Newsroom();
    await newsroom.publish(live());
    const people = [{ rel: 'author', name: 'Mo Tide' }];
    await newsroom.publish(live({ story: { people } }));
    expect(newsroom.announcer.announced.at(-1)).toMatchObject({
      type: 'feed.changed',
      detail: { feeds: expect.arrayContaining(['latest', 'author/ada-marlow', 'author/jon-bright', 'author/mo-tide']) },
    });
    const said = newsroom.said.length;
    await newsroom.publish(
      live({
        story: {
          people,
          bodies: [],
          versionCreated: '2026-05-01T13:00:00Z',
        },
      }),
    );
    expect(newsroom.said.slice(said)).toEqual(['article.revised']);
  });

  test('name a path that another article owns', async () => {
    const newsroom = new Newsroom();
    await newsroom.publish(live({ path: '/news/bridge', claim: { path: '/news/bridge', owned: false } }));
    expect(newsroom.announcer.announced[0]?.detail).toMatchObject({
      pathClash: '/news/bridge',
      path: `/articles/${id}/harbour-bridge-reopens-after-storm-repairs`,
    });
  });

  test('have the same id in every repeat, and different ids for different changes', async () => {
    const newsroom = new Newsroom();
    await newsroom.publish(live());
    await newsroom.publish(live({ story: { headlines: [{ value: 'New' }] } }));
    await newsroom.publish(gone());
    await newsroom.publish(live({ uri: 'urn:newsroom:other' }));
    const ids = newsroom.announcer.announced.map(({ detail }) => detail.id);
    expect(new Set(ids).size).toBe(ids.length);

    const again = newsroom.announcer.announced.length;
    for (const record of newsroom.records) await project(newsroom, record.after?.articleId ?? '', [record]);
    expect(newsroom.announcer.announced.slice(again)).toEqual(newsroom.announcer.announced.slice(0, again));
  });
});
