import { bodyOf, isHtml, isLeadRole, lineOf, standfirstOf, type Article } from './article.ts';
import { escapeHtml, unescapeHtml } from './html.ts';

/**
 * Returns the body to show as HTML. Plain text becomes paragraphs, split at blank lines, or at each line if there are
 * none.
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

/** Returns the text of the body on one line, without markup. */
export function bodyTextOf(article: Pick<Article, 'bodies'>): string {
  return lineOf(unescapeHtml(bodyHtmlOf(article).replaceAll(/<[^<>]*>/g, ' ')));
}

/**
 * Returns an article with its lead where readers expect it. A lead that is a separate body becomes the standfirst; if
 * there is a standfirst already, the lead goes to the beginning of the text.
 */
export function withLead<T extends Pick<Article, 'bodies' | 'descriptions'>>(article: T): T {
  const { bodies = [], descriptions = [] } = article;
  const lead = bodyOf({ bodies: bodies.filter(({ role }) => isLeadRole(role)) });
  const main = bodyOf({ bodies: bodies.filter(({ role }) => !isLeadRole(role)) });
  if (!lead || !main) return article;
  const others = bodies.filter((body) => !isLeadRole(body.role));
  const plain = descriptions.map((text) => ({ ...text, contentType: 'text/plain' }));
  if (standfirstOf({ descriptions: plain }) === undefined)
    return { ...article, bodies: others, descriptions: [...descriptions, lead] };
  const value = `${bodyHtmlOf({ bodies: [lead] })}\n${bodyHtmlOf({ bodies: [main] })}`;
  const whole = { ...main, contentType: 'text/html', value };
  return { ...article, bodies: others.map((body) => (body === main ? whole : body)) };
}
