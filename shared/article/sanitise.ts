import * as v from 'valibot';
import { headlineOf, isHtml, isPlain, lineOf, type Article, type Text } from './article.ts';
import { webAddress } from '../field-schema.ts';
import { MarkupBudget, TooMuchMarkup } from './html-tree.ts';
import { cleanMarkup } from './markup.ts';
import { droppedElements } from './markup-rules.ts';
import { textOfMarkup } from './markup-text.ts';
import { fileOf } from '../picture/picture.ts';
import { textWithout } from '../picture/text-files.ts';
import type { Warning } from './warning.ts';

/**
 * Returns HTML that is safe to store and show: without scripts, handlers, foreign frames and URL schemes that run code.
 * A first heading that repeats the headline, as some agencies send it, is left out. Adds to `leftOut` the names of the
 * elements that are left out with content that browsers show. Throws {@link TooMuchMarkup}.
 */
export function sanitise(html: string, headline?: string, budget = new MarkupBudget(), leftOut?: Set<string>): string {
  return cleanMarkup(html, headline, budget, leftOut);
}

/** The limit of work for one article, and the texts that were left out because they exceeded it. */
export class Cleaning {
  readonly budget = new MarkupBudget();
  readonly leftOut: Warning[] = [];
  /** Warnings of elements of bodies that were left out with content that browsers show. */
  readonly elementsLeftOut: Warning[] = [];
  readonly #hiddenFiles: ReadonlySet<string>;

  /**
   * `hiddenFiles`: files that readers may not see yet (`hiddenFilesAt`). They must be removed before markup becomes
   * text, because text no longer shows which words refer to them.
   */
  constructor(hiddenFiles: ReadonlySet<string> = new Set()) {
    this.#hiddenFiles = hiddenFiles;
  }

  /** Returns the text of markup, without what refers to a hidden file. Throws {@link TooMuchMarkup}. */
  textOf(html: string): string {
    const shown =
      this.#hiddenFiles.size === 0
        ? html
        : textWithout(sanitise(html, undefined, this.budget), ({ address }) => this.#hiddenFiles.has(fileOf(address)));
    return textOfMarkup(shown, this.budget).trim();
  }

  /**
   * Issues for the article's own texts that were left out. Without them it would be another story, so it is rejected.
   */
  get issues(): readonly Warning[] {
    return this.leftOut.filter(({ path }) => /^article\.(?:bodies|descriptions|headlines)\./.test(path));
  }
}

/**
 * Removes from an article everything that could run, at any depth: a ninjs association can be a whole item. Bodies may
 * have HTML; elsewhere only the text is kept. A body that is neither HTML nor plain text (NITF, RTF …) is removed,
 * because its safety cannot be checked. Nulls and links that are not web addresses are removed too. A text with too
 * much markup is left out and noted in `cleaning`.
 */
export function sanitiseArticle(article: Article, cleaning = new Cleaning()): Article {
  return harmless(article, ['article'], headlineOf(article), cleaning) as Article;
}

function harmless(value: unknown, path: readonly string[], headline: string | undefined, cleaning: Cleaning): unknown {
  const field = path.findLast((name) => !/^\d+$/.test(name)) ?? '';
  if (Array.isArray(value))
    return value.flatMap((item: unknown, index) => {
      const clean =
        item === null || isForeign(item, field)
          ? undefined
          : harmless(item, [...path, String(index)], headline, cleaning);
      return clean === undefined ? [] : [clean];
    });
  if (typeof value !== 'object' || value === null || field === 'geoJSON') return value;
  const kept = Object.entries(value).filter(
    ([name, held]) => held !== null && (name !== 'href' || v.is(webAddress, held)),
  );
  const item = Object.fromEntries(
    kept.map(([name, held]) => [
      name,
      harmless(held, [...path, name], path.length === 1 ? headline : undefined, cleaning),
    ]),
  );
  return isText(item) ? harmlessText(item, path, field, headline, cleaning) : item;
}

function harmlessText(
  item: Text,
  path: readonly string[],
  field: string,
  headline: string | undefined,
  cleaning: Cleaning,
): Text | undefined {
  try {
    if (field === 'bodies') {
      if (!isHtml(item)) return item;
      const names = new Set<string>();
      const value = sanitise(item.value, headline, cleaning.budget, names);
      cleaning.elementsLeftOut.push(...[...names].map((name) => elementLeftOut(path, name)));
      return { ...item, value };
    }
    // Pages show descriptions as plain text. In a headline, only a stated type makes it HTML.
    return isHtml(item) && (field === 'descriptions' || item.contentType !== undefined)
      ? { ...item, contentType: 'text/plain', value: cleaning.textOf(item.value) }
      : item;
  } catch (error) {
    if (!(error instanceof TooMuchMarkup)) throw error;
    cleaning.leftOut.push({ path: [...path, 'value'].join('.'), message: error.message });
    return undefined;
  }
}

function elementLeftOut(path: readonly string[], name: string): Warning {
  const reason = droppedElements.get(name) ?? 'no element of HTML';
  const isCustom = name.includes('-') && !droppedElements.has(name);
  // Names of custom elements are the sender's.
  const named = /^[a-z\d-]{1,40}$/.test(name) ? name : 'a custom element';
  return {
    path: [...path, 'value'].join('.'),
    message: isCustom
      ? `has ${named} without text and without the address of its content: nothing is shown of it`
      : `has words in ${name}, which is left out: ${reason}`,
  };
}

function isForeign(item: unknown, field: string): boolean {
  return (field === 'bodies' || field === 'descriptions') && isText(item) && !isHtml(item) && !isPlain(item);
}

function isText(item: unknown): item is Text {
  if (typeof item !== 'object' || item === null) return false;
  const { value, contentType, role } = item as Partial<Record<keyof Text, unknown>>;
  return (
    typeof value === 'string' && [contentType, role].every((said) => said === undefined || typeof said === 'string')
  );
}

/**
 * Returns HTML as one line of plain text. HTML that exceeds the limit is returned unchanged. The texts of one story
 * share a budget.
 */
export function plainTextOf(html: string, budget = new MarkupBudget()): string {
  if (!/[<&]/.test(html)) return lineOf(html);
  try {
    return lineOf(textOfMarkup(html, budget));
  } catch (error) {
    if (!(error instanceof TooMuchMarkup)) throw error;
    return lineOf(html);
  }
}
