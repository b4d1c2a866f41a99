import { describe, expect, test } from '@jest/globals';
import { ninjsOf, pathOf, type GivenStory } from '../../shared/cms/cms-story.ts';

const updated = '2026-05-01T12:00:00.000Z';
const earlier = '2026-05-01T10:00:00.000Z';
const later = '2026-05-01T18:00:00.000Z';
const bare: GivenStory = {
  uri: 'cms:main/1',
  updated,
  publication: { state: 'published' },
  sections: [],
  topics: [],
  genres: [],
  authors: [],
  pictures: [],
};
const bareItem = {
  uri: 'cms:main/1',
  type: 'text',
  versionCreated: updated,
  pubStatus: 'usable',
  headlines: [{ role: 'main', value: '' }],
};

describe('the ninjs item of a story', () => {
  test('has every field that the CMS has', () => {
    const picture = { type: 'picture', renditions: [{ href: 'https://pictures.example.com/a.jpg' }] };
    const story: GivenStory = {
      ...bare,
      publication: { state: 'published', since: earlier },
      language: 'en',
      title: 'The bridge',
      standfirst: '<p>It is <em>open</em></p>',
      html: '<p>At dawn.</p>',
      sections: [{ literal: 'news/local', name: 'Local' }],
      topics: ['Bridges'],
      genres: ['Explainer'],
      authors: ['Ada Marlow', 'Jon Bright'],
      pictures: [picture],
    };
    expect(ninjsOf(story)).toStrictEqual({
      ...bareItem,
      firstPublished: earlier,
      language: 'en',
      headlines: [{ role: 'main', value: 'The bridge' }],
      descriptions: [{ role: 'standfirst', contentType: 'text/plain', value: 'It is open' }],
      bodies: [{ role: 'main', contentType: 'text/html', value: '<p>At dawn.</p>' }],
      by: 'Ada Marlow, Jon Bright',
      people: [
        { rel: 'author', name: 'Ada Marlow' },
        { rel: 'author', name: 'Jon Bright' },
      ],
      subjects: [
        { rel: 'section', literal: 'news/local', name: 'Local' },
        { rel: 'about', name: 'Bridges' },
      ],
      genres: [{ name: 'Explainer' }],
      associations: [picture],
    });
  });

  test('leaves out fields that are absent, null, empty or blank', () => {
    expect(ninjsOf(bare)).toStrictEqual(bareItem);
    expect(ninjsOf({ ...bare, language: null, title: null, standfirst: null, html: null })).toStrictEqual(bareItem);
    expect(ninjsOf({ ...bare, language: '', title: '', standfirst: ' <p></p>', html: '' })).toStrictEqual(bareItem);
    const blank: Partial<GivenStory> = {
      sections: [{ literal: ' ', name: 'x' }],
      topics: [' '],
      genres: [' '],
      authors: [' '],
    };
    expect(ninjsOf({ ...bare, ...blank })).toStrictEqual(bareItem);
    expect(ninjsOf({ ...bare, genres: [' ', 'Analysis'], authors: ['', 'Ada'], topics: ['', 'Grain'] })).toMatchObject({
      genres: [{ name: 'Analysis' }],
      by: 'Ada',
      people: [{ rel: 'author', name: 'Ada' }],
      subjects: [{ rel: 'about', name: 'Grain' }],
    });
  });

  test('has firstPublished if the CMS names it and it is not in the future', () => {
    expect(ninjsOf({ ...bare, publication: { state: 'published', since: updated } }).firstPublished).toBe(updated);
    expect(ninjsOf({ ...bare, publication: { state: 'published', since: later } })).toStrictEqual(bareItem);
  });

  test('has an embargo until its date if the CMS has scheduled it', () => {
    expect(ninjsOf({ ...bare, publication: { state: 'scheduled', at: later } })).toStrictEqual({
      ...bareItem,
      embargoedUntil: later,
    });
    expect(ninjsOf({ ...bare, publication: { state: 'scheduled', at: earlier } })).toStrictEqual({
      ...bareItem,
      embargoedUntil: earlier,
    });
  });
});

describe('the path of an address', () => {
  test.each([
    ['https://www.example.com/news/a-story?utm=1#top', '/news/a-story'],
    ['/news/a-story/', '/news/a-story'],
    ['news/a-story', '/news/a-story'],
  ])('%s', (address, path) => {
    expect(pathOf(address)).toStrictEqual({ path });
  });

  test.each([undefined, null, '', 'https://www.example.com/', 'https://', '/feeds/latest', `/${'x'.repeat(400)}`])(
    'is absent for %s',
    (address) => {
      expect(pathOf(address)).toStrictEqual({});
    },
  );
});
