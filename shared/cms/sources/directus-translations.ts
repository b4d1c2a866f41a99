import { isObject, within } from '../source-api.ts';
import type { SourceSettings } from '../source-settings.ts';

/**
 * The field that contains the translations of an item, one row for each language. Directus's own interface creates it.
 */
export const translationsField = 'translations';

/** Returns the ids of an item's articles: one for each of the newsroom's languages, or the item's own. */
export function articleIds(id: string, { locales }: Pick<SourceSettings, 'locales'>): string[] {
  return locales.length === 0 ? [id] : locales.map((locale) => `${id}.${locale}`);
}

/** Returns the id of the item to which an article's id belongs. */
export function itemIdOf(articleId: string, { locales }: Pick<SourceSettings, 'locales'>): string {
  const at = articleId.lastIndexOf('.');
  return at > 0 && locales.includes(articleId.slice(at + 1)) ? articleId.slice(0, at) : articleId;
}

/** Returns an item with the fields of its translation, and `locale`; undefined if it is not translated into the language. */
export function translated(
  item: Readonly<Record<string, unknown>>,
  locale: string,
): Readonly<Record<string, unknown>> | undefined {
  const rows = item[translationsField];
  const row = (Array.isArray(rows) ? rows : []).find((one: unknown) => localeOf(one) === locale) as unknown;
  if (!isObject(row)) return undefined;
  const { id, ...fields } = row;
  const own = Object.entries(fields).filter(([, value]) => value !== null && value !== '');
  return { ...item, ...Object.fromEntries(own), locale };
}

/** Returns the language of a row, which is a code or an entry of the collection of languages. */
function localeOf(row: unknown): unknown {
  const language = within(row, 'languages_code');
  return isObject(language) ? language['code'] : language;
}
