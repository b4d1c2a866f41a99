import sanitizeHtml from 'sanitize-html';
import { isHtml } from './article.ts';
import { canonicalJson } from './canonical.ts';
import { isObject } from './source-api.ts';
import type { Version } from './version.ts';

/**
 * What readers are shown of a version at an instant (epoch ms), as one text: two versions of one text cannot be told apart.
 * CMSes render HTML anew for each request, with other ids, nonces and encodings: none of these are part of it.
 */
export function readersView({ status, embargoedUntil, content }: Pick<Version, 'status' | 'embargoedUntil' | 'content'>, now: number): string {
  if (status !== 'usable') return canonicalJson({ status: 'withdrawn' });
  const { versionCreated, embargoedUntil: _, ...article } = content.article;
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

/** Attributes that only scripts and style sheets of the CMS use. Ids are renumbered wherever a link or a table cell refers to them. */
const unseenAttribute = /^(?:id|name|class|style|nonce|data-.*)$/;
const addresses = ['href', 'src', 'cite'];

/** HTML with its ids numbered in the order of the text, attributes sorted, and character references and white space written one way. */
function sameMarkup(html: string): string {
  const numbers = new Map<string, number>();
  rewritten(html, (attributes) => {
    for (const id of [attributes['id'], attributes['name']]) if (id !== undefined && !numbers.has(id)) numbers.set(id, numbers.size);
    return attributes;
  });
  const numberOf = (id: string): string => String(numbers.get(id) ?? 'none');
  const clean = rewritten(html, (attributes) =>
    Object.fromEntries(
      Object.entries(attributes)
        .filter(([name]) => !unseenAttribute.test(name))
        .map(([name, value]): [string, string] => {
          if (name === 'headers') return [name, value.split(/\s+/).map(numberOf).join(' ')];
          if (!addresses.includes(name)) return [name, value.replaceAll(/[ \t\r\n\f]+/g, ' ').trim()];
          return [name, value.startsWith('#') ? `#${numberOf(value.slice(1))}` : sameAddress(value)];
        })
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  );
  return clean.replaceAll(embedSecret, '').split(preformatted).map((part, index) => (index % 2 === 1 ? part : withoutIdleSpace(part))).join('').trim();
}

function rewritten(html: string, attributesOf: (attributes: Record<string, string>) => Record<string, string>): string {
  return sanitizeHtml(html, {
    allowedTags: false,
    allowedAttributes: false,
    allowVulnerableTags: true,
    parseStyleAttributes: false,
    transformTags: { '*': (tagName, attributes) => ({ tagName, attribs: attributesOf(attributes) }) },
  });
}

/** Line ends count in it. */
const preformatted = /(<pre\b[^>]*>[\s\S]*?<\/pre>)/;
/** Elements that begin and end a line (HTML §15.3): white space beside their tags is not shown. */
const besideBlock =
  / ?(<\/?(?:address|article|aside|blockquote|br|caption|dd|div|dl|dt|figcaption|figure|h[1-6]|hr|li|ol|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul)\b[^>]*>) ?/g;

function withoutIdleSpace(html: string): string {
  return html.replaceAll(/[ \t\r\n\f]+/g, ' ').replaceAll(besideBlock, '$1');
}

/** WordPress gives every frame of an embedded post a secret, anew at each request. */
const embedSecret = /#\?secret=\w+/g;
const nonces = ['_wpnonce', '_ajax_nonce', '_nonce', 'nonce'];

/** An address as the URL Standard writes it, without what protects a form against forgery. */
function sameAddress(given: string): string {
  const address = URL.parse(given.replaceAll(embedSecret, ''));
  if (!address) return given;
  for (const name of nonces) if (address.searchParams.has(name)) address.searchParams.delete(name);
  return address.href;
}
