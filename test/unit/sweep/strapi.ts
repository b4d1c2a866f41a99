import { beforeEach, describe, expect, test } from '@jest/globals';
import { strapiEntry, type Delivery } from '../../fixtures/cms/newsroom.ts';
import { Newsroom } from './newsroom.ts';

describe('a sweep of Strapi', () => {
  const says = (event: string, entry: Record<string, unknown>): Delivery => ({
    source: 'strapi',
    body: { event, createdAt: '2026-03-02T10:00:00.000Z', model: 'article', entry },
  });
  const [english, french] = [
    strapiEntry(1, 'both', { locale: 'en', title: 'The pier' }),
    strapiEntry(2, 'both', { locale: 'fr', title: 'La jet\u00e9e', slug: 'la-jetee' }),
  ] as const;
  const norwegian = strapiEntry(3, 'only', { locale: 'nb-NO', title: 'Bare norsk', slug: 'bare-norsk' });
  let lists: { strapi: Record<string, unknown>[] };
  let newsroom: Newsroom;

  beforeEach(async () => {
    lists = { strapi: [english, french, norwegian] };
    newsroom = new Newsroom(lists);
    for (const entry of lists.strapi) await newsroom.hear(says('entry.publish', entry));
  });

  const uris = (): string[] => Object.keys(newsroom.live()).sort();

  test('does not withdraw a document that the default locale does not have', async () => {
    for (const wholeArchive of [false, true])
      expect(await newsroom.sweep('strapi', { wholeArchive })).toMatchObject({ sent: 0, withdrawn: 0 });
    expect(uris()).toEqual(['strapi:main/both.en', 'strapi:main/both.fr', 'strapi:main/only.nb-NO']);
  });

  test.each([
    ['en', 'strapi:main/both.fr'],
    ['fr', 'strapi:main/both.en'],
  ])('leaves a document live in the other locale if it was unpublished in %s', async (locale, other) => {
    lists.strapi.splice(
      lists.strapi.findIndex((entry) => entry['locale'] === locale),
      1,
    );
    expect((await newsroom.sweep('strapi')).withdrawn).toBe(1);
    expect(uris()).toEqual([other, 'strapi:main/only.nb-NO']);
    expect((await newsroom.sweep('strapi')).sent).toBe(0);
  });

  test('finds lost changes in every locale, even of drafts that were saved before the last sweep', async () => {
    await newsroom.sweep('strapi');
    const later = {
      updatedAt: '2026-03-02T08:30:00.000Z',
      publishedAt: new Date(newsroom.pipeline.clock.time).toISOString(),
    };
    lists.strapi.push(strapiEntry(4, 'lost', { locale: 'fr', title: 'Perdu', slug: 'perdu', ...later }));
    expect((await newsroom.sweep('strapi')).sent).toBe(1);
    expect(newsroom.live()['strapi:main/lost.fr']?.[0]).toBe('Perdu');
  });

  test('leaves a story live that was published again, even if the webhook of its withdrawal arrives last', async () => {
    const { time } = newsroom.pipeline.clock;
    const [withdrawnAt, publishedAt] = [new Date(time).toISOString(), new Date(time + 1000).toISOString()];
    lists.strapi.splice(0, 1, { ...english, publishedAt });
    expect((await newsroom.sweep('strapi')).sent).toBe(1);
    const late = says('entry.unpublish', english);
    await newsroom.hear({ ...late, body: { ...(late.body as object), createdAt: withdrawnAt } });
    expect(uris()).toContain('strapi:main/both.en');
    expect((await newsroom.sweep('strapi')).sent).toBe(0);
  });
});
