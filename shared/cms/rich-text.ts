import { Lexer, Parser, type MarkedOptions, type Token } from 'marked';
import { escapeHtml } from '../article/html.ts';
import { withAddresses } from './file-addresses.ts';
import { isObject } from './source-api.ts';

/** No editor nests its blocks deeper, and recursion must be bounded for any input. */
const maxNesting = 20;

/**
 * Returns the HTML of a body as a CMS's editors write it: HTML; Markdown (a text that does not begin with a tag); the
 * blocks of Strapi's rich text; or the components of a dynamic zone. `url` is put before the addresses of files that
 * are paths. Returns undefined for any other value.
 */
export function htmlOfBody(body: unknown, url: string): string | undefined {
  const html = typeof body === 'string' ? htmlOfText(body) : Array.isArray(body) ? htmlOfBlocks(body, 0) : undefined;
  return html === undefined ? undefined : withAbsoluteFiles(html, url);
}

const options: MarkedOptions = { gfm: true };
/**
 * The number of characters that may be read again for marks, for each character of a text. A long paragraph has some
 * hundred marks.
 */
const stepsPerCharacter = 500;

/** Matches the line below the heads of a table. For each such line, `marked` searches the rest of the paragraph. */
const tableRule = /^[ >]{0,9}[|:-][ |:-]*$/gm;
/** The maximum number of tables. A text with more is shown without converting it. */
const maxTables = 200;
/** Matches the signs from which `marked` searches far ahead. */
const searched = /[*_~<!]/g;

/**
 * Reads Markdown in linear time. From each mark, `marked` may search the rest of its paragraph, so a paragraph with too
 * many marks is shown without converting it.
 */
class BoundedLexer extends Lexer {
  #steps: number;

  constructor(text: string) {
    super(options);
    this.#steps = stepsPerCharacter * (text.length + 1000);
  }

  override inlineTokens(src: string, tokens: Token[] = []): Token[] {
    this.#steps -= src.length * (src.match(searched)?.length ?? 0);
    if (this.#steps >= 0) return super.inlineTokens(src, tokens);
    tokens.push({ type: 'text', raw: src, text: escapeHtml(src), escaped: true });
    return tokens;
  }
}

function htmlOfText(text: string): string {
  if (/^\s*</.test(text)) return text;
  return (text.match(tableRule)?.length ?? 0) > maxTables
    ? escapeHtml(text)
    : Parser.parse(new BoundedLexer(text).lex(text), options).trim();
}

function htmlOfBlocks(blocks: readonly unknown[], depth: number): string | undefined {
  if (depth > maxNesting) return undefined;
  const parts = blocks.map((block) => (isObject(block) ? htmlOfBlock(block, depth) : undefined));
  return parts.every((part) => part === undefined) && blocks.length > 0
    ? undefined
    : parts.map((part) => part ?? '').join('');
}

function htmlOfBlock(block: Record<string, unknown>, depth: number): string | undefined {
  const { type, children, __component: component } = block;
  if (typeof component === 'string') return htmlOfComponent(component, block);
  const inner = (): string => (Array.isArray(children) ? (htmlOfBlocks(children, depth + 1) ?? '') : '');
  switch (type) {
    case 'text':
      return htmlOfLeaf(block);
    case 'paragraph': {
      const text = inner();
      return text === '' ? '' : `<p>${text}</p>`;
    }
    case 'heading':
      return `<h${levelOf(block['level'])}>${inner()}</h${levelOf(block['level'])}>`;
    case 'list':
      return block['format'] === 'ordered' ? `<ol>${inner()}</ol>` : `<ul>${inner()}</ul>`;
    case 'list-item':
      return `<li>${inner()}</li>`;
    case 'quote':
      return `<blockquote><p>${inner()}</p></blockquote>`;
    case 'code':
      return `<pre><code>${inner()}</code></pre>`;
    case 'link':
      return `<a href="${escapeHtml(textOf(block['url']))}">${inner()}</a>`;
    case 'image':
      return figureOf(block['image']);
    default:
      return undefined;
  }
}

/** Returns a heading's level below the page's own headline. */
function levelOf(level: unknown): number {
  return typeof level === 'number' && Number.isInteger(level) ? Math.min(Math.max(level, 2), 6) : 2;
}

const marks = [
  ['bold', 'strong'],
  ['italic', 'em'],
  ['underline', 'u'],
  ['strikethrough', 's'],
  ['code', 'code'],
] as const;

function htmlOfLeaf(leaf: Record<string, unknown>): string {
  const text = escapeHtml(textOf(leaf['text'])).replaceAll('\n', '<br>');
  return marks.reduce((html, [mark, tag]) => (leaf[mark] === true ? `<${tag}>${html}</${tag}>` : html), text);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Returns the HTML of a component of a dynamic zone: its rich text, its quotation or its files, whichever it has. */
function htmlOfComponent(component: string, fields: Record<string, unknown>): string | undefined {
  const { title } = fields;
  const [text] = ['body', 'text', 'content', 'html', 'quote']
    .map((name) => textOf(fields[name]))
    .filter((one) => one !== '');
  if (text !== undefined && /quote/.test(component))
    return `<blockquote>${htmlOfText(text)}${typeof title === 'string' && title !== '' ? `<p>${escapeHtml(title)}</p>` : ''}</blockquote>`;
  const figures = Object.values(fields).flat().map(figureOf).join('');
  return text === undefined && figures === '' ? undefined : (text === undefined ? '' : htmlOfText(text)) + figures;
}

/** Returns an image of the CMS's media library with its caption; an empty text for any other value. */
function figureOf(media: unknown): string {
  if (!isObject(media) || typeof media['url'] !== 'string') return '';
  if (typeof media['mime'] === 'string' && !media['mime'].startsWith('image/')) return '';
  const caption = textOf(media['caption']);
  const image = `<img src="${escapeHtml(media['url'])}" alt="${escapeHtml(textOf(media['alternativeText']))}">`;
  return `<figure>${image}${caption === '' ? '' : `<figcaption>${escapeHtml(caption)}</figcaption>`}</figure>`;
}

/** The folders in which Strapi and Directus serve files. Other paths are links to stories, which the newspaper has. */
const files = /^\/(?:uploads|assets)\//;

function withAbsoluteFiles(html: string, url: string): string {
  if (url === '' || (!html.includes('/uploads/') && !html.includes('/assets/'))) return html;
  return withAddresses(html, (address) => (files.test(address) ? url + address : address));
}
