import type { Content } from './version.ts';

/** The revision of the sanitiser. Raise it when stored text of an earlier revision must not reach readers unchanged. */
export const markupRevision = 1;

/**
 * Returns the content as the current sanitiser would write it. The first revision could write a superfluous end tag.
 * Stored versions are never rewritten, so an older one is sanitised on each read. The sanitiser and its parser are
 * loaded only for that.
 */
export async function withCurrentMarkup(content: Content): Promise<Content> {
  if (content.markup === markupRevision) return content;
  const { sanitiseArticle } = await import('./sanitise.ts');
  return { ...content, article: sanitiseArticle(content.article), markup: markupRevision };
}
