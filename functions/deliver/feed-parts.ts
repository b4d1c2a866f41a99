import { authorsOf } from '../../shared/article/byline.ts';
import type { Card } from '../../shared/article/card.ts';
import { escapeHtml } from '../../shared/article/html.ts';
import type { RemovedEntry } from '../../shared/feed/feed.ts';
import { feedKinds } from '../../shared/feed/placement.ts';
import { mediaTypeOf } from '../../shared/picture/renditions.ts';
import { absolute, feedPagePath, sectionName, type Site } from './site.ts';

/** A picture of a story in a feed, with one of its files. */
export interface FeedPicture {
  readonly href: string;
  readonly contentType?: string | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly sizeInBytes?: number | undefined;
  readonly alt?: string | undefined;
  readonly caption?: string | undefined;
  readonly credit?: string | undefined;
  readonly copyright?: string | undefined;
}

/** One story of a feed. */
export interface FeedItem {
  readonly card: Card;
  /** The `seq` of the change that the card shows. */
  readonly seq: number;
  /** The whole text as HTML, if the theme or the format has whole texts. */
  readonly content?: string | undefined;
  /** All pictures, if there is the whole text; otherwise the card has one. */
  readonly pictures?: readonly FeedPicture[] | undefined;
  /** The copyright line of the text. */
  readonly copyright?: string | undefined;
}

/** The content of a feed document, independent of its format. */
export interface FeedContent {
  readonly feed: string;
  /** The path of the feed's page, or of its live story's. */
  readonly page: string;
  readonly title: string;
  readonly items: readonly FeedItem[];
  readonly removed: readonly RemovedEntry[];
  /** When anything on this page of the feed last changed. */
  readonly changedAt: Date;
  /** This document, and the next older one, as absolute URLs. */
  readonly selfUrl: string;
  readonly nextUrl: string | undefined;
}

/**
 * Matches the CDATA sections in which the generator writes values with `&`, `<` or `]]>`. It divides a `]]>` between
 * two.
 */
const sections = /\n *((?:<!\[CDATA\[[^]*?\]\]>)+)\n *(?=<\/)/g;

/**
 * Returns a document without the white space that the generator puts around such values: it would be part of the value,
 * and Atom compares ids character by character (RFC 4287 §4.2.6.1). A carriage return becomes a character reference,
 * because parsers would turn it into `\n` (XML 1.0 §2.11).
 */
export function withExactValues(document: string): string {
  return document
    .replaceAll(sections, (_, value: string) =>
      escapeHtml(value.slice('<![CDATA['.length, -']]>'.length).replaceAll(']]><![CDATA[', ''))
        // The RSS profile recommends these references in plain text. A parser reads them like the named ones.
        .replaceAll('&amp;', '&#x26;')
        .replaceAll('&lt;', '&#x3C;'),
    )
    .replaceAll('\r', '&#13;');
}

/**
 * Returns a document without characters that XML 1.0 forbids (production 2): parsers reject the whole document for one.
 */
export function withoutXmlFaults(document: string): string {
  return document.replaceAll(/[\u{0}-\u{8}\u{b}\u{c}\u{e}-\u{1f}\u{fffe}\u{ffff}]/gu, '');
}

export function links(
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

/** Returns the authors' names in the byline of a card. */
export function authorsIn({ by }: Card): string[] {
  return by === undefined ? [] : authorsOf({ by });
}

export function authorFeedsIn(site: Site, card: Card): { name: string; url: string }[] {
  return feedKinds.author.feedsOnCard(card).map(({ feed, name }) => ({ name, url: site.url + feedPagePath(feed) }));
}

/** Returns the names of a story's section, topics and genres. */
export function tagsOf(site: Site, { section, sectionName: named, topics = [], genres = [] }: Card): string[] {
  return [...new Set([...(section === undefined ? [] : [sectionName(site, section, named)]), ...topics, ...genres])];
}

/** Returns the pictures of a story with absolute addresses: all of them, or the one of its card. */
export function picturesIn(site: Site, { card: { picture }, pictures }: FeedItem): readonly FeedPicture[] {
  return (pictures ?? (picture ? [picture] : [])).map((each) => ({
    ...each,
    href: absolute(site, each.href),
    contentType: each.contentType ?? mediaTypeOf(absolute(site, each.href)),
  }));
}

/** Returns pictures as Media RSS describes them (rssboard.org/media-rss). */
export function mediaOf(site: Site, item: FeedItem) {
  const pictures = picturesIn(site, item);
  if (pictures.length === 0) return {};
  return {
    media: {
      contents: pictures.map(({ href, contentType, width, height, sizeInBytes, alt, caption, credit, copyright }) => ({
        url: href,
        medium: 'image',
        ...(contentType !== undefined && { type: contentType }),
        ...(sizeInBytes !== undefined && { fileSize: sizeInBytes }),
        ...(width !== undefined && height !== undefined && { width, height }),
        ...(caption !== undefined && { description: { value: caption, type: 'plain' } }),
        ...(alt !== undefined && { title: { value: alt, type: 'plain' } }),
        ...(credit !== undefined && { credits: [{ value: credit }] }),
        ...(copyright !== undefined && { copyright: { value: copyright } }),
      })),
    },
  };
}
