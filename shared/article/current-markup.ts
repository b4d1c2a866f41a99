import type { Content } from './version.ts';

/** Revision of the sanitiser. To be raised whenever a text that an earlier one wrote must not reach readers as it was stored. */
export const markupRevision = 1;

/**
 * The content as the sanitiser of today leaves it. The first one could write an end tag too many. Versions are never rewritten, so
 * an older one is cleaned each time that it is read; the sanitiser and its parser are only loaded for such a version.
 */
export async function withCurrentMarkup(content: Content): Promise<Content> {
  if (content.markup === markupRevision) return content;
  const { sanitiseArticle } = await import('./sanitise.ts');
  return { ...content, article: sanitiseArticle(content.article), markup: markupRevision };
}
