import { translationsField } from '../../../shared/cms/sources/directus-translations.ts';
import { addressOf, bearer, within } from '../../../shared/cms/source-api.ts';
import type { CmsAccess, CmsWriter, TestStory, WriteRequest } from './cms-writer.ts';
import { ownField } from './own-field.ts';

/** The REST API of Directus. */
export const directus: CmsWriter = {
  keyHint: 'the static token of a user who may create, read, update and delete the articles (User Directory → Token)',
  publish: (access, story) => {
    const [locale] = access.settings.locales;
    return request(access, 'POST', [], story, {
      ...(access.settings.fields['status'] && { [access.settings.fields['status']]: 'published' }),
      // A story without a translation is no article.
      ...(locale !== undefined && { [translationsField]: [{ languages_code: locale }] }),
    });
  },
  update: (access, story, item) => request(access, 'PATCH', [idIn(item)], story),
  delete: (access, item) => request(access, 'DELETE', [idIn(item)]),
  itemIn: (body) => within(body, 'data'),
  idOf: (item, { settings: { locales } }) => {
    const id = idIn(item);
    return id === '' ? undefined : [id, ...locales.slice(0, 1)].join('.');
  },
  delivery: {
    publish: 'a Flow for items.create',
    update: 'a Flow for items.update',
    delete: 'a Flow for items.delete',
  },
  failures: 'The Logs of the Flow have the answer to each request, and what failed before it.',
};

function request(
  { settings, key }: CmsAccess,
  method: WriteRequest['method'],
  id: readonly string[],
  story?: TestStory,
  more: Readonly<Record<string, unknown>> = {},
): WriteRequest {
  return {
    method,
    url: addressOf(settings.url, ['items', settings.collection, ...id]),
    headers: bearer({ key }),
    // The body is left out, because it may be of the Block Editor.
    ...(story && { body: { [ownField(settings, 'title')]: story.title, ...more } }),
  };
}

/** Ids are texts or numbers. */
function idIn(item: unknown): string {
  const id = within(item, 'id');
  return typeof id === 'string' || typeof id === 'number' ? String(id) : '';
}
