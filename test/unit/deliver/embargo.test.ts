import { describe, expect, test } from '@jest/globals';
import { deliver } from '../../../functions/deliver/deliver.ts';
import type { Response } from '../../../functions/deliver/http.ts';
import { articleIdOf } from '../../../shared/article/article.ts';
import { theme } from '../newspaper.ts';
import { noon } from '../story.ts';
import { harbour, at, Site, site } from './site.ts';

describe('an embargoed story', () => {
  const everywhere = [
    '/news/secret',
    `/articles/${harbour}`,
    `/articles/${harbour}/harbour-bridge-reopens-after-storm-repairs`,
    `/articles/${harbour}.json`,
    '/feeds/latest.json',
    '/feeds/latest.rss',
    '/feeds/latest.atom',
    '/feeds/section/news/local.json',
    '/latest',
    '/',
    '/section/news/local',
    '/topic/bridges',
    '/author/ada-marlow',
    '/genre/explainer',
    '/feeds/topic/bridges.atom',
  ];

  test('is answered, byte for byte, as if it did not exist, at every address that it will have', async () => {
    const withSecret = await site().publish({ embargoedUntil: at(600) }, { path: '/news/secret' });
    const withNothing = site();
    for (const path of everywhere) expect(await withSecret.get(path)).toEqual(await withNothing.get(path));
  });

  test('changes no feed and no page of other stories, and takes no path from them', async () => {
    const other = { uri: 'urn:newsroom:other', headlines: [{ value: 'Other' }] };
    const withSecret = await (
      await site().publish({ embargoedUntil: at(600) }, { path: '/news/secret' })
    ).publish(other, { path: '/news/secret' });
    const withOther = site();
    withOther.clock.time = withSecret.clock.time - 10;
    await withOther.publish(other, { path: '/news/secret' });
    for (const path of [...everywhere, `/articles/${articleIdOf(other.uri)}.json`])
      expect(await withSecret.get(path)).toEqual(await withOther.get(path));
  });

  test('as the new version of a public story, changes nothing that is public', async () => {
    const newsroom = await site().publish({}, { path: '/news/bridge' });
    const before = await Promise.all(['/news/bridge', ...everywhere].map(async (path) => newsroom.get(path)));
    await newsroom.publish(
      {
        versionCreated: at(5),
        embargoedUntil: at(600),
        headlines: [{ value: 'Secret' }],
        subjects: [{ rel: 'section', literal: 'secret' }],
      },
      { path: '/news/secret-path' },
    );
    expect(await Promise.all(['/news/bridge', ...everywhere].map(async (path) => newsroom.get(path)))).toEqual(before);
    expect((await newsroom.get('/news/secret-path')).status).toBe(404);
    expect((await newsroom.get('/section/secret')).status).toBe(404);
  });

  test('is public once its embargo has ended', async () => {
    const newsroom = await site().publish({ embargoedUntil: at(600) }, { path: '/news/secret' });
    newsroom.clock.time = noon + 600 * 60_000;
    await newsroom.wake(harbour);
    expect((await newsroom.get('/news/secret')).status).toBe(200);
    expect((await newsroom.get(`/articles/${harbour}.json`)).status).toBe(200);
  });
});

describe('an association that may not be shown yet', () => {
  const picture = (name: string, more: object): object => ({
    type: 'picture',
    name,
    uri: `urn:p:${name}`,
    headlines: [{ value: `alt of ${name}` }],
    descriptions: [{ role: 'caption', contentType: 'text/plain', value: `caption of ${name}` }],
    renditions: [
      { name: 'o', href: `https://x.example/${name}.jpg`, contentType: 'image/jpeg', width: 900, height: 600 },
    ],
    ...more,
  });
  const urls = [
    '/news/bridge',
    `/articles/${harbour}.json`,
    '/feeds/latest.json',
    '/feeds/latest.rss',
    '/feeds/latest.atom',
    '/latest',
    '/',
    '/sitemap-news.xml',
  ];
  const everything = async (newsroom: Site): Promise<string> => {
    const ports = newsroom.with({ theme: { ...theme, feeds: { text: 'full' } } });
    const get = async (path: string): Promise<Response> =>
      deliver(ports, { method: 'GET', path, query: new URLSearchParams(), host: 'www.example.com' });
    const answers = await Promise.all(urls.map(get));
    return answers.map(({ headers, body }) => JSON.stringify([headers, body])).join(' ');
  };

  test('is shown nowhere before its embargo ends and everywhere after it, with an announcement, a purge and the next scheduled settle', async () => {
    const newsroom = await site().publish(
      {
        bodies: [
          {
            contentType: 'text/html',
            value: '<p>Text.</p><figure><img src="https://x.example/embargoed.jpg" alt="" /></figure>',
          },
        ],
        associations: [
          picture('embargoed', { embargoedUntil: at(70), associations: [picture('inner', { expires: at(80) })] }),
          picture('canceled', { pubStatus: 'canceled' }),
          picture('withheld', { pubStatus: 'withheld' }),
        ] as never,
      },
      { path: '/news/bridge' },
    );
    const before = await newsroom.head();
    expect(newsroom.settleSchedule.calls).toContainEqual({ articleId: harbour, instant: noon + 70 * 60_000 });
    expect(await everything(newsroom)).not.toMatch(/(?: of |\/)(?:embargoed|inner|canceled|withheld)/);
    expect(before.card?.picture).toBeUndefined();

    newsroom.clock.time = noon + 70 * 60_000;
    await newsroom.wake(harbour);
    const after = await newsroom.head();
    expect(after.seq).toBeGreaterThan(before.seq);
    expect(after.card?.picture?.href).toBe('https://x.example/embargoed.jpg');
    expect(newsroom.announcer.announced.at(-2)).toMatchObject({ type: 'article.revised', detail: { seq: after.seq } });
    expect(newsroom.purgeRequests.asked.at(-1)?.tags).toEqual(
      expect.arrayContaining([`article:${harbour}`, 'feed:latest']),
    );
    expect(newsroom.settleSchedule.calls).toContainEqual({ articleId: harbour, instant: noon + 80 * 60_000 });
    const shown = await everything(newsroom);
    for (const word of ['caption of embargoed', 'inner.jpg']) expect(shown).toContain(word);
    expect(shown).not.toMatch(/(?: of |\/)(?:canceled|withheld)/);

    newsroom.clock.time = noon + 80 * 60_000;
    expect(await everything(newsroom)).not.toMatch(/(?: of |\/)inner/);
    await newsroom.wake(harbour);
    expect((await newsroom.head()).seq).toBeGreaterThan(after.seq);
  });

  test('is no related story while it is embargoed', async () => {
    const newsroom = await site().publish({
      uri: 'urn:other',
      headlines: [{ value: 'Other story' }],
      subjects: [],
    });
    await newsroom.publish(
      { associations: [{ type: 'text', uri: 'urn:other', embargoedUntil: at(90) }] },
      { path: '/news/bridge' },
    );
    expect((await newsroom.get('/news/bridge')).body).not.toContain('Other story');
    newsroom.clock.time = noon + 90 * 60_000;
    await newsroom.wake(harbour);
    expect((await newsroom.get('/news/bridge')).body).toContain('Other story');
  });
});
