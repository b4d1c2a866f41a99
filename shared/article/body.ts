import { bodyOf, isHtml, type Article } from './article.ts';
import { escapeHtml } from './html.ts';

/**
 * Returns the body to show: HTML if the item has it, else its plain text as paragraphs, split at blank lines or at each
 * line.
 */
export function bodyHtmlOf(article: Pick<Article, 'bodies'>): string {
  const body = bodyOf(article);
  if (body && isHtml(body)) return body.value;
  const plain = body?.value ?? '';
  const paragraphs = plain.split(/\n\s*\n/).length > 1 ? plain.split(/\n\s*\n/) : plain.split('\n');
  return paragraphs
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
    .map((paragraph) => `<p>${escapeHtml(paragraph).replaceAll('\n', '<br />')}</p>`)
    .join('\n');
}
