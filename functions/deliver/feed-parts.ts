import { authorsOf } from '../../shared/article/byline.ts';
import type { Card } from '../../shared/article/card.ts';
import { escapeHtml } from '../../shared/article/html.ts';
import type { RemovedEntry } from '../../shared/feed/feed.ts';
import { feedKinds } from '../../shared/feed/placement.ts';
import { mediaTypeOf } from '../../shared/picture/renditions.ts';
import { absolute, feedPagePath, sectionName, type Site } from './site.ts';

/** A picture of a story in a feed, with the file that is offered. */
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
  /** Of the change that the card shows. */
  readonly seq: number;
  /** The whole text as HTML, where the theme or the format wants it. */
  readonly content?: string | undefined;
  /** All pictures, where the text is wanted; else the card has one. */
  readonly pictures?: readonly FeedPicture[] | undefined;
  /** Who owns the text. */
  readonly copyright?: string | undefined;
}

/** What a feed document is made of, whatever its format. */
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

/** Values that hold `&`, `<` or `]]>`: the generator writes them as CDATA sections, several where `]]>` has to be cut. */
const sections = /\n *((?:<!\[CDATA\[[^]*?\]\]>)+)\n *(?=<\/)/g;

/**
 * The generator puts such values on lines of their own, and white space belongs to a value: Atom compares ids character by character
 * (RFC 4287 §4.2.6.1). Line ends of other kinds are written so that no parser makes them `\n` (XML 1.0 §2.11).
 */
export function toTheCharacter(document: string): string {
  return document
    .replaceAll(sections, (_, value: string) =>
      escapeHtml(value.slice('<![CDATA['.length, -']]>'.length).replaceAll(']]><![CDATA[', ''))
        // The RSS profile asks for these references in plain text; to a parser they are the same.
        .replaceAll('&amp;', '&#x26;')
        .replaceAll('&lt;', '&#x3C;'),
    )
    .replaceAll('\r', '&#13;');
}

/** One character that XML 1.0 does not know (production 2) would cost a reader the whole feed. */
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

/** Returns the names in the byline; the byline itself is on the card. */
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
