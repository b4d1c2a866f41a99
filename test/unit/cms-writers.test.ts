import { describe, expect, test } from '@jest/globals';
import { settingsOf, sourceNamed } from '../../shared/cms/sources.ts';
import type { SourceSettings } from '../../shared/cms/source-settings.ts';
import { cmsWriters } from '../../tools/cli/cms/cms-writers.ts';
import type { CmsAccess, CmsWriter } from '../../tools/cli/cms/cms-writer.ts';
import { WrongUse } from '../../tools/cli/exits.ts';

const story = { title: 'Pressrun test', text: 'A test.' };

function access(name: string, given: Partial<SourceSettings> = {}): CmsAccess {
  const source = sourceNamed(name);
  if (!source) throw new Error(name);
  return { settings: settingsOf(source, { [name]: { url: 'https://cms.example.com/', ...given } }), key: 'a-key' };
}

function writerOf(name: string): CmsWriter {
  const writer = cmsWriters[name];
  if (!writer) throw new Error(name);
  return writer;
}

describe('Strapi', () => {
  const writer = writerOf('strapi');
  const given = access('strapi', { collectionPlural: 'stories', fields: { title: 'headline' } });
  const answer = { data: { id: 7, documentId: 'abc', locale: 'en' }, meta: {} };

  test('publishes, updates and deletes an entry', () => {
    const item = writer.itemIn(answer);
    expect([writer.publish(given, story), writer.update(given, story, item), writer.delete(given, item)]).toEqual([
      {
        method: 'POST',
        url: 'https://cms.example.com/api/stories?status=published',
        headers: { authorization: 'Bearer a-key' },
        body: { data: { headline: 'Pressrun test' } },
      },
      {
        method: 'PUT',
        url: 'https://cms.example.com/api/stories/abc?status=published',
        headers: { authorization: 'Bearer a-key' },
        body: { data: { headline: 'Pressrun test' } },
      },
      {
        method: 'DELETE',
        url: 'https://cms.example.com/api/stories/abc',
        headers: { authorization: 'Bearer a-key' },
      },
    ]);
  });

  test('has the id of the article of its locale', () => {
    expect(writer.idOf(writer.itemIn(answer), given)).toBe('abc.en');
    expect(writer.idOf({ documentId: 'abc', locale: null }, given)).toBe('abc');
    expect(writer.idOf(undefined, given)).toBeUndefined();
  });
});

describe('Directus', () => {
  const writer = writerOf('directus');
  const headers = { authorization: 'Bearer a-key' };

  test('publishes, updates and deletes an item', () => {
    const given = access('directus');
    const item = writer.itemIn({ data: { id: 7 } });
    expect([writer.publish(given, story), writer.update(given, story, item), writer.delete(given, item)]).toEqual([
      {
        method: 'POST',
        url: 'https://cms.example.com/items/articles',
        headers,
        body: { title: 'Pressrun test', status: 'published' },
      },
      { method: 'PATCH', url: 'https://cms.example.com/items/articles/7', headers, body: { title: 'Pressrun test' } },
      { method: 'DELETE', url: 'https://cms.example.com/items/articles/7', headers },
    ]);
    expect(writer.idOf(item, given)).toBe('7');
    expect(writer.idOf(undefined, given)).toBeUndefined();
  });

  test('publishes a translation where the newsroom has languages, and no status where it has none', () => {
    const given = access('directus', { locales: ['en-US', 'fr-FR'], fields: { status: '' } });
    expect(writer.publish(given, story).body).toEqual({
      title: 'Pressrun test',
      translations: [{ languages_code: 'en-US' }],
    });
    expect(writer.idOf({ id: 'd1' }, given)).toBe('d1.en-US');
  });

  test('writes no related entry', () => {
    expect(() => writer.publish(access('directus', { fields: { title: 'translations.title' } }), story)).toThrow(
      WrongUse,
    );
  });
});

describe('WordPress', () => {
  const writer = writerOf('wordpress');
  const given = { ...access('wordpress', { collectionPlural: 'posts, opinion' }), key: 'editor:abcd efgh' };
  const headers = { authorization: `Basic ${Buffer.from('editor:abcd efgh').toString('base64')}` };
  const body = { title: 'Pressrun test', content: '<p>A test.</p>' };

  test('publishes, updates and deletes a post of the first type', () => {
    const item = writer.itemIn({ id: 7, status: 'publish' });
    const url = 'https://cms.example.com/wp-json/wp/v2/posts';
    expect([writer.publish(given, story), writer.update(given, story, item), writer.delete(given, item)]).toEqual([
      { method: 'POST', url, headers, body: { ...body, status: 'publish' } },
      { method: 'POST', url: `${url}/7`, headers, body },
      { method: 'DELETE', url: `${url}/7?force=true`, headers },
    ]);
    expect(writer.idOf(item, given)).toBe('7');
    expect(writer.idOf({ code: 'rest_forbidden' }, given)).toBeUndefined();
  });

  test('takes no password without a user', () => {
    expect(() => writer.publish({ ...given, key: 'abcd efgh' }, story)).toThrow(WrongUse);
  });
});
