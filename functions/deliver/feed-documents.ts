import { generateAtomFeed, generateJsonFeed, generateRssFeed } from 'feedsmith';
import { html } from 'hono/html';
import { authorsOf } from '../../shared/article/article.ts';
import type { Card } from '../../shared/article/card.ts';
import type { RemovedEntry } from '../../shared/feed/feed.ts';
import { feedKinds } from '../../shared/feed/placement.ts';
import { audioType } from '../../shared/audio/audio-rendition.ts';
import { escapeHtml } from '../../shared/article/html.ts';
import { absolute, feedPagePath, type Site } from './site.ts';

/** One story of a feed; `content` is its whole text as HTML, where the theme wants that. */
export interface FeedItem {
  readonly card: Card;
  /** Of the change that the card shows. */
  readonly seq: number;
  readonly content?: string | undefined;
}

/** What a feed document is made of, whatever its format. */
export interface FeedContent {
  readonly feed: string;
  readonly title: string;
  readonly items: readonly FeedItem[];
  readonly removed: readonly RemovedEntry[];
  /** When anything on this page of the feed last changed. */
  readonly changedAt: Date;
  /** This document, and the next older one, as absolute URLs. */
  readonly selfUrl: string;
  readonly nextUrl: string | undefined;
}

export interface FeedFormat {
  readonly contentType: string;
  readonly write: (site: Site, content: FeedContent) => string | Promise<string>;
}

/** JSON Feed 1.1 (jsonfeed.org/version/1.1). */
function jsonFeed(site: Site, { feed, title, items, selfUrl, nextUrl }: FeedContent): string {
  const { name, language, logo, hub } = site.theme;
  return JSON.stringify({
    // The generator leaves out an empty list, which the format requires.
    items: [],
    ...(generateJsonFeed({
      title: `${title} – ${name}`,
      home_page_url: site.url + feedPagePath(feed),
      feed_url: selfUrl,
      ...(nextUrl !== undefined && { next_url: nextUrl }),
      language,
      ...(logo && { icon: absolute(site, logo.href) }),
      ...(hub !== undefined && { hubs: [{ type: 'WebSub', url: hub }] }),
      items: items.map(({ card, seq, content }) => ({
        id: card.uri,
        url: site.url + card.path,
        title: card.headline,
        // The format asks every item for content; a list has the standfirst, else the headline.
        ...(content === undefined ? { content_text: card.standfirst ?? card.headline } : { content_html: content }),
        ...(card.standfirst !== undefined && { summary: card.standfirst }),
        ...(card.picture && { image: card.picture.href }),
        ...(card.audio && {
          attachments: [
            {
              url: absolute(site, card.audio.href),
              mime_type: audioType,
              size_in_bytes: card.audio.bytes,
              duration_in_seconds: card.audio.seconds,
            },
          ],
        }),
        date_published: new Date(card.firstPublished),
        date_modified: new Date(card.updated),
        ...(authorsIn(card).length > 0 && { authors: authorFeedsIn(site, card) }),
        ...(tagsOf(card).length > 0 && { tags: tagsOf(card) }),
        _pressrun: { ...card, seq },
      })),
    }) as object),
  });
}

/** RSS 2.0 (rssboard.org/rss-specification) with Media RSS, Dublin Core, Content and Atom's links. */
function rss(site: Site, { feed, title, items, changedAt, selfUrl, nextUrl }: FeedContent): string {
  const { name, language, logo } = site.theme;
  const link = site.url + feedPagePath(feed);
  return withoutXmlFaults(
    toTheCharacter(
      generateRssFeed({
        title: `${title} – ${name}`,
        link,
        description: `${title} – ${name}`,
        language,
        ...(logo && { image: { url: absolute(site, logo.href), title: `${title} – ${name}`, link } }),
        ...(changedAt.getTime() > 0 && { lastBuildDate: changedAt }),
        atom: { links: links(site, selfUrl, nextUrl, 'application/rss+xml') },
        items: items.map(({ card, content }) => ({
          title: card.headline,
          link: site.url + card.path,
          guid: { value: card.uri, isPermaLink: false },
          pubDate: new Date(card.firstPublished),
          // RSS's description is HTML to its readers, and a standfirst is plain text.
          ...(card.standfirst !== undefined && { description: escapeHtml(card.standfirst) }),
          ...(content !== undefined && { content: { encoded: content } }),
          ...(card.audio && {
            enclosures: [{ url: absolute(site, card.audio.href), length: card.audio.bytes, type: audioType }],
          }),
          ...(tagsOf(card).length > 0 && { categories: tagsOf(card).map((category) => ({ name: category })) }),
          ...(authorsIn(card).length > 0 && { dc: { creators: authorsIn(card) } }),
          atom: { updated: new Date(card.updated) },
          ...mediaOf(card),
        })),
      }),
    ),
  );
}

/** Atom (RFC 4287); what was withdrawn as `at:deleted-entry` (RFC 6721). */
async function atom(
  site: Site,
  { feed, title, items, removed, changedAt, selfUrl, nextUrl }: FeedContent,
): Promise<string> {
  const { name, logo } = site.theme;
  const document = toTheCharacter(
    generateAtomFeed({
      id: `${site.url}/feeds/${feed}.atom`,
      title: { value: `${title} – ${name}` },
      updated: changedAt,
      // RFC 4287 §4.1.1: entries without an author need one on the feed.
      authors: [{ name }],
      ...(logo && { logo: absolute(site, logo.href) }),
      links: [
        ...links(site, selfUrl, nextUrl, 'application/atom+xml'),
        { href: site.url + feedPagePath(feed), rel: 'alternate', type: 'text/html' },
      ],
      entries: items.map(({ card, content }) => ({
        id: card.uri,
        title: { value: card.headline, type: 'text' },
        published: new Date(card.firstPublished),
        updated: new Date(card.updated),
        links: [
          { href: site.url + card.path, rel: 'alternate', type: 'text/html' },
          ...(card.audio
            ? [{ href: absolute(site, card.audio.href), rel: 'enclosure', type: audioType, length: card.audio.bytes }]
            : []),
        ],
        ...(authorsIn(card).length > 0 && {
          authors: authorFeedsIn(site, card).map(({ name: author, url }) => ({ name: author, uri: url })),
        }),
        ...(card.standfirst !== undefined && { summary: { value: card.standfirst, type: 'text' } }),
        ...(content !== undefined && { content: { value: content, type: 'html' } }),
        ...(tagsOf(card).length > 0 && { categories: tagsOf(card).map((term) => ({ term })) }),
        ...mediaOf(card),
      })),
    }),
  );
  const deleted = await tombstones(items, removed);
  return withoutXmlFaults(document.replace(/<\/feed>\s*$/, () => `${deleted}</feed>`));
}

/** A reader has to be told of what it may still hold, not of every story that ever left. */
const maxTombstones = 100;

/** RFC 6721 §3; a story that stands in the feed again is not deleted, whatever its tombstone elsewhere says. */
async function tombstones(items: readonly FeedItem[], removed: readonly RemovedEntry[]): Promise<string> {
  const present = new Set(items.map(({ card }) => card.uri));
  const gone = removed
    .filter(({ uri }) => !present.has(uri))
    .sort((a, b) => b.seq - a.seq)
    .slice(0, maxTombstones);
  // A head's seq is the instant of its change, or a little more.
  const elements = await html`${gone.map(
    ({ uri, seq }) =>
      html`<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="${uri}" when="${new Date(seq).toISOString()}" />`,
  )}`;
  return elements.toString();
}

export const feedFormats: Readonly<Record<string, FeedFormat>> = {
  json: { contentType: 'application/feed+json; charset=utf-8', write: jsonFeed },
  rss: { contentType: 'application/rss+xml; charset=utf-8', write: rss },
  atom: { contentType: 'application/atom+xml; charset=utf-8', write: atom },
};

/** Values that hold `&`, `<` or `]]>`: the generator writes them as CDATA sections, several where `]]>` has to be cut. */
const sections = /\n *((?:<!\[CDATA\[[^]*?\]\]>)+)\n *(?=<\/)/g;

/**
 * The generator puts such values on lines of their own, and white space belongs to a value: Atom compares ids character by character
 * (RFC 4287 §4.2.6.1). Line ends of other kinds are written so that no parser makes them `\n` (XML 1.0 §2.11).
 */
function toTheCharacter(document: string): string {
  return document
    .replaceAll(sections, (_, value: string) =>
      escapeHtml(value.slice('<![CDATA['.length, -']]>'.length).replaceAll(']]><![CDATA[', '')),
    )
    .replaceAll('\r', '&#13;');
}

/** One character that XML 1.0 does not know (production 2) would cost a reader the whole feed. */
export function withoutXmlFaults(document: string): string {
  return document.replaceAll(/[\u{0}-\u{8}\u{b}\u{c}\u{e}-\u{1f}\u{fffe}\u{ffff}]/gu, '');
}

function links(
  { theme: { hub } }: Site,
  selfUrl: string,
  nextUrl: string | undefined,
  type: string,
): { href: string; rel: string; type?: string }[] {
  return [
    { href: selfUrl, rel: 'self', type },
    ...(nextUrl === undefined ? [] : [{ href: nextUrl, rel: 'next', type }]),
    ...(hub === undefined ? [] : [{ href: hub, rel: 'hub' }]),
  ];
}

/** By WebSub §4, whoever reads a feed finds its hub, and the name under which the hub knows it, in its headers. */
export function hubHeaders({ theme: { hub } }: Site, selfUrl: string): Readonly<Record<string, string>> {
  return hub === undefined ? {} : { link: `<${hub}>; rel="hub", <${selfUrl}>; rel="self"` };
}

/** The names in the byline; the byline itself is on the card. */
function authorsIn({ by }: Card): string[] {
  return by === undefined ? [] : authorsOf({ by });
}

function authorFeedsIn(site: Site, card: Card): { name: string; url: string }[] {
  return feedKinds.author.feedsOnCard(card).map(({ feed, name }) => ({ name, url: site.url + feedPagePath(feed) }));
}

function tagsOf(card: Card): string[] {
  return [...(card.section === undefined ? [] : [card.section]), ...(card.genres ?? [])];
}

function mediaOf({ picture }: Card) {
  if (!picture) return {};
  return {
    media: {
      contents: [
        {
          url: picture.href,
          medium: 'image',
          ...(picture.caption !== undefined && { description: { value: picture.caption, type: 'plain' } }),
          ...(picture.alt !== undefined && { title: { value: picture.alt, type: 'plain' } }),
          ...(picture.credit !== undefined && { credits: [{ value: picture.credit }] }),
        },
      ],
    },
  };
}
