import { MarkupBudget, parsedHtml, TooMuchMarkup } from '../article/html-tree.ts';
import { textIn } from '../article/markup-text.ts';

/** The longest standfirst that is compared. An automatic excerpt has at most some 500 characters. */
const maxExcerpt = 2000;

/** The marks at which a CMS cuts a text. */
const cut = /\s?\[?(?:…|\.\.\.)\]?\s*$/;

/**
 * Returns whether a standfirst only repeats the beginning of the text, as a CMS's automatic excerpt does. Pages would
 * show that text twice.
 */
export function isBeginning(standfirst: string, html: string): boolean {
  if (standfirst.length > maxExcerpt || html === '') return false;
  const excerpt = lettersOf(standfirst.replace(cut, ''));
  if (excerpt === '') return false;
  try {
    const text = parsedHtml(html, new MarkupBudget());
    // An automatic excerpt leaves out all figures, or some of them.
    return [textIn(text, 'figure'), textIn(text)].some((beginning) => lettersOf(beginning).startsWith(excerpt));
  } catch (error) {
    // The sanitiser rejects the text.
    if (error instanceof TooMuchMarkup) return false;
    throw error;
  }
}

/** Returns only letters and digits: each CMS spaces and punctuates an excerpt in its own way. */
function lettersOf(text: string): string {
  return text.replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, '').toLowerCase();
}
