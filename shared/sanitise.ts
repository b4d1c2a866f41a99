import sanitizeHtml, { type IOptions } from 'sanitize-html';
import * as v from 'valibot';
import { headlineOf, isHtml, isPlain, lineOf, type Article, type Text } from './article.ts';
import { webAddress } from './field-schema.ts';
import { unescapeHtml } from './html.ts';

const options: IOptions = {
  allowedTags: [
    'p',
    'h2',
    'h3',
    'h4',
    'ul',
    'ol',
    'li',
    'dl',
    'dt',
    'dd',
    'blockquote',
    'q',
    'cite',
    'figure',
    'figcaption',
    'img',
    'a',
    'em',
    'strong',
    'b',
    'i',
    'u',
    's',
    'sup',
    'sub',
    'small',
    'mark',
    'abbr',
    'time',
    'br',
    'hr',
    'pre',
    'code',
    'table',
    'caption',
    'thead',
    'tbody',
    'tfoot',
    'tr',
    'th',
    'td',
  ],
  allowedAttributes: {
    a: ['href', 'title'],
    img: ['src', 'srcset', 'alt', 'width', 'height', 'title'],
    abbr: ['title'],
    time: ['datetime'],
    th: ['colspan', 'rowspan', 'scope'],
    td: ['colspan', 'rowspan'],
    '*': ['lang', 'dir'],
  },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['http', 'https'] },
  allowProtocolRelative: false,
  transformTags: {
    // The page's own headline is its only h1.
    h1: 'h2',
    h5: 'h4',
    h6: 'h4',
    iframe: embedAsLink,
    embed: embedAsLink,
    video: embedAsLink,
    audio: embedAsLink,
  },
  nonTextTags: ['script', 'style', 'textarea', 'option', 'noscript', 'title', 'head', 'svg', 'math', 'template', 'object'],
};

/** Foreign frames run foreign code; a link to them does not. */
function embedAsLink(
  _tag: string,
  attributes: Record<string, string>,
): { tagName: string; attribs: Record<string, string>; text?: string } {
  const source = attributes['src'] ?? '';
  return source === '' ? { tagName: 'span', attribs: {} } : { tagName: 'a', attribs: { href: source }, text: source };
}

/** HTML from outside as it may be stored and shown: no script, no handler, no foreign frame, no scheme that runs code. */
export function sanitise(html: string, headline?: string): string {
  const same = headline?.trim().toLowerCase();
  const clean = sanitizeHtml(html, {
    ...options,
    // Some agencies repeat the headline as the body's first heading.
    exclusiveFilter: (frame) => /^h[1-6]$/.test(frame.tag) && frame.text.trim().toLowerCase() === same,
  }).trim();
  // Some agencies send running text without any paragraph.
  return clean === '' || /<(?:p|h2|h3|h4|ul|ol|dl|blockquote|figure|table|pre)\b/.test(clean) ? clean : `<p>${clean}</p>`;
}

/**
 * Cleans whatever of an article could run, at any depth: ninjs lets an association be a whole item. HTML belongs in bodies
 * and descriptions; wherever else it is declared only its text stays. A body that is neither HTML nor plain text (NITF,
 * RTF …) is dropped: nobody here can vouch for it. So are nulls, and links that are no web address.
 */
export function sanitiseArticle(article: Article): Article {
  return harmless(article, '', headlineOf(article)) as Article;
}

function harmless(value: unknown, field: string, headline: string | undefined): unknown {
  if (Array.isArray(value))
    return value.filter((item) => item !== null && !isForeign(item, field)).map((item) => harmless(item, field, headline));
  if (typeof value !== 'object' || value === null || field === 'geoJSON') return value;
  const kept = Object.entries(value).filter(([name, held]) => name !== 'href' || v.is(webAddress, held));
  const item = Object.fromEntries(kept.map(([name, held]) => [name, harmless(held, name, field === '' ? headline : undefined)]));
  if (!isText(item)) return item;
  if (mayBeHtml(field)) return isHtml(item) ? { ...item, value: sanitise(item.value, headline) } : item;
  return item.contentType !== undefined && isHtml(item) ? { ...item, contentType: 'text/plain', value: textOfHtml(item.value) } : item;
}

function mayBeHtml(field: string): boolean {
  return field === 'bodies' || field === 'descriptions';
}

function isForeign(item: unknown, field: string): boolean {
  return mayBeHtml(field) && isText(item) && !isHtml(item) && !isPlain(item);
}

function isText(item: unknown): item is Text {
  if (typeof item !== 'object' || item === null) return false;
  const { value, contentType, role } = item as Partial<Record<keyof Text, unknown>>;
  return typeof value === 'string' && [contentType, role].every((said) => said === undefined || typeof said === 'string');
}

/** Where a browser begins a new line (HTML §15.3), words end, though no space may stand there. */
const lineBreaks = /<(?=\/?(?:address|article|aside|blockquote|br|dd|div|dl|dt|fig(?:ure|caption)|footer|form|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|t(?:able|[dhr])|ul)\b)/gi;

/** What a reader sees of HTML. */
function textOfHtml(html: string): string {
  const apart = html.replaceAll(lineBreaks, ' <');
  return unescapeHtml(sanitizeHtml(apart, { allowedTags: [], allowedAttributes: {}, nonTextTags: options.nonTextTags })).trim();
}

/** HTML as one line of plain text. */
export function plainTextOf(html: string): string {
  return lineOf(textOfHtml(html));
}
