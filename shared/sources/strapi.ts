import * as v from 'valibot';
import type { Rendition } from '../article.ts';
import { pictureOf } from '../caption.ts';
import { ninjsOf } from '../cms-story.ts';
import { fieldsOf, patternPath, reading } from '../collection-fields.ts';
import { bearer, isObject, namesPageSize, pageSize, queryOf, within, type Credentials, type ListedPage } from '../source-api.ts';
import {
  anId,
  aTime,
  noSettings,
  nothing,
  optionalNumber,
  optionalText,
  optionalTime,
  parsed,
  revisionBetween,
  uriOf,
  type Reading,
  type Source,
  type SourceSettings,
} from '../source.ts';

const format = v.object({ url: optionalText, width: optionalNumber, height: optionalNumber, mime: optionalText });
const media = v.nullish(
  v.object(
    { ...format.entries, alternativeText: optionalText, caption: optionalText, formats: v.nullish(v.record(v.string(), format)) },
    'must be a single picture',
  ),
);
const identity = { documentId: anId, locale: optionalText, updatedAt: aTime, publishedAt: optionalTime };
const entry = v.looseObject(identity, 'must be an entry');

/** Strapi 5: webhooks of entries, REST API. */
export const strapi: Source = {
  name: 'strapi',
  proof: { kind: 'token', header: 'x-pressrun-token' },
  defaults: {
    ...noSettings,
    url: 'http://localhost:1337',
    collection: 'article',
    collectionPlural: 'articles',
    path: '/{slug}',
    fields: {
      title: 'title',
      standfirst: 'standfirst',
      body: 'body',
      section: 'section',
      tags: 'tags',
      author: 'author',
      picture: 'featureImage',
      caption: 'featureImageCaption',
      credit: 'featureImageCredit',
      // Strapi's own publishedAt moves with every update: a newsroom that minds keeps a field of its own.
      published: '',
      embargo: '',
    },
  },

  read: (payload, settings): Reading => {
    if (!isObject(payload)) return { faults: [{ path: '', message: 'must be a JSON object, as Strapi sends it' }] };
    const { event, model, entry: given, createdAt } = payload;
    if (model !== settings.collection || typeof event !== 'string') return nothing;
    if (event === 'entry.unpublish' || event === 'entry.delete') return gone(given, settings, event, createdAt);
    const isPublished = within(given, 'publishedAt') !== null && within(given, 'publishedAt') !== undefined;
    if (event === 'entry.publish') return live(given, settings, 'article.published', ['entry']);
    // A draft's row is told of in the same words as a published one's.
    return isPublished && (event === 'entry.update' || event === 'entry.create')
      ? live(given, settings, 'article.updated', ['entry'])
      : nothing;
  },

  sample: (documentId, at) => {
    const entry = { documentId, title: 'Test of the Strapi webhook', body: '<p>It works.</p>', updatedAt: at, publishedAt: at };
    return [
      { event: 'entry.publish', model: 'article', entry },
      { event: 'entry.delete', model: 'article', entry },
    ];
  },

  api: {
    list: (settings, credentials, since, page) =>
      request(settings, credentials, {
        sort: 'updatedAt:desc',
        'filters[updatedAt][$gte]': since,
        'pagination[page]': page,
        'pagination[pageSize]': pageSize,
      }),
    byIds: (settings, credentials, ids) =>
      request(settings, credentials, {
        'pagination[pageSize]': ids.length,
        ...Object.fromEntries(ids.map((id, index) => [`filters[documentId][$in][${index}]`, documentIdIn(id)])),
      }),
    one: (settings, credentials, id) => request(settings, credentials, { 'fields[0]': 'documentId' }, `/${documentIdIn(id)}`),
    listed: ({ status, body }): ListedPage | undefined => {
      const data = within(body, 'data');
      if (status !== 200 || !Array.isArray(data)) return undefined;
      const pages = within(body, 'meta', 'pagination');
      const [page, pageCount] = [Number(within(pages, 'page') ?? 1), Number(within(pages, 'pageCount') ?? 1)];
      return { items: data, isLast: page >= pageCount, total: Number(within(pages, 'total') ?? data.length) };
    },
    state: (item, settings) => live(item, settings, 'article.published', []),
    isGone: ({ status, body }) => status === 404 && within(body, 'error', 'name') === 'NotFoundError',
    names: ({ url, fields }, credentials, page) =>
      [fields['tags'], fields['author']]
        .filter((name) => name !== undefined && name !== '')
        .map((name) => ({
          url: `${url}/api/${name?.replace(/s?$/, 's') ?? ''}?${queryOf({ 'pagination[pageSize]': namesPageSize, 'pagination[page]': page })}`,
          headers: bearer(credentials),
        })),
  },
};

function request(
  { url, collectionPlural }: SourceSettings,
  credentials: Credentials,
  parameters: Readonly<Record<string, string | number>>,
  under = '',
) {
  return { url: `${url}/api/${collectionPlural}${under}?${queryOf({ populate: '*', ...parameters })}`, headers: bearer(credentials) };
}

/** One document has an entry for each language: each is a story of its own. */
function idOf({ documentId, locale }: { readonly documentId: string; readonly locale?: string | null | undefined }): string {
  return locale ? `${documentId}.${locale}` : documentId;
}

function documentIdIn(id: string): string {
  return id.split('.')[0] ?? id;
}

function live(given: unknown, settings: SourceSettings, type: 'article.published' | 'article.updated', under: readonly string[]): Reading {
  const read = parsed(entry, given, under);
  if ('faults' in read) return read;
  const { value } = read;
  const fields = fieldsOf(value, settings, under);
  return reading([...fields.faults(['picture', media])], () => {
    const picture = fields.as('picture', media);
    const embargo = fields.time('embargo');
    const article = ninjsOf({
      uri: uriOf(strapi.name, settings, idOf(value)),
      updated: value.updatedAt,
      published: embargo ?? fields.time('published'),
      isScheduled: embargo !== undefined,
      language: value.locale,
      ...fields.story(),
      pictures: picture
        ? pictureOf({
            renditions: renditionsOf(picture, settings),
            alt: picture.alternativeText,
            caption: fields.text('caption') ?? picture.caption,
            credit: fields.text('credit'),
          })
        : [],
    });
    // Publishing anew moves publishedAt alone: it tells the later of two states of one updatedAt.
    const revision = revisionBetween(value.updatedAt, value.publishedAt);
    return [{ type, detail: { article, ...patternPath(value, settings), ...(revision > 0 && { revision }) } }];
  });
}

/** It was published at `updatedAt` and withdrawn at the event's own time. */
function gone(given: unknown, settings: SourceSettings, event: string, at: unknown): Reading {
  const read = parsed(v.object(identity, 'must be an entry'), given, ['entry']);
  if ('faults' in read) return read;
  const { value } = read;
  const revision = Math.max(
    revisionBetween(value.updatedAt, typeof at === 'string' ? at : undefined),
    revisionBetween(value.updatedAt, value.publishedAt) + 1,
  );
  const article = { uri: uriOf(strapi.name, settings, idOf(value)), versionCreated: value.updatedAt };
  return { commands: [{ type: event === 'entry.delete' ? 'article.deleted' : 'article.unpublished', detail: { article, revision } }] };
}

function renditionsOf(
  picture: v.InferOutput<typeof format> & { readonly formats?: Record<string, v.InferOutput<typeof format>> | null | undefined },
  { url }: SourceSettings,
): Rendition[] {
  const all = [...Object.entries(picture.formats ?? {}), ['original', picture] as const];
  return all.flatMap(([name, { url: href, width, height, mime }]) =>
    href
      ? [
          {
            name,
            href: URL.parse(href, url)?.href ?? href,
            ...(mime && { contentType: mime }),
            ...(width && Number.isInteger(width) && { width }),
            ...(height && Number.isInteger(height) && { height }),
          },
        ]
      : [],
  );
}
