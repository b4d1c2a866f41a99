import * as v from 'valibot';
import { fieldsOf } from '../collection-fields.ts';
import { nothing, readAll, type Command, type ReadResult } from '../command.ts';
import { entryWith } from '../field-paths.ts';
import { idGrammars } from '../ids.ts';
import { isoOf, parsed } from '../payload-schema.ts';
import {
  addressOf,
  bearer,
  isObject,
  namesPageSize,
  pageSize,
  within,
  type Credentials,
  type ListedPage,
} from '../source-api.ts';
import { noSettings, type SourceSettings } from '../source-settings.ts';
import type { Source } from '../source.ts';
import { fieldsToRead, namedCollections, stepsTo } from './directus-fields.ts';
import { directusName, id, isShown, state, statusField, statusIn, withdrawals, words } from './directus-item.ts';
import { itemIdOf, translationsField } from './directus-translations.ts';

/** The maximum number of items in one request of a Flow: those that a person selected in a list. */
const maxItems = 1000;
const tooMany = `must hold at most ${maxItems}`;
const keys = v.pipe(
  v.array(id, 'must be an array of ids'),
  v.transform((given) => [...new Set(given)]),
  v.maxLength(maxItems, tooMany),
);

/** Directus 11 and 12: Flows that send the trigger (for deletes) or the items read after it, and the REST API. */
export const directus: Source = {
  name: directusName,
  authentication: { kind: 'token', header: 'x-pressrun-token' },
  hidesScheduled: true,
  defaults: {
    ...noSettings,
    url: 'http://localhost:8055',
    collection: 'articles',
    collectionPlural: 'articles',
    path: '/{slug}',
    fields: {
      // Empty if the collection has no status: then everything that the Flow sends is published.
      status: 'status',
      title: 'title',
      standfirst: 'standfirst',
      body: 'body',
      section: 'section',
      tags: 'tags',
      author: 'author',
      picture: 'image',
      caption: 'image_caption',
      credit: 'image_credit',
      canonical: 'canonical_url',
      published: 'published_at',
      embargo: '',
      alt: 'image_alt',
    },
  },

  // A Flow sends many items in one request and does not retry, so an unreadable item must not block the others.
  divide: (payload, settings, { receivedAt }) => {
    const event = within(payload, 'event');
    if (typeof event === 'string') return { stories: [() => triggered(event, payload, settings, receivedAt)] };
    // One or many items of "read data".
    const given = Array.isArray(payload)
      ? payload
      : Array.isArray(within(payload, 'data'))
        ? (within(payload, 'data') as unknown[])
        : undefined;
    if (given === undefined) return { stories: [() => state(payload, settings, 'article.updated', [])] };
    if (given.length > maxItems) return { issues: [{ path: Array.isArray(payload) ? '' : 'data', message: tooMany }] };
    return {
      stories: given.map((each, index) => () => state(each, settings, 'article.updated', [String(index)])),
    };
  },

  read: (payload, settings, arrival) => readAll(directus.divide?.(payload, settings, arrival)),

  sample: (id, at, settings = directus.defaults) => {
    const { collection, locales } = settings;
    const fields = entryWith(settings, {
      status: words.published,
      title: 'Test of the Directus Flow',
      body: '<p>It works.</p>',
      embargo: null,
    });
    const rows = locales.slice(0, 1).map((languages_code) => {
      const below = fields[translationsField];
      return { ...(isObject(below) && below), languages_code };
    });
    return [
      { body: { id, ...fields, ...(rows.length > 0 && { [translationsField]: rows }), date_updated: at } },
      { body: { event: `${collection}.items.delete`, collection, keys: [id] } },
    ];
  },

  api: {
    id: idGrammars.directus,
    list: (settings, credentials, since, page) => [
      request(settings, credentials, {
        sort: '-date_updated,-date_created',
        limit: pageSize,
        page,
        meta: 'filter_count',
        filter: JSON.stringify({ _or: [{ date_updated: { _gte: since } }, { date_created: { _gte: since } }] }),
      }),
    ],
    byIds: (settings, credentials, ids) => [
      request(settings, credentials, {
        limit: ids.length,
        filter: JSON.stringify({ id: { _in: [...new Set(ids.map((id) => itemIdOf(id, settings)))] } }),
      }),
    ],
    one: (settings, credentials, id) => [
      request(
        settings,
        credentials,
        { fields: ['id', statusField(settings)].filter((name) => name !== '').join(',') },
        [itemIdOf(id, settings)],
      ),
    ],
    listed: ({ status, body }): ListedPage | undefined => {
      const data = within(body, 'data');
      if (status !== 200 || !Array.isArray(data)) return undefined;
      return {
        items: data,
        isLast: data.length < pageSize,
        total: Number(within(body, 'meta', 'filter_count') ?? data.length),
      };
    },
    state: (given, settings) => {
      const read = state(given, settings, 'article.published', []);
      if ('issues' in read || !read.commands.some(({ type }) => type === 'article.published')) return read;
      // The Flow reads with full access. With a key that may read less, a sweep would remove fields that the Flow sent.
      const unread = fieldsOf(isObject(given) ? given : {}, settings, []).unread(
        'let the role of the API key read the entries',
        ['section', 'tags', 'author', 'picture'],
      );
      return unread.length > 0 ? { issues: unread } : read;
    },
    isGone: ({ status, body }, settings) => {
      const itemStatus = within(body, 'data', statusField(settings));
      if (status === 200) return itemStatus !== undefined && !isShown(itemStatus);
      // Directus gives the same answer for a forbidden item and for a missing one.
      return status === 403 && within(body, 'errors', 0, 'extensions', 'code') === 'FORBIDDEN';
    },
    names: (settings, credentials, page) =>
      namedCollections(settings).map((collection) => ({
        url: addressOf(settings.url, stepsTo(collection), { limit: namesPageSize, page, fields: '*' }),
        headers: bearer(credentials),
      })),
  },
};

function request(
  settings: SourceSettings,
  credentials: Credentials,
  parameters: Readonly<Record<string, string | number>>,
  steps: readonly string[] = [],
) {
  const { url, collection } = settings;
  return {
    url: addressOf(url, ['items', collection, ...steps], { fields: fieldsToRead(settings).join(','), ...parameters }),
    headers: bearer(credentials),
  };
}

/**
 * Reads the trigger itself: the changed fields, and the ids of any number of items. Only complete items can be stories,
 * and "read data" sends those.
 */
function triggered(event: string, payload: unknown, settings: SourceSettings, receivedAt: number): ReadResult {
  if (within(payload, 'collection') !== settings.collection) return nothing;
  const change = within(payload, 'payload');
  const at = new Date(receivedAt).toISOString();
  if (event.endsWith('.items.delete')) return each(within(payload, 'keys'), settings, 'article.deleted', at);
  // Directus' times have whole seconds, so an item that is published again in the same second gets a higher revision.
  const status = statusIn(change, settings);
  if (event.endsWith('.items.update') && status !== undefined && !isShown(status))
    return each(within(payload, 'keys'), settings, 'article.unpublished', `${at.slice(0, 19)}.000Z`);
  const embargo = settings.fields['embargo'];
  // The trigger has no rows of translations.
  const isWhole = isObject(change) && settings.locales.length === 0;
  const isPublication = isWhole && status === words.published && (!embargo || change[embargo] !== undefined);
  if (event.endsWith('.items.create') && isPublication) {
    // The trigger has no time of its own. The item's publication time serves if it is in the past.
    const named = change[settings.fields['published'] ?? ''];
    const published = typeof named === 'string' ? isoOf(named) : undefined;
    const created = published !== undefined && published < at ? published : at;
    return state({ date_created: created, ...change, id: within(payload, 'key') }, settings, 'article.published', [
      'payload',
    ]);
  }
  return nothing;
}

function each(given: unknown, settings: SourceSettings, type: Command['type'], versionCreated: string): ReadResult {
  const read = parsed(keys, given, ['keys']);
  if ('issues' in read) return read;
  return {
    commands: read.value.flatMap((id) => withdrawals(id, settings, type, versionCreated)),
  };
}
