import { MarkupBudget, parsedHtml, TooMuchMarkup } from '../article/html-tree.ts';
import { textIn } from '../article/markup-text.ts';

/** An automatic excerpt has at most some 500 characters. Comparing a longer one would be work for nothing. */
const maxExcerpt = 2000;

/** The marks at which a CMS cuts a text. */
const cut = /\s?\[?(?:…|\.\.\.)\]?\s*$/;

/**
 * Returns whether a standfirst only repeats the beginning of the text, as an excerpt does that the CMS made itself.
 * Pages would show it twice.
 */
export function isBeginning(standfirst: string, html: string): boolean {
  if (standfirst.length > maxExcerpt || html === '') return false;
  const excerpt = lettersOf(standfirst.replace(cut, ''));
  if (excerpt === '') return false;
  try {
    const text = parsedHtml(html, new MarkupBudget());
    // Automatic excerpts leave out figures, or only some of them.
    return [textIn(text, 'figure'), textIn(text)].some((beginning) => lettersOf(beginning).startsWith(excerpt));
  } catch (error) {
    // The sanitiser rejects the text.
    if (error instanceof TooMuchMarkup) return false;
    throw error;
  }
}

/** Returns letters and digits alone: CMSes space and punctuate an excerpt in their own way. */
function lettersOf(text: string): string {
  return text.replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, '').toLowerCase();
}
