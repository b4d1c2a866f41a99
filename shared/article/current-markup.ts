import type { Content } from './version.ts';

/** The revision of the sanitiser. Raise it when stored text of an earlier revision must not reach readers unchanged. */
export const markupRevision = 1;

/**
 * Returns the content as the current sanitiser would leave it. The first revision could write an extra end tag.
 * Versions are never rewritten, so an older one is cleaned on each read, and only then are the sanitiser and its parser
 * loaded.
 */
export async function withCurrentMarkup(content: Content): Promise<Content> {
  if (content.markup === markupRevision) return content;
  const { sanitiseArticle } = await import('./sanitise.ts');
  return { ...content, article: sanitiseArticle(content.article), markup: markupRevision };
}
