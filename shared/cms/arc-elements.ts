import { escapeHtml } from '../article/html.ts';
import { pictureOf, renditionOf } from '../article/caption.ts';
import type { Association } from '../article/article.ts';
import type { Warning } from '../article/warning.ts';
import { isObject } from './source-api.ts';

type Element = Readonly<Record<string, unknown>>;

/** The body of an ANS story as HTML, and warnings for the parts that cannot be shown. */
export interface ArcBody {
  readonly html: string;
  readonly warnings: readonly Warning[];
}

/** Elements may hold elements; the schema sets no bound. */
const maxDepth = 10;

/** Returns the body of ANS `content_elements` (schema 0.10, `story_elements/`). */
export function bodyOfElements(elements: unknown): ArcBody {
  const warnings: Warning[] = [];
  return { html: htmlOf(elements, ['content_elements'], warnings, maxDepth), warnings };
}

function htmlOf(elements: unknown, path: readonly string[], warnings: Warning[], depth: number): string {
  if (elements === undefined || elements === null) return '';
  if (!Array.isArray(elements) || depth === 0) {
    warnings.push({
      path: path.join('.'),
      message: 'is left out: it must be a list of elements, nested at most ten deep',
    });
    return '';
  }
  return elements
    .map((element: unknown, index) => elementHtml(element, [...path, String(index)], warnings, depth))
    .filter((html) => html !== '')
    .join('\n');
}

function elementHtml(element: unknown, path: readonly string[], warnings: Warning[], depth: number): string {
  if (!isObject(element)) return '';
  const content = textOf(element, 'content');
  const inner = (field: string, tag: string, attributes = ''): string => {
    const html = htmlOf(element[field], [...path, field], warnings, depth - 1);
    return html === '' ? '' : `<${tag}${attributes}>${html}</${tag}>`;
  };
  switch (textOf(element, 'type')) {
    // The content of these elements is HTML.
    case 'text':
      return content === '' ? '' : `<p>${content}</p>`;
    case 'raw_html':
      return content;
    case 'blockquote':
      return `<blockquote>${content}</blockquote>`;
    case 'header': {
      const level = Number(element['level']);
      return `<h${level >= 2 && level <= 6 ? level : 2}>${content}</h${level >= 2 && level <= 6 ? level : 2}>`;
    }
    case 'code':
      return `<pre><code>${escapeHtml(content)}</code></pre>`;
    case 'divider':
      return '<hr>';
    case 'list':
      return listOf(element, path, warnings, depth);
    case 'quote': {
      const cited = textOf(element['citation'], 'content');
      const words = htmlOf(element['content_elements'], [...path, 'content_elements'], warnings, depth - 1);
      return `<blockquote>${words}${cited === '' ? '' : `<cite>${cited}</cite>`}</blockquote>`;
    }
    case 'table':
      return tableOf(element);
    case 'element_group':
      return inner('content_elements', 'div');
    case 'correction':
      return `<p><strong>${escapeHtml(named(textOf(element, 'correction_type') || 'correction'))}:</strong> ${textOf(element, 'text')}</p>`;
    case 'interstitial_link':
      return linkTo(textOf(element, 'url'), content) + blurbOf(element);
    case 'link_list': {
      const title = textOf(element, 'title');
      const links = listIn(element['items']).map(
        (item) => `<li>${anchor(textOf(item, 'url'), textOf(item, 'content'))}${blurbOf(item)}</li>`,
      );
      return `${title === '' ? '' : `<h3>${escapeHtml(title)}</h3>`}<ul>${links.join('')}</ul>`;
    }
    case 'image':
      if (textOf(element, 'url') === '')
        warnings.push({ path: [...path, 'url'].join('.'), message: 'is missing: the picture is left out' });
      return imageHtml(element);
    case 'gallery': {
      const title = textOf(element['headlines'], 'basic');
      const words = (title === '' ? '' : `<h3>${title}</h3>`) + blurbOf(element);
      return [words, ...listIn(element['content_elements']).map(imageHtml)].filter((html) => html !== '').join('\n');
    }
    case 'video':
    case 'audio':
      return playerLink(element);
    case 'oembed_response': {
      const embed = element['raw_oembed'];
      return textOf(embed, 'html') || linkTo(textOf(embed, 'url') || textOf(element, 'url'), textOf(embed, 'title'));
    }
    case 'story':
      return linkTo(addressOf(element), textOf(element['headlines'], 'basic'));
    // Elements for ads and layouts are not for readers.
    case 'content_zone':
    case 'reference':
      return '';
    default:
      warnings.push({
        path: path.join('.'),
        message: `is not shown: elements of type ${JSON.stringify(textOf(element, 'type').slice(0, 60))} are not known`,
      });
      return '';
  }
}

function listOf(element: Element, path: readonly string[], warnings: Warning[], depth: number): string {
  const tag = textOf(element, 'list_type') === 'ordered' ? 'ol' : 'ul';
  const items = listIn(element['items']).map((item, index) => {
    const html =
      textOf(item, 'type') === 'list' && depth > 1
        ? listOf(item, [...path, 'items', String(index)], warnings, depth - 1)
        : textOf(item, 'content');
    return `<li>${html}</li>`;
  });
  return `<${tag}>${items.join('')}</${tag}>`;
}

function tableOf({ header, rows }: Element): string {
  const cells = (row: unknown, tag: string): string =>
    listIn(isObject(row) ? row['cells'] : row)
      .map((cell) => `<${tag}>${textOf(cell, 'content')}</${tag}>`)
      .join('');
  const head = listIn(header).length > 0 ? `<thead><tr>${cells(header, 'th')}</tr></thead>` : '';
  const body = (Array.isArray(rows) ? rows : []).map((row: unknown) => `<tr>${cells(row, 'td')}</tr>`);
  return `<table>${head}<tbody>${body.join('')}</tbody></table>`;
}

/** Returns an ANS image as a ninjs picture; an empty list for an image without an address. */
export function imageOf(image: Element): Association[] {
  return pictureOf({
    renditions: [renditionOf('original', textOf(image, 'url'), { width: image['width'], height: image['height'] })],
    alt: textOf(image, 'alt_text'),
    caption: textOf(image, 'caption') || textOf(image, 'subtitle'),
    credit: creditOf(image),
  });
}

/**
 * Returns the names of an image's authors and of its source: `Ada Marlow/Harbour Press`. Credits that the desk wrote for
 * readers replace those of the system.
 */
function creditOf(image: Element): string {
  const own = image['vanity_credits'];
  const given = isObject(own) && listIn(own['by']).length > 0 ? own : image['credits'];
  const names = (field: string): string =>
    listIn(isObject(given) ? given[field] : undefined)
      .map((person) => textOf(person, 'byline') || textOf(person, 'name'))
      .filter((name) => name !== '')
      .join(', ');
  return [names('by'), names('affiliation')].filter((name) => name !== '').join('/');
}

function imageHtml(image: Element): string {
  const [picture] = imageOf(image);
  const [rendition] = picture?.renditions ?? [];
  if (picture === undefined || rendition?.href === undefined) return '';
  const { href, width, height } = rendition;
  const size = width === undefined || height === undefined ? '' : ` width="${width}" height="${height}"`;
  const caption = [picture.descriptions?.[0]?.value, picture.by].filter((text) => text !== undefined).join(' ');
  return (
    `<figure><img src="${escapeHtml(href)}" alt="${escapeHtml(textOf(image, 'alt_text'))}"${size}>` +
    `${caption === '' ? '' : `<figcaption>${escapeHtml(caption)}</figcaption>`}</figure>`
  );
}

/** Returns a link to the largest stream of a player in the text. */
function playerLink(element: Element): string {
  const streams = listIn(element['streams']).toSorted((a, b) => Number(b['width'] ?? 0) - Number(a['width'] ?? 0));
  const file = streams
    .map((stream) => textOf(stream, 'url'))
    .find((url) => /\.(?:mp4|m4v|webm|mp3|m4a|ogg)\b/i.test(url));
  const title = textOf(element['headlines'], 'basic');
  const address = file ?? addressOf(element);
  return title === ''
    ? linkTo(address, textOf(element['description'], 'basic'))
    : linkTo(address, title) + blurbOf(element);
}

/** Returns the description of a link, a gallery or a player as a paragraph. */
function blurbOf({ description }: Element): string {
  const words = textOf(description, 'content') || textOf(description, 'basic');
  return words === '' ? '' : `<p>${words}</p>`;
}

/** Returns the address of another document on the newspaper's site, else its canonical address. */
export function addressOf(document: Element): string {
  return textOf(document, 'website_url') || textOf(document, 'canonical_url');
}

function linkTo(url: string, words: string): string {
  return url === '' && words === '' ? '' : `<p>${anchor(url, words)}</p>`;
}

function anchor(url: string, words: string): string {
  return url === '' ? words : `<a href="${escapeHtml(url)}">${words === '' ? escapeHtml(url) : words}</a>`;
}

function named(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Returns a text field of an object, or an empty text. */
export function textOf(value: unknown, field: string): string {
  const text = isObject(value) ? value[field] : undefined;
  return typeof text === 'string' ? text : '';
}

/** Returns the objects of a list; an empty list for any other value. */
export function listIn(value: unknown): Element[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
