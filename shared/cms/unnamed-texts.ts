import type { Warning } from '../article/warning.ts';
import { isObject } from './source-api.ts';

/** Codes, slugs, times and addresses are one word, or have no letters. */
const isProse = (text: string): boolean => text.split(/\s+/).filter((word) => /\p{L}/u.test(word)).length > 1;

/** Drupal's note on a revision is for editors. */
const internalFields: readonly string[] = ['revision_log'];

/** Returns a warning for each text in a newsroom's own field that the source does not read: readers do not see it. */
export function unnamedTexts(
  entry: Readonly<Record<string, unknown>>,
  named: readonly string[],
  under: readonly string[],
): Warning[] {
  const known = new Set([...internalFields, ...named]);
  return Object.entries(entry).flatMap(([field, value]) => {
    // A formatted text of Drupal has its HTML in `processed`.
    const text = isObject(value) ? value['processed'] : value;
    return typeof text === 'string' && isProse(text) && !known.has(field)
      ? [{ path: [...under, field].join('.'), message: 'is not shown: no field in sources names it' }]
      : [];
  });
}
