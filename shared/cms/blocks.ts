import { escapeHtml } from '../article/html.ts';
import { htmlOfMedia, isMedia, joinedBlocks, linkTo, maxNesting, textOf, type NotShown } from './media.ts';
import { htmlOfText } from './markdown.ts';
import { isObject } from './source-api.ts';

/** The position of blocks in their body. */
interface Position {
  readonly path: string;
  readonly depth: number;
  readonly notShown: NotShown;
}

/**
 * Returns the HTML of the blocks of Strapi's rich text, or of the components of a dynamic zone. Undefined if it can read
 * none of them.
 */
export function htmlOfBlocks(blocks: readonly unknown[], notShown: NotShown): string | undefined {
  return htmlOfAll(blocks, { path: '', depth: 0, notShown });
}

function htmlOfAll(blocks: readonly unknown[], { path, depth, notShown }: Position): string | undefined {
  if (depth > maxNesting) return undefined;
  const pathTo = (index: number): string => (path === '' ? String(index) : `${path}.${index}`);
  return joinedBlocks(
    blocks,
    (block, index) => (isObject(block) ? htmlOfBlock(block, { path: pathTo(index), depth, notShown }) : undefined),
    (index) => {
      notShown(pathTo(index));
    },
  );
}

function htmlOfBlock(block: Record<string, unknown>, at: Position): string | undefined {
  const { type, children } = block;
  if (typeof block['__component'] === 'string') return htmlOfComponent(block['__component'], block, at);
  const inner = (): string =>
    Array.isArray(children)
      ? (htmlOfAll(children, { ...at, path: `${at.path}.children`, depth: at.depth + 1 }) ?? '')
      : '';
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
      return isMedia(block['image']) ? htmlOfMedia(block['image']) : undefined;
    default:
      return undefined;
  }
}

/** Returns a heading's level below the page's own headline. */
export function levelOf(level: unknown): number {
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

const texts = ['body', 'text', 'content', 'html', 'quote', 'description'];
const headings = ['title', 'heading', 'headline'];
const addresses = ['url', 'link', 'href'];
const captions = ['caption', 'label'];
/** Matches values that only a machine reads: the name of a style, a colour. */
const token = /^(?:[a-z\d_-]*|#[\da-f]{3,8})$/;

/**
 * Returns the HTML of a component by its fields, in their order: texts, headings, an address, files, and components in
 * it. Undefined if they are nested too deep.
 */
function htmlOfComponent(name: string, fields: Readonly<Record<string, unknown>>, at: Position): string | undefined {
  if (at.depth > maxNesting) return undefined;
  const isQuote = /quote/.test(name);
  const caption = captions.map((one) => textOf(fields[one])).find((one) => one !== '') ?? '';
  const isCaptioned = Object.entries(fields).some(
    ([field, value]) => isMedia(value) || (addresses.includes(field) && textOf(value) !== ''),
  );
  const htmlOfString = (field: string, value: string): string => {
    if (texts.includes(field)) return htmlOfText(value);
    if (headings.includes(field)) return isQuote ? `<p>${escapeHtml(value)}</p>` : `<h2>${escapeHtml(value)}</h2>`;
    if (addresses.includes(field) && /^(?:https?:|\/)/.test(value)) return linkTo(value, caption);
    if (!(captions.includes(field) && isCaptioned) && !token.test(value)) at.notShown(`${at.path}.${field}`);
    return '';
  };
  const htmlOfField = ([field, value]: readonly [string, unknown]): string => {
    const below = { ...at, path: `${at.path}.${field}`, depth: at.depth + 1 };
    if (typeof value === 'string') return value === '' ? '' : htmlOfString(field, value);
    if (isMedia(value)) return htmlOfMedia({ ...value, ...(caption !== '' && { caption }) });
    if (Array.isArray(value) && value.every(isObject))
      return value
        .map((one, index) => {
          const path = `${below.path}.${index}`;
          if (isMedia(one)) return htmlOfMedia(one);
          return (
            (typeof one['type'] === 'string'
              ? htmlOfBlock(one, { ...below, path })
              : htmlOfComponent(field, one, { ...below, path })) ?? ''
          );
        })
        .join('');
    return isObject(value) ? (htmlOfComponent(field, value, below) ?? '') : '';
  };
  const own = Object.entries(fields).filter(([field]) => !machine.includes(field));
  // The name of the speaker is below the quotation.
  const ordered = isQuote ? own.sort(([a], [b]) => Number(headings.includes(a)) - Number(headings.includes(b))) : own;
  const html = ordered.map(htmlOfField).join('');
  return isQuote && html !== '' ? `<blockquote>${html}</blockquote>` : html;
}

const machine = ['__component', 'id', 'documentId', 'createdAt', 'updatedAt', 'publishedAt', 'locale'];
