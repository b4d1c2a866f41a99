import * as v from 'valibot';
import { pictureOf } from '../caption.ts';
import { cmsIds } from '../cms-ids.ts';
import { ninjsOf, pathOf } from '../cms-story.ts';
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
import {
  aTime,
  idAs,
  noSettings,
  nothing,
  optionalText,
  optionalTime,
  parsed,
  uriOf,
  type Reading,
  type Source,
  type SourceSettings,
} from '../source.ts';

const id = idAs(cmsIds.ghost);
const tag = v.object({ name: v.string('must be a string'), slug: v.string('must be a string'), visibility: optionalText });
const post = v.object(
  {
    id,
    status: optionalText,
    visibility: optionalText,
    updated_at: aTime,
    published_at: optionalTime,
    title: optionalText,
    html: optionalText,
    custom_excerpt: optionalText,
    excerpt: optionalText,
    url: optionalText,
    feature_image: optionalText,
    feature_image_alt: optionalText,
    feature_image_caption: optionalText,
    primary_tag: v.nullish(tag),
    tags: v.nullish(v.array(tag, 'must be an array')),
    authors: v.nullish(v.array(v.object({ name: v.string('must be a string') }), 'must be an array')),
  },
  'must be a post',
);
type Post = v.InferOutput<typeof post>;
const before = v.object({ id, status: optionalText, updated_at: aTime }, 'must be a post');

/** Ghost 5 and 6: webhooks of posts, Content API. */
export const ghost: Source = {
  name: 'ghost',
  proof: { kind: 'ghost' },
  defaults: { ...noSettings, url: 'http://localhost:2368' },

  read: (payload, settings, { receivedAt }): Reading => {
    if (!isObject(payload)) return { faults: [{ path: '', message: 'must be a JSON object, as Ghost sends it' }] };
    // site.changed, tag.added, page.published and their like have no post, and mean nothing to readers of articles.
    if (!('post' in payload)) return nothing;
    const current = within(payload, 'post', 'current');
    const previous = within(payload, 'post', 'previous');
    const wasStatus = within(previous, 'status');
    if (!isObject(current) || current['id'] === undefined) return deleted(previous, settings, receivedAt);
    if (current['status'] === 'draft')
      return wasStatus === 'published' || wasStatus === 'scheduled' ? unpublished(current, settings) : nothing;
    if (current['status'] !== 'published' && current['status'] !== 'scheduled') return nothing;
    // `previous` has the fields that changed: the status is not among them when a published story was edited.
    const isEdit = isObject(previous) && Object.keys(previous).length > 0 && wasStatus === undefined;
    return live(current, settings, isEdit ? 'article.updated' : 'article.published', ['post', 'current']);
  },

  sample: (id, at) => {
    const post = {
      id,
      title: 'Test of the Ghost webhook',
      html: '<p>It works.</p>',
      status: 'published',
      updated_at: at,
      published_at: at,
    };
    return [{ post: { current: post, previous: {} } }, { post: { current: {}, previous: post } }];
  },

  api: {
    id: cmsIds.ghost,
    list: (settings, credentials, since, page) => {
      const instant = since.slice(0, 19).replace('T', ' ');
      const filter = `updated_at:>='${instant}',published_at:>='${instant}'`;
      return [request(settings, credentials, ['posts'], { ...whole, limit: pageSize, page, order: 'updated_at desc', filter })];
    },
    byIds: (settings, credentials, ids) =>
      request(settings, credentials, ['posts'], { ...whole, limit: ids.length, filter: `id:[${ids.map((id) => `'${id}'`).join(',')}]` }),
    one: (settings, credentials, id) => request(settings, credentials, ['posts', id], { fields: 'id' }),
    listed: ({ status, body }): ListedPage | undefined => {
      const posts = within(body, 'posts');
      if (status !== 200 || !Array.isArray(posts)) return undefined;
      const pages = within(body, 'meta', 'pagination');
      return { items: posts, isLast: typeof within(pages, 'next') !== 'number', total: Number(within(pages, 'total') ?? posts.length) };
    },
    // The Content API lists published posts only, and does not say so.
    state: (item, settings) => live(isObject(item) ? { status: 'published', ...item } : item, settings, 'article.published', []),
    isGone: ({ status, body }: ApiAnswer) => status === 404 && within(body, 'errors', 0, 'type') === 'NotFoundError',
    names: (settings, credentials, page) =>
      ['tags', 'authors'].map((names) => request(settings, credentials, [names], { limit: namesPageSize, page, fields: 'id,name,slug' })),
  },
};

const whole = { include: 'tags,authors' };

/** The Content API: addresses end in a slash, and the key is a parameter. */
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

function live(given: unknown, settings: SourceSettings, type: 'article.published' | 'article.updated', under: readonly string[]): Reading {
  const read = parsed(post, given, under);
  if ('faults' in read) return read;
  const { value } = read;
  const tags = (value.tags ?? []).map((each) => ({ ...each, isInternal: each.visibility === 'internal' || each.name.startsWith('#') }));
  const primary = value.primary_tag ?? tags.find(({ isInternal }) => !isInternal);
  const article = ninjsOf({
    uri: uriOf(ghost.name, settings, value.id),
    updated: value.updated_at,
    published: value.published_at,
    isScheduled: value.status === 'scheduled',
    title: value.title,
    standfirst: value.custom_excerpt ?? value.excerpt,
    // The webhook has the whole text of what only members may read, and the front door has no lock.
    html: value.visibility === undefined || value.visibility === null || value.visibility === 'public' ? ownHtml(value) : undefined,
    sections: primary ? [{ literal: primary.slug, name: primary.name }] : [],
    topics: tags.filter(({ slug, isInternal }) => !isInternal && slug !== primary?.slug).map(({ name }) => name),
    genres: tags.filter(({ isInternal }) => isInternal).map(({ name }) => name.replace(/^#/, '')),
    authors: (value.authors ?? []).map(({ name }) => name),
    pictures: pictureOf({
      renditions: [{ name: 'original', href: value.feature_image ?? undefined }],
      alt: value.feature_image_alt,
      caption: value.feature_image_caption,
    }),
  });
  return { commands: [{ type, detail: { article, ...(value.status === 'published' ? pathOf(value.url) : {}) } }] };
}

/** The Content API marks links that lead away with `?ref=<this site>`; the webhook does not. */
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

function unpublished(given: unknown, settings: SourceSettings): Reading {
  const read = parsed(before, given, ['post', 'current']);
  if ('faults' in read) return read;
  const { id, updated_at } = read.value;
  return {
    commands: [{ type: 'article.unpublished', detail: { article: { uri: uriOf(ghost.name, settings, id), versionCreated: updated_at } } }],
  };
}

/** A delete tells when the story last changed, not when it was deleted: it comes after whatever that second brought. No post is ever deleted twice. */
function deleted(previous: unknown, settings: SourceSettings, receivedAt: number): Reading {
  const given = isObject(previous) ? { updated_at: new Date(receivedAt).toISOString(), ...previous } : previous;
  const read = parsed(before, given, ['post', 'previous']);
  if ('faults' in read) return read;
  const { id, status, updated_at } = read.value;
  if (status === 'draft') return nothing;
  return {
    commands: [
      { type: 'article.deleted', detail: { article: { uri: uriOf(ghost.name, settings, id), versionCreated: updated_at }, revision: 1 } },
    ],
  };
}
