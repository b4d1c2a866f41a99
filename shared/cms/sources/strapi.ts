import * as v from 'valibot';
import type { Rendition } from '../../article/article.ts';
import { pictureOf, renditionOf } from '../../article/caption.ts';
import { idGrammars } from '../ids.ts';
import { ninjsOf } from '../cms-story.ts';
import { fieldsOf, patternPath, reading } from '../collection-fields.ts';
import { entryWith } from '../field-paths.ts';
import { publicationOf, withoutStatus } from '../publication.ts';
import {
  addressOf,
  bearer,
  isObject,
  namesPageSize,
  pageSize,
  within,
  type Credentials,
  type ListedPage,
  type queryOf,
} from '../source-api.ts';
import { nothing, type ReadResult } from '../command.ts';
import {
  aTime,
  idAs,
  isoOf,
  optionalNumber,
  optionalText,
  optionalTime,
  parsed,
  pictureAddress,
} from '../payload-schema.ts';
import type { Source } from '../source.ts';
import { noSettings, uriOf, type SourceSettings } from '../source-settings.ts';

const format = v.object({
  url: pictureAddress('or a path'),
  width: optionalNumber,
  height: optionalNumber,
  mime: optionalText,
});
const media = v.nullish(
  v.object(
    {
      ...format.entries,
      alternativeText: optionalText,
      caption: optionalText,
      formats: v.nullish(v.record(v.string(), format)),
    },
    'must be a single picture',
  ),
);
const ids = idGrammars.strapi;
const identity = {
  documentId: idAs(/^[\w-]{1,64}$/),
  locale: v.nullish(
    v.pipe(
      v.string('must be a string'),
      v.regex(/^(?:[a-z]{2,8}(?:-[\da-z]{1,8}){0,4})?$/i, 'must be a locale such as fr or nb-NO'),
    ),
  ),
  updatedAt: aTime,
  publishedAt: optionalTime,
};
const entry = v.looseObject(identity, 'must be an entry');

const words = { published: 'published', scheduled: 'scheduled' };

/** Strapi 5: webhooks of entries, and the REST API. */
export const strapi: Source = {
  name: 'strapi',
  authentication: { kind: 'token', header: 'x-pressrun-token' },
  hidesScheduled: true,
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
      canonical: 'canonicalURL',
      // Strapi's own publishedAt moves with every update. A newsroom that needs the original time keeps a field of its
      // own.
      published: '',
      embargo: '',
    },
  },

  read: (payload, settings): ReadResult => {
    if (!isObject(payload)) return { issues: [{ path: '', message: 'must be a JSON object, as Strapi sends it' }] };
    const { event, model, entry: given, createdAt } = payload;
    if (model !== settings.collection || typeof event !== 'string') return nothing;
    if (event === 'entry.unpublish' || event === 'entry.delete') return gone(given, settings, event, createdAt);
    if (event !== 'entry.publish' && event !== 'entry.update' && event !== 'entry.create') return nothing;
    return state(given, settings, event === 'entry.publish' ? 'article.published' : 'article.updated', ['entry']);
  },

  sample: (documentId, at, settings = strapi.defaults) => {
    const entry = {
      documentId,
      ...entryWith(settings, { title: 'Test of the Strapi webhook', body: '<p>It works.</p>', embargo: null }),
      updatedAt: at,
      publishedAt: at,
    };
    return [
      { body: { event: 'entry.publish', model: settings.collection, entry } },
      { body: { event: 'entry.delete', model: settings.collection, entry } },
    ];
  },

  api: {
    id: ids,
    // A draft keeps its updatedAt when it is published; an entry without drafts keeps its publishedAt.
    list: (settings, credentials, since, page) => [
      request(settings, credentials, {
        ...everyLocale,
        'sort[0]': 'publishedAt:desc',
        'sort[1]': 'updatedAt:desc',
        'filters[$or][0][updatedAt][$gte]': since,
        'filters[$or][1][publishedAt][$gte]': since,
        'pagination[page]': page,
        'pagination[pageSize]': pageSize,
      }),
    ],
    byIds: (settings, credentials, ids) => [
      request(settings, credentials, {
        ...everyLocale,
        'pagination[pageSize]': ids.length,
        ...Object.fromEntries(
          ids
            .map(partsOf)
            .flatMap(({ documentId, locale }, index): [string, string][] => [
              [`filters[$or][${index}][documentId]`, documentId],
              ...(locale === undefined ? [] : [[`filters[$or][${index}][locale]`, locale] satisfies [string, string]]),
            ]),
        ),
      }),
    ],
    one: (settings, credentials, id) => {
      const { documentId, locale } = partsOf(id);
      return [request(settings, credentials, { 'fields[0]': 'documentId', locale }, [documentId])];
    },
    listed: ({ status, body }): ListedPage | undefined => {
      const data = within(body, 'data');
      if (status !== 200 || !Array.isArray(data)) return undefined;
      const pages = within(body, 'meta', 'pagination');
      // Strapi 5.0 returns no total if all locales are requested, so only a page that is not full is known to be the
      // last.
      const isLast = data.length < Number(within(pages, 'pageSize') ?? pageSize);
      return { items: data, isLast, total: Number(within(pages, 'total') ?? data.length) };
    },
    state: (item, settings) => {
      // By default, the API leaves out the files and components in a dynamic zone. The webhook has them.
      const zone = within(item, settings.fields['body'] ?? '');
      const isZone = Array.isArray(zone) && zone.some((component) => within(component, '__component') !== undefined);
      if (isZone && settings.populate.length === 0)
        return { issues: [{ path: settings.fields['body'] ?? '', message: unpopulated }] };
      return state(item, settings, 'article.published', []);
    },
    isGone: ({ status, body }) => status === 404 && within(body, 'error', 'name') === 'NotFoundError',
    names: ({ url, fields }, credentials, page) =>
      [fields['tags'], fields['author'], fields['section']]
        .filter((name) => name !== undefined && name !== '')
        .map((name = '') => ({
          url: addressOf(url, ['api', name.replace(/s?$/, 's')], {
            'pagination[pageSize]': namesPageSize,
            'pagination[page]': page,
          }),
          headers: bearer(credentials),
        })),
  },
};

const unpopulated =
  'is a dynamic zone, of which the API leaves out the files: name it, and every other relation, in sources.strapi.populate';

/** Without this parameter, Strapi lists the default locale only. Content types that are not localised ignore it. */
const everyLocale = { locale: '*' };

function request(
  { url, collectionPlural, populate, fields }: SourceSettings,
  credentials: Credentials,
  parameters: Parameters<typeof queryOf>[0],
  steps: readonly string[] = [],
) {
  // One level deeper, a tag has all of its articles.
  const populated =
    populate.length === 0
      ? { populate: '*' }
      : Object.fromEntries(
          populate.map((name) =>
            name === fields['body'] ? [`populate[${name}][populate]`, '*'] : [`populate[${name}]`, 'true'],
          ),
        );
  return {
    url: addressOf(url, ['api', collectionPlural, ...steps], { ...populated, ...parameters }),
    headers: bearer(credentials),
  };
}

/** A document has an entry for each language, and each entry is a story. */
function idOf({
  documentId,
  locale,
}: {
  readonly documentId: string;
  readonly locale?: string | null | undefined;
}): string {
  return locale ? `${documentId}.${locale}` : documentId;
}

function partsOf(id: string): { readonly documentId: string; readonly locale: string | undefined } {
  const [documentId = '', locale] = id.split('.');
  return { documentId, locale };
}

/**
 * Strapi has no status field. An entry with `publishedAt` is published; one without is a draft, which may have a
 * published entry beside it.
 */
function state(
  given: unknown,
  settings: SourceSettings,
  type: 'article.published' | 'article.updated',
  under: readonly string[],
): ReadResult {
  const publishedAt = within(given, 'publishedAt');
  if (isObject(given) && publishedAt === undefined)
    return withoutStatus([...under, 'publishedAt'], 'send whole entries, as Strapi does; null is a draft');
  if (publishedAt === null) return nothing;
  const read = parsed(entry, given, under);
  if ('issues' in read) return read;
  const { value } = read;
  const fields = fieldsOf(value, settings, under);
  return reading(fields.issues(), fields.warnings(['picture', media]), () => {
    const embargo = fields.time('embargo');
    const publication = publicationOf(
      embargo === undefined ? 'published' : 'scheduled',
      words,
      embargo ?? fields.time('published'),
    );
    if (publication.state === 'not public') return [];
    const picture = fields.as('picture', media);
    const article = ninjsOf({
      uri: uriOf(strapi.name, settings, idOf(value)),
      updated: changedAt(value),
      publication,
      language: value.locale,
      // A webhook does not say in which other languages the document is published, so all of them are named.
      translations: (value.locale ? settings.locales : [])
        .filter((locale) => locale !== value.locale)
        .map((locale) => uriOf(strapi.name, settings, idOf({ ...value, locale }))),
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
    return [{ type, detail: { article, ...patternPath(value, settings) } }];
  });
}

/**
 * Returns when the entry changed. Publishing a draft changes only publishedAt: the draft may have been saved long
 * before, and the story unpublished since.
 */
function changedAt({
  updatedAt,
  publishedAt,
}: {
  readonly updatedAt: string;
  readonly publishedAt?: string | null | undefined;
}): string {
  return publishedAt && publishedAt > updatedAt ? publishedAt : updatedAt;
}

/**
 * Returns the withdrawal of an entry. The webhook sends the entry in its previous state; the event has its own time.
 */
function gone(given: unknown, settings: SourceSettings, event: string, at: unknown): ReadResult {
  const read = parsed(v.object(identity, 'must be an entry'), given, ['entry']);
  if ('issues' in read) return read;
  const { value } = read;
  const [changed, happened] = [changedAt(value), isoOf(typeof at === 'string' ? at : '')];
  const versionCreated = happened !== undefined && happened > changed ? happened : changed;
  const article = { uri: uriOf(strapi.name, settings, idOf(value)), versionCreated };
  const type = event === 'entry.delete' ? 'article.deleted' : 'article.unpublished';
  // This version is above a publication of the same millisecond.
  return { commands: [{ type, detail: { article, revision: 1 } }] };
}

function renditionsOf(
  picture: v.InferOutput<typeof format> & {
    readonly formats?: Record<string, v.InferOutput<typeof format>> | null | undefined;
  },
  { url }: SourceSettings,
): Rendition[] {
  const all = [...Object.entries(picture.formats ?? {}), ['original', picture] as const];
  return all.flatMap(([name, { url: href, mime: contentType, ...size }]) =>
    href ? renditionOf(name, URL.parse(href, url)?.href ?? href, { contentType, ...size }) : [],
  );
}
