import { describe, expect, test } from '@jest/globals';
import type { Command } from '../../../shared/cms/command.ts';
import { settingsOf, sourceNamed } from '../../../shared/cms/sources.ts';
import { wordpressPost } from '../../fixtures/cms/newsroom.ts';
import { noon } from '../story.ts';
import { read, only, newsroom, live } from './newsroom.ts';

describe('WordPress', () => {
  const says = (rest: Record<string, unknown>, more: Record<string, unknown> = {}): unknown => ({
    hook: 'wp_after_insert_post',
    rest,
    new_status: 'publish',
    old_status: null,
    ...more,
  });

  test('reads a story: entities are characters, categories are sections, and the end of the caption is the credit', () => {
    const { detail } = only(read('wordpress', says(wordpressPost(11))));
    expect(detail).toMatchObject({
      path: '/2026/03/story-11',
      article: {
        uri: 'wordpress:main/11',
        versionCreated: '2026-03-02T07:00:00.000Z',
        headlines: [{ value: 'Story 11 – cafés & ports' }],
        descriptions: [{ value: 'Standfirst of 11' }],
        by: 'Jon Bright',
        subjects: [
          { rel: 'section', literal: 'news/world', name: 'World' },
          { rel: 'section', literal: 'business', name: 'Business' },
          { rel: 'about', name: 'Grain' },
          { rel: 'about', name: 'Ports' },
        ],
        associations: [
          { by: 'Getty', headlines: [{ value: 'Alt of 11' }], descriptions: [{ value: 'Caption of 11.' }] },
        ],
      },
    });
    expect(detail.article.associations?.[0]?.renditions?.map(({ width }) => width)).toEqual([768, 1200]);
  });

  test('names the texts in fields of Advanced Custom Fields, which are not shown', () => {
    const acf = { kicker: 'Read all about it', rating: '4', related: [12] };
    expect(only(read('wordpress', says({ ...wordpressPost(11), acf }))).detail).toMatchObject({
      warnings: [{ path: 'rest.acf.kicker', message: 'is not shown: no field in sources names it' }],
    });
    expect(only(read('wordpress', says({ ...wordpressPost(11), acf: [] }))).detail).not.toHaveProperty('warnings');
  });

  test('tells posts of the other sites of a network apart by the number of the site', () => {
    const uris = [undefined, 2, 3, 'x', -1].map(
      (site) => only(read('wordpress', says(wordpressPost(11), { site }))).detail.article.uri,
    );
    expect(uris).toEqual([
      'wordpress:main/11',
      'wordpress:main-2/11',
      'wordpress:main-3/11',
      'wordpress:main/11',
      'wordpress:main/11',
    ]);
  });

  test('ignores transition_post_status, which fires before tags and image are set', () => {
    expect(read('wordpress', says(wordpressPost(11), { hook: 'transition_post_status' }))).toEqual([]);
  });

  test('gives a retry its first sent_at, so that it does not overtake a later edit of the same second', async () => {
    const first = {
      source: 'wordpress',
      body: says(wordpressPost(11, { title: { rendered: 'First' } }), { sent_at: noon / 1000 - 60.5 }),
    };
    const second = {
      source: 'wordpress',
      body: says(wordpressPost(11, { title: { rendered: 'Second' } }), { sent_at: noon / 1000 - 60.2 }),
    };
    expect(live(await newsroom([second, first]))).toEqual({ 'wordpress:main/11': ['Second', 'news/world'] });
  });

  test('takes sent_at as no later than the second of the signature', () => {
    expect(only(read('wordpress', says(wordpressPost(11), { sent_at: noon / 1000 + 3600 }))).detail.receivedAt).toBe(
      noon + 999,
    );
    expect(only(read('wordpress', says(wordpressPost(11), { sent_at: noon / 1000 + 0.5 }))).detail.receivedAt).toBe(
      noon + 500,
    );
  });

  describe('the time of a post', () => {
    const date = noon + 75_000;
    const gmt = (instant: number): string => new Date(instant).toISOString().slice(0, 19);
    const at = (overrides: Record<string, unknown>, now: string, was: string | null, sent: number): Command =>
      only(
        read(
          'wordpress',
          says(wordpressPost(11, { status: now, date_gmt: gmt(date), ...overrides }), {
            new_status: now,
            old_status: was,
            sent_at: sent / 1000,
          }),
          {},
          sent + 40,
        ),
      );

    test('is its date if it was created as scheduled, but a later edit has its own time', () => {
      const created = at({ modified_gmt: gmt(date) }, 'future', null, noon + 222);
      expect(created.detail.article).toMatchObject({
        versionCreated: new Date(noon).toISOString(),
        embargoedUntil: new Date(date).toISOString(),
      });
      const edited = at({ modified_gmt: gmt(noon + 2000) }, 'future', 'future', noon + 2513);
      expect(edited.detail.article.versionCreated).toBe(new Date(noon + 2000).toISOString());
    });

    test.each(['draft', 'trash', 'private', 'deleted'])(
      'is later than its creation when it is moved from its schedule to %s',
      (status) => {
        const withdrawn = at({ modified_gmt: gmt(noon + 2000) }, status, 'future', noon + 2513);
        expect(withdrawn.detail.article.versionCreated).toBe(new Date(noon + 2000).toISOString());
      },
    );

    test('is sent_at if WordPress published it at its date, or deleted it later, since both leave modified_gmt', () => {
      const published = at({ modified_gmt: gmt(noon) }, 'publish', 'future', date + 5_000);
      expect(published.detail.article.versionCreated).toBe(new Date(date + 5_000).toISOString());
      const deleted = at({ modified_gmt: gmt(noon), status: 'publish' }, 'deleted', 'trash', date + 60_000);
      expect(deleted.detail).toMatchObject({
        article: { versionCreated: new Date(date + 60_000).toISOString() },
        revision: 1,
      });
    });

    test('is read from a draft without a date, which is a withdrawal', () => {
      const withdrawn = at(
        { modified_gmt: gmt(noon), date_gmt: '0000-00-00T00:00:00' },
        'draft',
        'publish',
        noon + 500,
      );
      expect(withdrawn).toMatchObject({
        type: 'article.unpublished',
        detail: { article: { versionCreated: new Date(noon).toISOString() } },
      });
    });

    test('is the same in the list and in the webhook', () => {
      const source = sourceNamed('wordpress');
      const post = wordpressPost(11, { date_gmt: gmt(date), modified_gmt: gmt(noon) });
      const listedState = source?.api?.state(post, settingsOf(source, {}), noon);
      const { receivedAt, ...webhooks } = only(
        read('wordpress', says(post, { sent_at: date / 1000 + 3 }), {}, date + 4000),
      ).detail;
      expect(listedState && 'commands' in listedState && only(listedState.commands).detail).toEqual(webhooks);
    });
  });

  describe('a scheduled post without its text, as an earlier plugin sent it without a signed-in user', () => {
    const { title, content, excerpt, _embedded, ...rest } = wordpressPost(11, {
      status: 'future',
      date_gmt: '2026-06-01T07:00:00',
    });

    test('is ignored if new, since readers get it at its date', () => {
      expect(read('wordpress', says(rest, { new_status: 'future' }))).toEqual([]);
    });

    test.each(['publish', 'future'])('withdraws an earlier version (%s)', (was) => {
      expect(only(read('wordpress', says(rest, { new_status: 'future', old_status: was }))).type).toBe(
        'article.unpublished',
      );
    });
  });

  test('reads scheduled, private and password-protected posts, and ignores pages', () => {
    expect(
      only(
        read(
          'wordpress',
          says(wordpressPost(11, { status: 'future', date_gmt: '2026-06-01T07:00:00' }), { new_status: 'future' }),
        ),
      ).detail.article.embargoedUntil,
    ).toBe('2026-06-01T07:00:00.000Z');
    expect(
      only(read('wordpress', says(wordpressPost(11), { new_status: 'private', old_status: 'publish' }))).type,
    ).toBe('article.unpublished');
    expect(
      only(read('wordpress', says(wordpressPost(11, { content: { rendered: '<p>Secret</p>', protected: true } }))))
        .detail.article.bodies,
    ).toBeUndefined();
    expect(read('wordpress', says(wordpressPost(11, { type: 'page' })))).toEqual([]);
  });
});
