import { generateAtomFeed, generateJsonFeed, generateRssFeed } from 'feedsmith';
import { authorsOf } from '../../shared/article.ts';
import type { Card } from '../../shared/card.ts';
import { escapeHtml } from '../../shared/sanitise.ts';
import { feedPagePath, feedTitle, type Site } from './site.ts';

/** What a feed document is made of, whatever its format. */
export interface FeedContent {
  readonly feed: string;
  readonly cards: readonly Card[];
  /** When anything on this page of the feed last changed. */
  readonly changedAt: Date;
  /** This document, and the next older one, as absolute URLs. */
  readonly selfUrl: string;
  readonly nextUrl: string | undefined;
}

export interface FeedFormat {
  readonly contentType: string;
  readonly write: (site: Site, content: FeedContent) => string;
}

/** JSON Feed 1.1 (jsonfeed.org/version/1.1). */
function jsonFeed(site: Site, { feed, cards, selfUrl, nextUrl }: FeedContent): string {
  return JSON.stringify({
    // The generator leaves out an empty list, which the format requires.
    items: [],
    ...(generateJsonFeed({
      title: `${feedTitle(feed)} – ${site.name}`,
      home_page_url: site.url + feedPagePath(feed),
      feed_url: selfUrl,
      ...(nextUrl !== undefined && { next_url: nextUrl }),
      items: cards.map((card) => ({
        id: card.uri,
        url: site.url + card.path,
        title: card.headline,
        // The format asks every item for content; a list has the standfirst, else the headline.
        content_text: card.standfirst ?? card.headline,
        ...(card.standfirst !== undefined && { summary: card.standfirst }),
        ...(card.picture && { image: card.picture.href }),
        date_published: new Date(card.firstPublished),
        date_modified: new Date(card.updated),
        ...(authorsIn(card).length > 0 && { authors: authorsIn(card).map((name) => ({ name })) }),
        ...(tagsOf(card).length > 0 && { tags: tagsOf(card) }),
        _pressrun: card,
      })),
    }) as object),
  });
}

/** RSS 2.0 (rssboard.org/rss-specification) with Media RSS, Dublin Core and Atom's links. */
function rss(site: Site, { feed, cards, changedAt, selfUrl, nextUrl }: FeedContent): string {
  return withoutXmlFaults(
    generateRssFeed({
      title: `${feedTitle(feed)} – ${site.name}`,
      link: site.url + feedPagePath(feed),
      description: `${feedTitle(feed)} from ${site.name}`,
      ...(changedAt.getTime() > 0 && { lastBuildDate: changedAt }),
      atom: { links: links(selfUrl, nextUrl, 'application/rss+xml') },
      items: cards.map((card) => ({
        title: card.headline,
        link: site.url + card.path,
        guid: { value: card.uri, isPermaLink: false },
        pubDate: new Date(card.firstPublished),
        // RSS's description is HTML to its readers, and a standfirst is plain text.
        ...(card.standfirst !== undefined && { description: escapeHtml(card.standfirst) }),
        ...(tagsOf(card).length > 0 && { categories: tagsOf(card).map((name) => ({ name })) }),
        ...(authorsIn(card).length > 0 && { dc: { creators: authorsIn(card) } }),
        atom: { updated: new Date(card.updated) },
        ...mediaOf(card),
      })),
    }),
  );
}

/** Atom (RFC 4287). */
function atom(site: Site, { feed, cards, changedAt, selfUrl, nextUrl }: FeedContent): string {
  return withoutXmlFaults(
    generateAtomFeed({
      id: `${site.url}/feeds/${feed}.atom`,
      title: { value: `${feedTitle(feed)} – ${site.name}` },
      updated: changedAt,
      // RFC 4287 §4.1.1: entries without an author need one on the feed.
      authors: [{ name: site.name }],
      links: [
        ...links(selfUrl, nextUrl, 'application/atom+xml'),
        { href: site.url + feedPagePath(feed), rel: 'alternate', type: 'text/html' },
      ],
      entries: cards.map((card) => ({
        id: card.uri,
        title: { value: card.headline, type: 'text' },
        published: new Date(card.firstPublished),
        updated: new Date(card.updated),
        links: [{ href: site.url + card.path, rel: 'alternate', type: 'text/html' }],
        ...(authorsIn(card).length > 0 && { authors: authorsIn(card).map((name) => ({ name })) }),
        ...(card.standfirst !== undefined && { summary: { value: card.standfirst, type: 'text' } }),
        ...(tagsOf(card).length > 0 && { categories: tagsOf(card).map((term) => ({ term })) }),
        ...mediaOf(card),
      })),
    }),
  );
}

export const feedFormats: Readonly<Record<string, FeedFormat>> = {
  json: { contentType: 'application/feed+json; charset=utf-8', write: jsonFeed },
  rss: { contentType: 'application/rss+xml; charset=utf-8', write: rss },
  atom: { contentType: 'application/atom+xml; charset=utf-8', write: atom },
};

/** One character that XML 1.0 does not know (production 2) would cost a reader the whole feed. */
export function withoutXmlFaults(document: string): string {
  return document.replaceAll(/[\u{0}-\u{8}\u{b}\u{c}\u{e}-\u{1f}\u{fffe}\u{ffff}]/gu, '');
}

function links(selfUrl: string, nextUrl: string | undefined, type: string): { href: string; rel: string; type: string }[] {
  return [{ href: selfUrl, rel: 'self', type }, ...(nextUrl === undefined ? [] : [{ href: nextUrl, rel: 'next', type }])];
}

/** The names in the byline; the byline itself is on the card. */
function authorsIn({ by }: Card): string[] {
  return by === undefined ? [] : authorsOf({ by });
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
