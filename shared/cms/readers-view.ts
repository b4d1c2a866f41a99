import { defaultTreeAdapter, parseFragment, serialize, type DefaultTreeAdapterTypes } from 'parse5';
import { isHtml } from '../article/article.ts';
import { canonicalJson } from '../canonical.ts';
import { isObject } from './source-api.ts';
import type { Version } from '../article/version.ts';

/**
 * Returns a version as readers see it at an instant (epoch ms), as one text. Readers cannot distinguish two versions
 * with the same text. CMSes render HTML anew for each request, with other ids, nonces and encodings, so the text has
 * none of these.
 */
export function readersView(
  { status, embargoedUntil, content }: Pick<Version, 'status' | 'embargoedUntil' | 'content'>,
  now: number,
): string {
  if (status !== 'usable') return canonicalJson({ status: 'withdrawn' });
  // Only the first version's publication time counts, and its field was renamed.
  const { versionCreated, embargoedUntil: _, firstCreated, firstPublished, ...article } = content.article;
  const embargo = embargoedUntil !== undefined && embargoedUntil > now ? embargoedUntil : undefined;
  return canonicalJson({ status, embargo, path: content.path, article: normalised(article, '') });
}

function normalised(value: unknown, field: string): unknown {
  if (typeof value === 'string') return field === 'href' ? sameAddress(value) : value;
  if (Array.isArray(value)) return value.map((item) => normalised(item, field));
  if (!isObject(value)) return value;
  const item = Object.fromEntries(Object.entries(value).map(([name, held]) => [name, normalised(held, name)]));
  const { value: text, contentType, role } = item;
  const isMarkup =
    typeof text === 'string' &&
    typeof contentType === 'string' &&
    (role === undefined || typeof role === 'string') &&
    isHtml({ value: text, contentType, ...(role !== undefined && { role }) });
  return isMarkup ? { ...item, value: sameMarkup(text) } : item;
}

/**
 * Matches attributes that only the CMS's scripts and style sheets use. Ids to which a link or a table cell refers are
 * renumbered.
 */
const unseenAttribute = /^(?:id|name|class|style|nonce|data-.*)$/;
const addresses = ['href', 'src', 'cite'];

/**
 * Returns HTML in one form: ids numbered in document order, attributes sorted, character references and white space
 * normalised.
 */
function sameMarkup(html: string): string {
  const tree = parseFragment(html, { scriptingEnabled: false });
  const elements = elementsIn(tree);
  const numbers = new Map<string, number>();
  for (const { attrs } of elements)
    for (const { name, value } of attrs)
      if ((name === 'id' || name === 'name') && !numbers.has(value)) numbers.set(value, numbers.size);
  const numberOf = (id: string): string => String(numbers.get(id) ?? 'none');
  const seen = (name: string, value: string): string => {
    if (name === 'headers') return value.split(/\s+/).map(numberOf).join(' ');
    if (!addresses.includes(name)) return value.replaceAll(/[ \t\r\n\f]+/g, ' ').trim();
    return value.startsWith('#') ? `#${numberOf(value.slice(1))}` : sameAddress(value);
  };
  for (const element of elements)
    element.attrs = element.attrs
      .filter(({ name }) => !unseenAttribute.test(name))
      .map(({ name, value }) => ({ name, value: seen(name, value) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  const clean = serialize(tree);
  return clean
    .replaceAll(embedSecret, '')
    .split(preformatted)
    .map((part, index) => (index % 2 === 1 ? part : withoutIdleSpace(part)))
    .join('')
    .trim();
}

/** Returns every element of a tree in document order. */
function elementsIn(tree: DefaultTreeAdapterTypes.DocumentFragment): DefaultTreeAdapterTypes.Element[] {
  const elements: DefaultTreeAdapterTypes.Element[] = [];
  const waiting = tree.childNodes.toReversed();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (!defaultTreeAdapter.isElementNode(node)) continue;
    elements.push(node);
    for (const child of node.childNodes.toReversed()) waiting.push(child);
  }
  return elements;
}

/** Matches preformatted text, in which line ends are significant. */
const preformatted = /(<pre\b[^>]*>[\s\S]*?<\/pre>)/;
/** Matches white space beside the tags of elements that begin and end a line (HTML §15.3). Browsers do not show it. */
const besideBlock =
  / ?(<\/?(?:address|article|aside|blockquote|br|caption|dd|div|dl|dt|figcaption|figure|h[1-6]|hr|li|ol|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul)\b[^>]*>) ?/g;

function withoutIdleSpace(html: string): string {
  return html.replaceAll(/[ \t\r\n\f]+/g, ' ').replaceAll(besideBlock, '$1');
}

/** WordPress gives every frame of an embedded post a new secret in each response. */
const embedSecret = /#\?secret=\w+/g;
const nonces = ['_wpnonce', '_ajax_nonce', '_nonce', 'nonce'];

/** Returns an address as the URL Standard serialises it, without the tokens that protect forms against forgery. */
function sameAddress(given: string): string {
  const address = URL.parse(given.replaceAll(embedSecret, ''));
  if (!address) return given;
  for (const name of nonces) if (address.searchParams.has(name)) address.searchParams.delete(name);
  return address.href;
}
