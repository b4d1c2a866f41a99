import * as v from 'valibot';
import { pictureOf } from '../../article/caption.ts';
import { ninjsOf, pathOf } from '../cms-story.ts';
import { foreignCanonical } from '../own-links.ts';
import { withSetting } from '../sections.ts';
import { publicationOf, withoutStatus, type Publication, type Shown } from '../publication.ts';
import { MarkupBudget } from '../../article/html-tree.ts';
import { plainTextOf } from '../../article/sanitise.ts';
import { isObject, within } from '../source-api.ts';
import { nothing, warned, type ReadResult } from '../command.ts';
import { aTime, isoOf, optionalTime, parsed, parsedLeniently } from '../payload-schema.ts';
import type { Source } from '../source.ts';
import { unnamedTexts } from '../unnamed-texts.ts';
import { noSettings, uriOf, type SourceSettings } from '../source-settings.ts';
import { namesIn, wordpressApi } from './wordpress-api.ts';
import { authorsOf, categoriesOf, id, post, renditionsOf, sectionOf, textsOf } from './wordpress-post.ts';

/** Fields that do not decide whether or when a post is public; `protected` does. */
const ornaments = ['link', 'excerpt.rendered', 'content.rendered', 'authors', 'coauthors', '_embedded'];
const before = v.object(
  { id, modified_gmt: aTime, date_gmt: v.fallback(optionalTime, undefined) },
  'must be a post as the REST API shows it',
);

/** WordPress 5.6 and later: the plugin beside `ingest`, and the REST API. */
export const wordpress: Source = {
  name: 'wordpress',
  authentication: { kind: 'hmac', prefix: 'x-wp' },
  hidesScheduled: true,
  defaults: { ...noSettings, url: 'http://localhost:8081', collection: 'post', collectionPlural: 'posts' },

  read: (payload, settings, { receivedAt }): ReadResult => {
    if (!isObject(payload)) return { issues: [{ path: '', message: 'must be a JSON object, as the plugin sends it' }] };
    const { hook, rest, new_status: now, old_status: was, sent_at: sentAt } = payload;
    // WordPress fires it before it saves tags and image; wp_after_insert_post follows.
    if (hook === 'transition_post_status' || rest === undefined) return nothing;
    if (!namesIn(settings.collection).some((type) => type === within(rest, 'type'))) return nothing;
    const status = now ?? within(rest, 'status');
    // The plugin signs each attempt anew, in whole seconds. The time of its first attempt has milliseconds and is not
    // after the signed second.
    const sent = Math.min(
      receivedAt + 999,
      typeof sentAt === 'number' && sentAt >= 0 ? Math.floor(sentAt * 1000) : receivedAt,
    );
    if (status === undefined)
      return withoutStatus(['rest', 'status'], 'use the plugin that comes with Pressrun, which sends it');
    const sending: Sending = {
      sent,
      isStatusChange: typeof sentAt === 'number' && typeof was === 'string' && was !== status,
    };
    const publication = publicationIn(rest, status);
    const own = ofNetwork(settings, payload['site']);
    // The plugin's first version omits the text of a scheduled post if nobody is signed in; readers get it at the date.
    const isShown =
      publication.state === 'published' || (publication.state === 'scheduled' && within(rest, 'title') !== undefined);
    const reading = isShown
      ? live(rest, publication, own, was === 'publish' ? 'article.updated' : 'article.published', ['rest'], sending)
      : gone(rest, own, status, was, sending);
    if ('issues' in reading) return reading;
    return {
      commands: reading.commands.map(({ type, detail }) => ({ type, detail: { ...detail, receivedAt: sent } })),
    };
  },

  sample: (id, at, settings = wordpress.defaults) => {
    const [type] = namesIn(settings.collection);
    const rest = {
      id,
      type,
      title: { rendered: 'Test of the WordPress plugin' },
      content: { rendered: '<p>It works.</p>' },
      date_gmt: at,
      modified_gmt: at,
    };
    return [
      { body: { hook: 'wp_after_insert_post', new_status: 'publish', old_status: null, rest } },
      { body: { hook: 'before_delete_post', new_status: 'deleted', old_status: 'trash', rest } },
    ];
  },

  api: {
    ...wordpressApi,
    // Anonymous requests get published posts only.
    state: (item, settings) => {
      const status = within(item, 'status');
      if (status === undefined) return withoutStatus(['status'], 'let the REST API show it');
      const publication = publicationIn(item, status);
      return publication.state === 'not public'
        ? nothing
        : live(item, publication, settings, 'article.published', [], { sent: Infinity, isStatusChange: false });
    },
  },
};

/** Each site of a network counts its own posts. The plugin sends the number of any but the main site. */
function ofNetwork(settings: SourceSettings, number: unknown): SourceSettings {
  return typeof number === 'number' && Number.isSafeInteger(number) && number > 0
    ? { ...settings, site: `${settings.site}-${number}` }
    : settings;
}

/** When the plugin sent a post (epoch ms), and whether it did so because the post's status changed. */
interface Sending {
  readonly sent: number;
  readonly isStatusChange: boolean;
}

/**
 * Returns when a post got its present state, in the CMS's own seconds. `modified_gmt` is the future date in a post that
 * is created scheduled, and does not change when WordPress publishes a post at its date. So the date counts too once it
 * has passed, and the result is never after the plugin's request. A status change counts from the request, because
 * WordPress publishes and deletes without changing `modified_gmt`, and a sweep may have withdrawn the post in between.
 */
function changedAt(
  { modified_gmt: modified, date_gmt: date }: v.InferOutput<typeof before>,
  { sent, isStatusChange }: Sending,
): string {
  const latest = Math.max(Date.parse(modified), Date.parse(date ?? modified));
  return new Date(
    isStatusChange ? Math.floor(sent / 1000) * 1000 : Math.min(latest, Math.floor(sent / 1000) * 1000),
  ).toISOString();
}

/** Of the statuses of WordPress and its plugins, two are public. A draft's date is meaningless. */
function publicationIn(given: unknown, status: unknown): Publication {
  const date = within(given, 'date_gmt');
  return publicationOf(
    status,
    { published: 'publish', scheduled: 'future' },
    typeof date === 'string' ? isoOf(date) : undefined,
  );
}

function live(
  given: unknown,
  publication: Shown,
  settings: SourceSettings,
  type: 'article.published' | 'article.updated',
  under: readonly string[],
  sending: Sending,
): ReadResult {
  const read = parsedLeniently(post, given, under, ornaments);
  if ('issues' in read) return read;
  const { value, warnings } = read;
  const isProtected = value.content?.protected === true || value.excerpt?.protected === true;
  const budget = new MarkupBudget();
  const textOf = (html: string): string => plainTextOf(html, budget);
  const terms = (value._embedded?.['wp:term'] ?? []).flat();
  const [picture] = value._embedded?.['wp:featuredmedia'] ?? [];
  const article = ninjsOf({
    uri: uriOf(wordpress.name, settings, value.id),
    updated: changedAt(value, sending),
    publication,
    canonical: foreignCanonical(value.pressrun_canonical, value.link),
    title: textOf(value.title?.rendered ?? ''),
    // Fields that a password protects; the excerpt may be made of the text.
    ...(isProtected ? {} : textsOf(value)),
    sections: withSetting(
      settings,
      categoriesOf(terms, value.pressrun_primary_category).map((category) => ({
        literal: sectionOf(category, value.pressrun_category_paths, settings.url),
        name: textOf(category.name),
      })),
    ),
    topics: terms
      .filter(({ taxonomy }) => taxonomy === 'post_tag')
      .map(({ name }) => textOf(name))
      .filter((name) => !name.startsWith('#')),
    genres: terms
      .filter(({ taxonomy, name }) => taxonomy === 'post_tag' && name.startsWith('#'))
      .map(({ name }) => textOf(name).slice(1)),
    authors: authorsOf(value).map(textOf),
    pictures: picture
      ? pictureOf({ renditions: renditionsOf(picture), alt: picture.alt_text, caption: picture.caption?.rendered })
      : [],
  });
  // The fields of Advanced Custom Fields; an empty list if there are none.
  const own = within(given, 'acf');
  const unshown = isObject(own) ? unnamedTexts(own, [], [...under, 'acf']) : [];
  return {
    commands: [
      {
        type,
        detail: {
          article,
          ...(publication.state === 'published' ? pathOf(value.link) : {}),
          ...warned([...warnings, ...unshown]),
        },
      },
    ],
  };
}

function gone(given: unknown, settings: SourceSettings, status: unknown, was: unknown, sending: Sending): ReadResult {
  const isDelete = status === 'deleted';
  // A draft that was never published affects no reader. If the previous status is missing, the post may have been
  // public.
  const wasShown =
    was === 'publish' || was === 'future' || was === undefined || (isDelete && (was === 'trash' || was === null));
  if (!wasShown) return nothing;
  const read = parsed(before, given, ['rest']);
  if ('issues' in read) return read;
  const article = {
    uri: uriOf(wordpress.name, settings, read.value.id),
    versionCreated: changedAt(read.value, sending),
  };
  // A delete states when the post last changed, so it is ordered after all states of that second.
  return {
    commands: [
      isDelete
        ? { type: 'article.deleted', detail: { article, revision: 1 } }
        : { type: 'article.unpublished', detail: { article } },
    ],
  };
}
