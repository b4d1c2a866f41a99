import { addressOf, namesPageSize, pageSize, within, type ApiRequest, type ListedPage } from '../source-api.ts';
import type { SourceApi } from '../source.ts';
import type { SourceSettings } from '../source-settings.ts';
import { ids } from './wordpress-post.ts';

/** How to query WordPress's REST API; how to read a post in it is the same as in a webhook. */
export const wordpressApi: Omit<SourceApi, 'state'> = {
  id: ids,
  // A scheduled post is published at its date, but its "modified" time is the editor's last save, so these posts are
  // a list of their own.
  list: (settings, { key }, since, page) =>
    (Date.parse(since) > 0 ? ['modified', 'date'] : ['modified']).flatMap((field) =>
      requests(settings, key, {
        _embed: 1,
        per_page: pageSize,
        page,
        // Many posts of an import have the same time, and the database orders these differently on each page.
        orderby: 'id',
        order: 'desc',
        // The whole archive is listed without a time: WordPress treats the first second of 1970 as no date and
        // answers 400.
        ...(Date.parse(since) > 0 && { [field === 'modified' ? 'modified_after' : 'after']: earlier(since) }),
      }),
    ),
  byIds: (settings, { key }, ids) =>
    requests(settings, key, { _embed: 1, per_page: ids.length, include: ids.join(',') }),
  // Ids are of all types of posts together.
  one: (settings, { key }, id) => requests(settings, key, { _fields: 'id,status' }, [id]),
  listed: ({ status, headers, body }): ListedPage | undefined => {
    // A page after the last is an error, and an empty list has no pages.
    if (status === 400 && within(body, 'code') === 'rest_post_invalid_page_number')
      return { items: [], isLast: true, total: 0 };
    if (status !== 200 || !Array.isArray(body)) return undefined;
    return { items: body, isLast: body.length < pageSize, total: Number(headers['x-wp-total'] ?? body.length) };
  },
  isGone: ({ status, body }) => {
    const code = within(body, 'code');
    if (status === 200) return typeof within(body, 'status') === 'string' && within(body, 'status') !== 'publish';
    // Drafts and trash are forbidden to anonymous requests.
    return (
      (status === 404 && code === 'rest_post_invalid_id') ||
      ((status === 401 || status === 403) && code === 'rest_forbidden')
    );
  },
  names: (settings, { key }, page) =>
    requests({ ...settings, collectionPlural: 'categories,tags,users' }, key, {
      per_page: namesPageSize,
      page,
      _fields: 'id,name,slug,link',
    }),
};

/** Returns a request to each of the collections. */
function requests(
  { url, collectionPlural }: SourceSettings,
  key: string | undefined,
  parameters: Readonly<Record<string, string | number>>,
  steps: readonly string[] = [],
): ApiRequest[] {
  return namesIn(collectionPlural).map((name) => ({
    url: addressOf(url, ['wp-json', 'wp', 'v2', name, ...steps], parameters),
    headers: authorization(key),
  }));
}

/** Returns the names in a setting that may have several. */
export function namesIn(collections: string): string[] {
  return collections.split(',').map((name) => name.trim());
}

/** Returns the header of an application password, `user:password`. Anonymous requests can list published posts. */
export function authorization(key: string | undefined): Record<string, string> {
  return key === undefined ? {} : { authorization: `Basic ${Buffer.from(key).toString('base64')}` };
}

/** `modified_after` excludes the given second and is compared with the site's local time, so a day is subtracted. */
function earlier(since: string): string {
  return new Date(Date.parse(since) - 86_400_000).toISOString().slice(0, 19);
}
