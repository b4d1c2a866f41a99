import { escapeHtml } from '../article/html.ts';
import type { Text } from '../article/article.ts';
import type { Warning } from '../article/warning.ts';
import { at, below, elementsOf, lineIn, textAt, type XmlElement } from './xml.ts';

/**
 * The HTML element for each element of NITF 3.6 and of XHTML. Elements that are not listed are replaced by their
 * content.
 */
const inHtml: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      'p',
      'em',
      'strong',
      'b',
      'i',
      'q',
      'a',
      'ul',
      'ol',
      'li',
      'dl',
      'dt',
      'dd',
      'table',
      'thead',
      'tbody',
      'tr',
      'td',
      'th',
    ]
      .concat(['caption', 'pre', 'sub', 'sup', 'blockquote', 'figure', 'figcaption', 'h2', 'h3', 'h4', 'h5', 'h6'])
      .map((name) => [name, name]),
  ),
  h1: 'h2',
  hl1: 'h2',
  hl2: 'h2',
  bq: 'blockquote',
  tagline: 'p',
  credit: 'p',
};
const empty = ['br', 'hr', 'img'];
const kept = ['href', 'src', 'alt', 'width', 'height', 'colspan', 'rowspan'];
/** Notes to editors, and data about media. */
const notForReaders = ['note', 'ednote', 'media-metadata', 'media-object', 'script', 'style', 'head', 'datasource'];

/** Returns the content of NITF or XHTML as HTML, which the sanitiser cleans like any other. */
export function htmlOf(children: XmlElement['children']): string {
  return children.map((child) => (typeof child === 'string' ? escapeHtml(child) : elementHtml(child))).join('');
}

function elementHtml(element: XmlElement): string {
  const { name, attributes, children } = element;
  if (notForReaders.includes(name)) return '';
  if (name === 'media') return mediaHtml(element);
  if (name === 'img' && !isAbsolute(attributes['src'])) return '';
  const written = kept.flatMap((key) => {
    const value = attributes[key];
    return value === undefined ? [] : [` ${key}="${escapeHtml(value)}"`];
  });
  if (empty.includes(name)) return `<${name}${written.join('')}>`;
  const tag = Object.hasOwn(inHtml, name) ? inHtml[name] : undefined;
  return tag === undefined ? htmlOf(children) : `<${tag}${written.join('')}>${htmlOf(children)}</${tag}>`;
}

/** Returns an image as a figure with its caption and producer; other media as a link. */
function mediaHtml(media: XmlElement): string {
  const [reference] = referencesOf(media).sort(
    (a, b) => Number(b.attributes['width'] ?? 0) - Number(a.attributes['width'] ?? 0),
  );
  if (!reference) return '';
  const { source = '', 'alternate-text': alt = '' } = reference.attributes;
  const caption = elementsOf(media, 'media-caption')
    .map(({ children }) => htmlOf(children))
    .join(' ');
  const producer = textAt(media, 'media-producer');
  const words = caption + (producer === undefined ? '' : ` (Photo: ${escapeHtml(producer)})`);
  const isImage = (media.attributes['media-type'] ?? 'image') === 'image';
  const shown = isImage
    ? `<img src="${escapeHtml(source)}" alt="${escapeHtml(alt)}">`
    : `<a href="${escapeHtml(source)}">${words || escapeHtml(source)}</a>`;
  return `<figure>${shown}${words === '' || !isImage ? '' : `<figcaption>${words}</figcaption>`}</figure>`;
}

/** Returns the files of a medium that can be fetched. */
function referencesOf(media: XmlElement): XmlElement[] {
  return elementsOf(media, 'media-reference').filter(({ attributes }) => isAbsolute(attributes['source']));
}

function isAbsolute(address = ''): boolean {
  return /^https?:/i.test(address);
}

/** Returns a warning if NITF or XHTML has media that {@link htmlOf} leaves out. */
export function mediaLeftOut(content: XmlElement | undefined, path: string): Warning[] {
  const isLeftOut =
    content &&
    ([...below(content, 'media')].some((media) => referencesOf(media).length === 0) ||
      [...below(content, 'img')].some(({ attributes }) => !isAbsolute(attributes['src'])));
  return isLeftOut ? [{ path, message: 'has media without an absolute http or https address: they are left out' }] : [];
}

/** The parts of a story in the body of NITF. */
export interface NitfBody {
  readonly headline?: string | undefined;
  readonly by?: string | undefined;
  readonly people: readonly string[];
  /** The abstract, and the subheadlines. Without an abstract, the first of these is the summary. */
  readonly descriptions: readonly Text[];
  readonly located?: string | undefined;
  readonly html?: string | undefined;
}

export function bodyOfNitf(nitf: XmlElement): NitfBody {
  const head = at(nitf, 'body', 'body.head');
  const content = [at(nitf, 'body', 'body.content'), at(nitf, 'body', 'body.end')];
  const abstract = at(head, 'abstract');
  const hedline = at(head, 'hedline');
  const bylines = head ? elementsOf(head, 'byline') : [];
  return {
    headline: textAt(head, 'hedline', 'hl1'),
    by: bylines.flatMap((one) => bylineIn(one) ?? []).join('; ') || undefined,
    people: bylines.flatMap((byline) => elementsOf(byline, 'person').flatMap((one) => textAt(one) ?? [])),
    descriptions: [
      ...(abstract ? [{ role: 'summary', contentType: 'text/html', value: htmlOf(abstract.children) }] : []),
      ...(hedline ? elementsOf(hedline, 'hl2') : [])
        .flatMap((one) => textAt(one) ?? [])
        .map((value, index) => ({
          role: index === 0 && !abstract ? 'summary' : 'subheadline',
          contentType: 'text/plain',
          value,
        })),
    ],
    located: textAt(head, 'dateline', 'location'),
    html:
      content
        .map((part) => (part ? htmlOf(part.children) : ''))
        .join('')
        .trim() || undefined,
  };
}

/** Returns a byline with the titles in it after commas. */
function bylineIn(byline: XmlElement): string | undefined {
  const titles = elementsOf(byline, 'byttl');
  const name = lineIn({
    ...byline,
    children: byline.children.filter((child) => !titles.includes(child as XmlElement)),
  });
  return [name, ...titles.map(lineIn)].filter((text) => text !== '').join(', ') || undefined;
}

/**
 * Returns a time of NITF in ISO 8601. Its basic form (`20261126T101500Z`) is expanded; any other is returned unchanged.
 */
export function nitfTime(norm: string | undefined): string | undefined {
  const [, year, month, day, hour = '00', minute = '00', second = '00', zone = ''] =
    /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z|[+-]\d\d:?\d\d)?)?$/.exec(norm ?? '') ?? [];
  return year === undefined ? norm : `${year}-${month ?? ''}-${day ?? ''}T${hour}:${minute}:${second}${zone}`;
}
