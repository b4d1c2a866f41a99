import * as v from 'valibot';
import { headlineOf, isHtml, isPlain, lineOf, type Article, type Text } from './article.ts';
import { webAddress } from '../field-schema.ts';
import { MarkupBudget, TooMuchMarkup } from './html-tree.ts';
import { cleanMarkup, textOfMarkup } from './markup.ts';
import type { Warning } from './warning.ts';

/**
 * HTML from outside as it may be stored and shown: no script, no handler, no foreign frame, no scheme that runs code. Some agencies
 * repeat the headline as the body's first heading; it is left out. Throws {@link TooMuchMarkup}.
 */
export function sanitise(html: string, headline?: string, budget = new MarkupBudget()): string {
  return cleanMarkup(html, headline, budget);
}

/** What cleaning one article may cost, and the texts that were left out because they would cost more. */
export class Cleaning {
  readonly budget = new MarkupBudget();
  readonly leftOut: Warning[] = [];

  /** Those of the article itself, without which it is not the same story. */
  get faults(): readonly Warning[] {
    return this.leftOut.filter(({ path }) => /^article\.(?:bodies|descriptions|headlines)\./.test(path));
  }
}

/**
 * Cleans whatever of an article could run, at any depth: ninjs lets an association be a whole item. HTML belongs in bodies
 * and descriptions; wherever else it is declared only its text stays. A body that is neither HTML nor plain text (NITF,
 * RTF …) is dropped: nobody here can vouch for it. So are nulls, and links that are no web address. A text with too much markup is
 * left out and noted in `cleaning`.
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
  { budget, leftOut }: Cleaning,
): Text | undefined {
  try {
    if (mayBeHtml(field)) return isHtml(item) ? { ...item, value: sanitise(item.value, headline, budget) } : item;
    return item.contentType !== undefined && isHtml(item)
      ? { ...item, contentType: 'text/plain', value: textOfMarkup(item.value, budget).trim() }
      : item;
  } catch (error) {
    if (!(error instanceof TooMuchMarkup)) throw error;
    leftOut.push({ path: [...path, 'value'].join('.'), message: error.message });
    return undefined;
  }
}

function mayBeHtml(field: string): boolean {
  return field === 'bodies' || field === 'descriptions';
}

function isForeign(item: unknown, field: string): boolean {
  return mayBeHtml(field) && isText(item) && !isHtml(item) && !isPlain(item);
}

function isText(item: unknown): item is Text {
  if (typeof item !== 'object' || item === null) return false;
  const { value, contentType, role } = item as Partial<Record<keyof Text, unknown>>;
  return (
    typeof value === 'string' && [contentType, role].every((said) => said === undefined || typeof said === 'string')
  );
}

/** HTML as one line of plain text. Markup beyond all measure is none: it stays as it is written. */
export function plainTextOf(html: string): string {
  if (!/[<&]/.test(html)) return lineOf(html);
  try {
    return lineOf(textOfMarkup(html, new MarkupBudget()));
  } catch (error) {
    if (!(error instanceof TooMuchMarkup)) throw error;
    return lineOf(html);
  }
}
