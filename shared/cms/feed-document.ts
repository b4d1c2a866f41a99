import { escapeHtml } from '../article/html.ts';
import { filesIn, thumbnailsIn, type FeedFile } from './feed-files.ts';
import { absolute, idOf, number, pageAddress, seconds, timeIn } from './feed-values.ts';
import { elementsOf, looseXmlIn, textIn, type XmlElement } from './xml.ts';

/** An entry of a feed, with the fields that RSS and Atom have in common. Its texts are unchanged. */
export interface FeedEntry {
  readonly id: string;
  /** The address of the feed; undefined in a document that was sent. */
  readonly feed: string | undefined;
  /** Whether this is a deleted entry (RFC 6721), which has only an id and a time. */
  readonly isDeleted: boolean;
  /** ISO 8601. Undefined if the feed has no time or one without a known zone. */
  readonly updated: string | undefined;
  readonly published: string | undefined;
  readonly title?: FeedText | undefined;
  readonly summary?: FeedText | undefined;
  readonly content?: FeedText | undefined;
  /** The entry's own page, and the site's. */
  readonly link?: string | undefined;
  readonly site?: string | undefined;
  /** The base of relative addresses. */
  readonly base?: string | undefined;
  readonly language?: string | undefined;
  readonly authors: readonly string[];
  /** The names of each category: its term, and its label if it has one. */
  readonly categories: readonly (readonly string[])[];
  readonly files: readonly FeedFile[];
}

export interface FeedText {
  readonly value: string;
  readonly isHtml: boolean;
}

/** The largest feed that is read, in characters. */
const maxLength = 8 * 1024 * 1024;

/** The modules of feeds that are read. */
const prefixes = new Map([
  ['http://purl.org/rss/1.0/modules/content/', 'content'],
  ['http://purl.org/dc/elements/1.1/', 'dc'],
  ['http://purl.org/dc/terms/', 'dcterms'],
  ['http://search.yahoo.com/mrss/', 'media'],
  ['http://www.itunes.com/dtds/podcast-1.0.dtd', 'itunes'],
  ['http://www.w3.org/2005/Atom', 'atom'],
  ['http://purl.org/atompub/tombstones/1.0', 'at'],
]);

/**
 * Reads a feed in RSS 2.0 or 1.0, or in Atom. Returns its entries, only the latest of those with the same id; undefined
 * if it is no feed, or is cut off.
 */
export function entriesIn(text: string, feed?: string): FeedEntry[] | undefined {
  const root = text.length > maxLength ? undefined : looseXmlIn(text, prefixes);
  const entries = root && feedEntries(root, feed);
  if (!entries) return undefined;
  const latest = new Map<string, FeedEntry>();
  for (const entry of entries) {
    const other = latest.get(entry.id);
    if (!other || timeOf(entry) > timeOf(other)) latest.set(entry.id, entry);
  }
  return [...latest.values()];
}

function feedEntries(root: XmlElement, feed: string | undefined): FeedEntry[] | undefined {
  const channel = elementsOf(root, 'channel')[0];
  if (root.name === 'feed')
    return [
      ...elementsOf(root, 'entry').map((entry) => ofAtom(entry, root, feed)),
      ...elementsOf(root, 'at:deleted-entry').flatMap((entry) => ofDeleted(entry, root, feed)),
    ];
  if (root.name === 'rss' && channel) return elementsOf(channel, 'item').map((item) => ofRss(item, channel, feed));
  return root.name === 'rdf:rdf' && channel
    ? elementsOf(root, 'item').map((item) => ofRss(item, channel, feed))
    : undefined;
}

function timeOf({ updated, published }: FeedEntry): string {
  return [updated ?? '', published ?? ''].sort()[1] ?? '';
}

function ofRss(item: XmlElement, channel: XmlElement, address: string | undefined): FeedEntry {
  const site = absolute(firstText(channel, 'link'), address);
  const [guid] = elementsOf(item, 'guid');
  const permalink =
    guid?.attributes['ispermalink'] === 'false' ? undefined : absolute(firstText(item, 'guid'), undefined);
  const link = pageAddress(firstText(item, 'link') ?? alternate(item, 'atom:link') ?? permalink, site ?? address);
  // RSS 2.0 has a mail address here, often with a name in brackets. Other feeds have a name.
  const mailers = textsIn(item, 'author').map((author) => (author.includes('@') ? bracketed(author) : author));
  const authors = [...textsIn(item, 'dc:creator'), ...mailers, ...textsIn(item, 'itunes:author')];
  return {
    id: idOf(
      firstText(item, 'guid') ?? item.attributes['rdf:about'] ?? link ?? firstText(item, 'title', 'description') ?? '',
      site ?? address,
    ),
    feed: address,
    isDeleted: false,
    updated: timeIn(firstText(item, 'atom:updated', 'dcterms:modified')),
    published: timeIn(firstText(item, 'pubdate', 'atom:published', 'dcterms:issued', 'dc:date')),
    // RSS does not define whether a text is HTML. Feed readers treat it as HTML.
    title: html(item, 'title', 'media:title'),
    summary: html(item, 'description'),
    content: html(item, 'content:encoded'),
    link,
    site,
    base: link ?? site ?? address,
    language: firstText(item, 'dc:language') ?? firstText(channel, 'language', 'dc:language'),
    authors: named(authors, textsIn(channel, 'dc:creator')),
    categories: [...textsIn(item, 'category'), ...textsIn(item, 'dc:subject')].map((name) => [name]),
    files: [
      ...filesIn(item),
      ...elementsOf(item, 'enclosure').map(({ attributes: { url, type, length } }) => ({
        href: url,
        contentType: type,
        bytes: number(length),
        duration: seconds(firstText(item, 'itunes:duration')),
      })),
      ...thumbnailsIn(item),
    ],
  };
}

function bracketed(text: string): string {
  const start = text.indexOf('(');
  return start >= 0 && text.endsWith(')') ? text.slice(start + 1, -1) : '';
}

function ofAtom(entry: XmlElement, feed: XmlElement, address: string | undefined): FeedEntry {
  const site = siteOf(feed, address);
  const outer = absolute(feed.attributes['xml:base'], address) ?? address ?? site;
  const base = absolute(entry.attributes['xml:base'], outer) ?? outer;
  const link = pageAddress(alternate(entry, 'link'), base);
  const names = (element: XmlElement): string[] =>
    elementsOf(element, 'author').flatMap((author) => firstText(author, 'name') ?? []);
  return {
    id: idOf(firstText(entry, 'id') ?? link ?? firstText(entry, 'title') ?? '', site ?? address),
    feed: address,
    isDeleted: false,
    updated: timeIn(firstText(entry, 'updated')),
    published: timeIn(firstText(entry, 'published')),
    title: atomText(entry, 'title') ?? html(entry, 'media:title'),
    summary: atomText(entry, 'summary'),
    content: atomText(entry, 'content'),
    link,
    site,
    base: base ?? link,
    language: entry.attributes['xml:lang'] ?? feed.attributes['xml:lang'],
    authors: named(names(entry), elementsOf(entry, 'source').flatMap(names), names(feed)),
    categories: elementsOf(entry, 'category').map(({ attributes: { term, label } }) => named([term, label])),
    files: [
      ...filesIn(entry),
      ...elementsOf(entry, 'link')
        .filter(({ attributes: { rel } }) => rel === 'enclosure')
        .map(({ attributes: { href, type, length } }) => ({ href, contentType: type, bytes: number(length) })),
      ...thumbnailsIn(entry),
    ],
  };
}

/** Reads an entry that the feed names as deleted (RFC 6721). */
function ofDeleted({ attributes }: XmlElement, feed: XmlElement, address: string | undefined): FeedEntry[] {
  const { ref, when } = attributes;
  if (ref === undefined) return [];
  const id = idOf(ref, siteOf(feed, address) ?? address);
  const nothing = { published: undefined, authors: [], categories: [], files: [] };
  return [{ id, feed: address, isDeleted: true, updated: timeIn(when), ...nothing }];
}

function siteOf(feed: XmlElement, address: string | undefined): string | undefined {
  return absolute(alternate(feed, 'link'), feed.attributes['xml:base'] ?? address);
}

function alternate(element: XmlElement, name: string): string | undefined {
  return elementsOf(element, name).find(({ attributes: { rel = 'alternate' } }) => rel === 'alternate')?.attributes[
    'href'
  ];
}

/** Returns the texts of all elements of a name, without empty ones. */
function textsIn(element: XmlElement, name: string): string[] {
  return named(elementsOf(element, name).map((one) => textIn(one)));
}

/** Returns the first text that is not empty of the elements with these names. */
function firstText(element: XmlElement, ...names: readonly string[]): string | undefined {
  return names.flatMap((name) => textsIn(element, name))[0];
}

/** Returns the first list with a text that is not empty, without its empty texts. */
function named(...lists: readonly (readonly (string | undefined)[])[]): string[] {
  return (
    lists
      .map((names) => [...new Set(names.map((name) => name?.trim() ?? ''))].filter((name) => name !== ''))
      .find(({ length }) => length > 0) ?? []
  );
}

function html(element: XmlElement, ...names: readonly string[]): FeedText | undefined {
  return names
    .flatMap((name) => elementsOf(element, name))
    .map(({ children }) => ({ value: valueOf(children), isHtml: true }))
    .find(({ value }) => value.trim() !== '');
}

/** Returns the text of an element, or the markup if the feed has it unescaped. */
function valueOf(children: XmlElement['children']): string {
  return children.every((child) => typeof child === 'string') ? children.join('') : markupOf(children);
}

/** Reads a text of Atom (RFC 4287 §3.1); undefined for content of another type, which is a file and no text. */
function atomText(entry: XmlElement, name: string): FeedText | undefined {
  const [element] = elementsOf(entry, name);
  const type = element?.attributes['type'] ?? 'text';
  if (!element || !/^(?:text|html|xhtml|text\/(?:html|plain)|application\/xhtml\+xml)$/.test(type)) return undefined;
  const [div] = elementsOf(element, 'div');
  const value = type === 'xhtml' && div ? markupOf(div.children) : valueOf(element.children);
  return value.trim() === '' ? undefined : { value, isHtml: type.includes('html') };
}

const empty = new Set(['br', 'hr', 'img', 'source', 'track', 'wbr', 'col', 'embed', 'input']);

/** Returns XHTML as HTML, which the sanitiser cleans like any other. */
function markupOf(children: XmlElement['children']): string {
  return children
    .map((child) => {
      if (typeof child === 'string') return escapeHtml(child);
      const attributes = Object.entries(child.attributes).map(([name, value]) => ` ${name}="${escapeHtml(value)}"`);
      const end = empty.has(child.name) ? '' : `${markupOf(child.children)}</${child.name}>`;
      return `<${child.name}${attributes.join('')}>${end}`;
    })
    .join('');
}
