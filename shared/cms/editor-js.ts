import { escapeHtml } from '../article/html.ts';
import { levelOf } from './blocks.ts';
import { figure, joinedBlocks, linkTo, maxNesting, textOf, type NotShown } from './media.ts';
import { isObject, within } from './source-api.ts';

/**
 * Returns the HTML of the blocks of Editor.js, the Block Editor of Directus, with the tools that Directus has. Undefined
 * if it can read none of them. The texts are HTML already.
 */
export function htmlOfEditorJs(blocks: readonly unknown[], notShown: NotShown): string | undefined {
  return joinedBlocks(
    blocks,
    (block) => htmlOfBlock(textOf(within(block, 'type')), within(block, 'data')),
    (index) => {
      notShown(`blocks.${index}`);
    },
  );
}

function htmlOfBlock(type: string, data: unknown): string | undefined {
  const text = (name: string): string => textOf(within(data, name));
  const elements = (name: string): readonly unknown[] => {
    const value = within(data, name);
    return Array.isArray(value) ? value : [];
  };
  switch (type) {
    case 'paragraph':
      return text('text') === '' ? '' : `<p>${text('text')}</p>`;
    case 'header': {
      const level = levelOf(within(data, 'level'));
      return `<h${level}>${text('text')}</h${level}>`;
    }
    case 'list':
    case 'nestedlist':
    case 'checklist':
      return htmlOfList(text('style') === 'ordered' ? 'ol' : 'ul', elements('items'), 0);
    case 'quote': {
      const caption = text('caption');
      return `<blockquote><p>${text('text')}</p>${caption === '' ? '' : `<p>${caption}</p>`}</blockquote>`;
    }
    case 'code':
      return `<pre><code>${escapeHtml(text('code'))}</code></pre>`;
    case 'image': {
      const file = within(data, 'file');
      return figure(textOf(within(file, 'url')), textOf(within(file, 'title')), text('caption'));
    }
    case 'attaches': {
      const file = within(data, 'file');
      return linkTo(textOf(within(file, 'url')), text('title') || textOf(within(file, 'name')));
    }
    case 'embed':
      return linkTo(text('source') || text('embed'), '') + (text('caption') === '' ? '' : `<p>${text('caption')}</p>`);
    case 'table':
      return htmlOfTable(elements('content'), within(data, 'withHeadings') === true);
    case 'toggle':
      return `<p><strong>${text('text')}</strong></p>`;
    case 'raw':
      return text('html');
    case 'delimiter':
      return '<hr>';
    default:
      return undefined;
  }
}

function htmlOfList(tag: 'ol' | 'ul', items: readonly unknown[], depth: number): string {
  if (depth > maxNesting || items.length === 0) return '';
  const entries = items.map((item) => {
    if (typeof item === 'string') return `<li>${item}</li>`;
    if (!isObject(item)) return '';
    const { content, text, items: below } = item;
    return `<li>${textOf(content) || textOf(text)}${Array.isArray(below) ? htmlOfList(tag, below, depth + 1) : ''}</li>`;
  });
  return `<${tag}>${entries.join('')}</${tag}>`;
}

function htmlOfTable(rows: readonly unknown[], withHeadings: boolean): string {
  const html = rows.map((row, index) => {
    const tag = withHeadings && index === 0 ? 'th' : 'td';
    const cells = Array.isArray(row) ? row.map((cell) => `<${tag}>${textOf(cell)}</${tag}>`) : [];
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<table><tbody>${html.join('')}</tbody></table>`;
}
