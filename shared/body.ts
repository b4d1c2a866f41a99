import { isHtml, isPlain, type Article } from './article.ts';
import { escapeHtml } from './html.ts';

/** The body to show: HTML where the item has it, else its plain text as paragraphs (a blank line, or each line, ends one). */
export function bodyHtmlOf(article: Article): string {
  const bodies = article.bodies ?? [];
  const html = bodies.find(isHtml);
  if (html) return html.value;
  const plain = bodies.find(isPlain)?.value ?? '';
  const paragraphs = plain.split(/\n\s*\n/).length > 1 ? plain.split(/\n\s*\n/) : plain.split('\n');
  return paragraphs
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
    .map((paragraph) => `<p>${escapeHtml(paragraph).replaceAll('\n', '<br />')}</p>`)
    .join('\n');
}
