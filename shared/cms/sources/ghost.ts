import * as v from 'valibot';
import type { Issue } from '../../field-schema.ts';
import { pictureOf } from '../../article/caption.ts';
import { idGrammars } from '../ids.ts';
import { ninjsOf, pathOf } from '../cms-story.ts';
import { publicationOf, withoutStatus, type Publication, type Shown } from '../publication.ts';
import {
  addressOf,
  isObject,
  namesPageSize,
  pageSize,
  within,
  type ApiAnswer,
  type ApiRequest,
  type Credentials,
  type ListedPage,
} from '../source-api.ts';
import { nothing, warned, type ReadResult } from '../command.ts';
import { aTime, idAs, optionalText, optionalTime, parsed, parsedLeniently, pictureAddress } from '../payload-schema.ts';
import type { Source } from '../source.ts';
import { noSettings, uriOf, type SourceSettings } from '../source-settings.ts';
import { withAddresses } from '../file-addresses.ts';
import { foreignCanonical, ownLink } from '../own-links.ts';
import { withSetting } from '../sections.ts';
import { anonymousHtml, membersOnly, withoutGatedBlocks } from './ghost-gating.ts';

const ids = idGrammars.ghost;
const id = idAs(ids);
const tag = v.object({
  name: v.string('must be a string'),
  slug: v.string('must be a string'),
  visibility: optionalText,
});
/** Fields that decide whether and when a post is public. */
const decisive = v.object(
  { status: v.optional(v.unknown()), published_at: optionalTime, email_only: v.optional(v.unknown()) },
  'must be a post',
);
const post = v.object(
  {
    id,
    visibility: optionalText,
    access: v.nullish(v.boolean('must be true or false')),
    updated_at: aTime,
    title: optionalText,
    html: optionalText,
    custom_excerpt: optionalText,
    url: optionalText,
    canonical_url: v.optional(v.unknown()),
    feature_image: pictureAddress('absolute'),
    feature_image_alt: optionalText,
    feature_image_caption: optionalText,
    primary_tag: v.nullish(tag),
    tags: v.nullish(v.array(tag, 'must be an array')),
    authors: v.nullish(v.array(v.object({ name: v.string('must be a string') }), 'must be an array')),
  },
  'must be a post',
);
type Post = v.InferOutput<typeof post>;
const before = v.object({ id, status: v.optional(v.unknown()), updated_at: aTime }, 'must be a post');

/** Fields that do not decide whether or when a post is public. */
const ornaments = [
  'html',
  'custom_excerpt',
  'url',
  'feature_image',
  'feature_image_alt',
  'feature_image_caption',
  'primary_tag',
  'tags',
  'authors',
];

/** Ghost 5 and 6: webhooks of posts, Content API. */
export const ghost: Source = {
  name: 'ghost',
  authentication: { kind: 'ghost' },
  hidesScheduled: true,
  defaults: { ...noSettings, url: 'http://localhost:2368' },

  read: (payload, settings, { receivedAt }): ReadResult => {
    if (!isObject(payload)) return { issues: [{ path: '', message: 'must be a JSON object, as Ghost sends it' }] };
    // Events without a post, such as site.changed, tag.added and page.published, do not affect articles.
    if (!('post' in payload)) return nothing;
    const current = within(payload, 'post', 'current');
    const previous = within(payload, 'post', 'previous');
    const wasStatus = within(previous, 'status');
    if (!isObject(current) || current['id'] === undefined) return deleted(previous, settings, receivedAt);
    const { status } = current;
    if (status === undefined) return withoutStatus(['post', 'current', 'status'], 'send the whole post, as Ghost does');
    const publication = publicationIn(current, ['post', 'current']);
    if ('issues' in publication) return publication;
    if (publication.state === 'not public') {
      // A draft or newsletter that was never published affects no reader.
      const wasNeverPublic =
        (status === 'draft' || status === 'sent') && wasStatus !== 'published' && wasStatus !== 'scheduled';
      return wasNeverPublic ? nothing : unpublished(current, settings);
    }
    // `previous` has only the changed fields, so it lacks the status if a published story was edited.
    const isEdit = isObject(previous) && Object.keys(previous).length > 0 && wasStatus === undefined;
    return live(current, publication, settings, isEdit ? 'article.updated' : 'article.published', 'staff');
  },

  sample: (id, at) => {
    const post = {
      id,
      title: 'Test of the Ghost webhook',
      html: '<p>It works.</p>',
      status: 'published',
      visibility: 'public',
      updated_at: at,
      published_at: at,
    };
    return [{ body: { post: { current: post, previous: {} } } }, { body: { post: { current: {}, previous: post } } }];
  },

  api: {
    id: ids,
    list: (settings, credentials, since, page) => {
      const instant = since.slice(0, 19).replace('T', ' ');
      const filter = `updated_at:>='${instant}',published_at:>='${instant}'`;
      return [
        request(settings, credentials, ['posts'], {
          ...whole,
          limit: pageSize,
          page,
          order: 'updated_at desc',
          filter,
        }),
      ];
    },
    byIds: (settings, credentials, ids) => [
      request(settings, credentials, ['posts'], {
        ...whole,
        limit: ids.length,
        filter: `id:[${ids.map((id) => `'${id}'`).join(',')}]`,
      }),
    ],
    one: (settings, credentials, id) => [request(settings, credentials, ['posts', id], { fields: 'id' })],
    listed: ({ status, body }): ListedPage | undefined => {
      const posts = within(body, 'posts');
      if (status !== 200 || !Array.isArray(posts)) return undefined;
      const pages = within(body, 'meta', 'pagination');
      return {
        items: posts,
        isLast: typeof within(pages, 'next') !== 'number',
        total: Number(within(pages, 'total') ?? posts.length),
      };
    },
    // The Content API lists published posts only, and omits their status.
    state: (item, settings) => {
      const publication = publicationIn(isObject(item) ? { status: 'published', ...item } : item, []);
      if ('issues' in publication) return publication;
      return publication.state === 'not public'
        ? nothing
        : live(item, publication, settings, 'article.published', 'readers');
    },
    isGone: ({ status, body }: ApiAnswer) => status === 404 && within(body, 'errors', 0, 'type') === 'NotFoundError',
    names: (settings, credentials, page) =>
      ['tags', 'authors'].map((names) =>
        request(settings, credentials, [names], { limit: namesPageSize, page, fields: 'id,name,slug' }),
      ),
  },
};

const whole = { include: 'tags,authors' };

/** Returns a request. Addresses of the Content API end with a slash, and the key is a query parameter. */
function request(
  { url }: SourceSettings,
  { key }: Credentials,
  steps: readonly string[],
  parameters: Readonly<Record<string, string | number>>,
): ApiRequest {
  return {
    url: addressOf(url, ['ghost', 'api', 'content', ...steps, ''], { key, ...parameters }),
    headers: { 'accept-version': 'v5.0' },
  };
}

/** Returns the publication. A post that is only sent by e-mail becomes `sent` and has no page. */
function publicationIn(given: unknown, under: readonly string[]): Publication | { readonly issues: readonly Issue[] } {
  const read = parsed(decisive, given, under);
  if ('issues' in read) return read;
  const { status, published_at: date, email_only: isEmailOnly } = read.value;
  return isEmailOnly
    ? { state: 'not public' }
    : publicationOf(status, { published: 'published', scheduled: 'scheduled' }, date);
}

/**
 * Whose view of the text a payload has: a webhook has the whole text, as staff see it; the Content API has the text
 * that its readers see.
 */
type View = 'staff' | 'readers';

function live(
  given: unknown,
  publication: Shown,
  settings: SourceSettings,
  type: 'article.published' | 'article.updated',
  view: View,
): ReadResult {
  const under = view === 'staff' ? ['post', 'current'] : [];
  const read = parsedLeniently(post, given, under, ornaments);
  if ('issues' in read) return read;
  const { value, warnings } = read;
  if (!value.visibility) return withoutStatus([...under, 'visibility'], 'send the whole post, as Ghost does');
  const tags = (value.tags ?? []).map((each) => ({
    ...each,
    isInternal: each.visibility === 'internal' || each.name.startsWith('#'),
  }));
  const primary = value.primary_tag ?? tags.find(({ isInternal }) => !isInternal);
  const article = ninjsOf({
    uri: uriOf(ghost.name, settings, value.id),
    updated: value.updated_at,
    publication,
    canonical: foreignCanonical(value.canonical_url, value.url),
    title: value.title,
    // Ghost makes `excerpt` from the whole text, including locked cards and locked posts.
    standfirst: value.custom_excerpt,
    html: publicHtml(value, value.visibility, view),
    sections: withSetting(settings, primary ? [{ literal: primary.slug, name: primary.name }] : []),
    topics: tags.filter(({ slug, isInternal }) => !isInternal && slug !== primary?.slug).map(({ name }) => name),
    genres: tags.filter(({ isInternal }) => isInternal).map(({ name }) => name.replace(/^#/, '')),
    authors: (value.authors ?? []).map(({ name }) => name),
    pictures: pictureOf({
      renditions: [{ name: 'original', href: value.feature_image ?? undefined }],
      alt: value.feature_image_alt,
      caption: value.feature_image_caption,
    }),
  });
  return {
    commands: [
      {
        type,
        detail: { article, ...(publication.state === 'published' ? pathOf(value.url) : {}), ...warned(warnings) },
      },
    ],
  };
}

function publicHtml(given: Post, visibility: string, view: View): string | undefined {
  const html = ownHtml(given);
  if (!html) return undefined;
  // If the Content API denies access, it has already cut the text at the divider.
  const isCut = view === 'readers' && given.access === false && !html.includes(membersOnly);
  return withOwnLinks(isCut ? withoutGatedBlocks(html) : anonymousHtml(html, visibility), given.url);
}

function withOwnLinks(html: string, url: string | null | undefined): string {
  return html.includes('href=')
    ? withAddresses(html, (address, element) => (element === 'a' ? ownLink(address, url) : address))
    : html;
}

/** Returns the HTML of the webhook. The Content API adds `?ref=<this site>` to external links; the webhook does not. */
function ownHtml({ html, url }: Post): string | null | undefined {
  const host = URL.parse(url ?? '')?.hostname.replace(/^www\./, '');
  if (!html || host === undefined) return html;
  const mark = `ref=${host}`;
  return html
    .replaceAll(`?${mark}&amp;`, '?')
    .replaceAll(`?${mark}&`, '?')
    .replaceAll(`?${mark}"`, '"')
    .replaceAll(`?${mark}#`, '#')
    .replaceAll(`&amp;${mark}`, '')
    .replaceAll(`&${mark}`, '');
}

function unpublished(given: unknown, settings: SourceSettings): ReadResult {
  const read = parsed(before, given, ['post', 'current']);
  if ('issues' in read) return read;
  const { id, updated_at } = read.value;
  return {
    commands: [
      {
        type: 'article.unpublished',
        detail: { article: { uri: uriOf(ghost.name, settings, id), versionCreated: updated_at } },
      },
    ],
  };
}

/**
 * A delete states when the story last changed and not when it was deleted, so it is ordered after all states of that
 * second. A post is deleted at most once.
 */
function deleted(previous: unknown, settings: SourceSettings, receivedAt: number): ReadResult {
  const given = isObject(previous) ? { updated_at: new Date(receivedAt).toISOString(), ...previous } : previous;
  const read = parsed(before, given, ['post', 'previous']);
  if ('issues' in read) return read;
  const { id, status, updated_at } = read.value;
  if (status === 'draft') return nothing;
  return {
    commands: [
      {
        type: 'article.deleted',
        detail: { article: { uri: uriOf(ghost.name, settings, id), versionCreated: updated_at }, revision: 1 },
      },
    ],
  };
}
