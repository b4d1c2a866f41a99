import { describe, expect, test } from '@jest/globals';
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { story } from '../story.ts';
import { harbour, bridgeTags, pageLifetime, site, json, textOf } from './site.ts';

describe('an article’s JSON', () => {
  test('is ninjs with the additions of Pressrun', async () => {
    const newsroom = await site().publish({}, { path: '/news/bridge' });
    const response = await newsroom.get(`/articles/${harbour}.json`);
    const { seq } = await newsroom.head();
    expect(response.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': pageLifetime,
      'x-amz-meta-cache-tag': `article:${harbour},${bridgeTags}`,
    });
    expect(json(response)).toMatchObject({
      uri: 'urn:newsroom:harbour-bridge',
      versionCreated: '2026-05-01T12:00:00.000Z',
      headlines: story().headlines as unknown,
      bodies: story().bodies as unknown,
      _pressrun: {
        articleId: harbour,
        path: '/news/bridge',
        seq,
        firstPublished: '2026-05-01T12:00:00.000Z',
        updated: '2026-05-01T12:00:00.000Z',
      },
    });
  });

  test('has no note to the desk, at any depth', async () => {
    const newsroom = await site().publish({
      edNote: 'Confidential',
      associations: [
        {
          type: 'picture',
          edNote: 'Confidential',
          associations: [{ type: 'picture', edNote: 'Confidential' }],
          renditions: [{ href: 'https://pictures.example.com/a.jpg', edNote: 'Confidential' }],
        } as object,
      ],
    });
    expect((await newsroom.get(`/articles/${harbour}.json`)).body).not.toMatch(/confidential|edNote/i);
  });

  test('and every page and feed are free of notes to the desk', async () => {
    const newsroom = await site().publish(
      {
        edNote: 'Confidential',
        associations: [
          {
            type: 'picture',
            edNote: 'Confidential',
            renditions: [{ href: 'https://pictures.example.com/a.jpg' }],
          } as object,
        ],
      },
      { path: '/news/bridge' },
    );
    for (const path of ['/news/bridge', '/feeds/latest.json', '/feeds/latest.rss', '/feeds/latest.atom', '/latest'])
      expect((await newsroom.get(path)).body).not.toMatch(/confidential/i);
  });

  test('has only listed fields, also for versions that were stored before there was a list', async () => {
    const newsroom = await site().publish();
    const { version = '' } = await newsroom.head();
    const stored = newsroom.articles.versions.get(harbour)?.get(version);
    if (!stored) throw new Error('nothing is stored');
    Object.assign(stored.content.article, {
      edNote: 'Confidential',
      firstPublished: 'Confidential',
      people: [{ name: 'Ada', contactInfo: [{ value: 'Confidential' }] }],
      plannedCoverage: [{ title: 'Confidential' }],
    });
    const { body } = await newsroom.get(`/articles/${harbour}.json`);
    expect(body).not.toMatch(/confidential/i);
    expect(JSON.parse(body)).toMatchObject({ people: [{ name: 'Ada' }] });
  });

  test('has no null', async () => {
    expect(
      (await (await site().publish({ copyrightHolder: undefined })).get(`/articles/${harbour}.json`)).body,
    ).not.toContain('null');
  });

  test.each([
    'Übergröße in Zürich: „Straße“',
    'Smörgåsbord på Öland',
    'Blåbærsyltetøy på Ås',
    '港口大桥在暴风雨修复后重新开放',
    'الجسر',
    '👩‍👩‍👧‍👦 & <b>',
  ])('has %s unchanged, as page and feeds have', async (headline) => {
    const newsroom = await site().publish({ headlines: [{ value: headline }] }, { path: '/p' });
    expect(json(await newsroom.get(`/articles/${harbour}.json`))).toMatchObject({ headlines: [{ value: headline }] });
    expect(textOf((await newsroom.get('/p')).body)).toContain(headline);
    expect(textOf((await newsroom.get('/latest')).body)).toContain(headline);
    expect(parseJsonFeed(json(await newsroom.get('/feeds/latest.json'))).items?.[0]?.title).toBe(headline);
    expect(parseRssFeed((await newsroom.get('/feeds/latest.rss')).body).items?.[0]?.title).toBe(headline);
    expect(parseAtomFeed((await newsroom.get('/feeds/latest.atom')).body).entries?.[0]?.title?.value).toBe(headline);
  });
});
