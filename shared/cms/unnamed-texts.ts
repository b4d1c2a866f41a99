import type { Warning } from '../article/warning.ts';
import { isObject } from './source-api.ts';

/** Codes, slugs, times and addresses are one word, or have no letters. */
const isProse = (text: string): boolean => text.split(/\s+/).filter((word) => /\p{L}/u.test(word)).length > 1;

/** What Strapi, Directus and Drupal keep of who saved an entry, and why. */
const internalFields: readonly string[] = [
  'createdBy',
  'updatedBy',
  'user_created',
  'user_updated',
  'revision_log',
  'revision_uid',
];

/** Fields of files and of other entries (of Strapi, of WordPress), whose texts are not the story's own. */
const ofOthers = ['documentId', 'post_type', 'mime', 'mime_type', 'url'];

/** Deeper components are not searched. */
const maxDepth = 5;

/** Returns a warning for each of a newsroom's own fields with text that the source does not read: readers do not see it. */
export function unnamedTexts(
  entry: Readonly<Record<string, unknown>>,
  named: readonly string[],
  under: readonly string[],
): Warning[] {
  const known = new Set([...internalFields, ...named]);
  return Object.entries(entry).flatMap(([field, value]) =>
    !known.has(field) && hasProse(value, 0)
      ? [{ path: [...under, field].join('.'), message: 'is not shown: no field in sources names it' }]
      : [],
  );
}

function hasProse(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return isProse(value);
  if (depth === maxDepth) return false;
  if (Array.isArray(value)) return value.some((one) => hasProse(one, depth + 1));
  return (
    isObject(value) &&
    !ofOthers.some((field) => Object.hasOwn(value, field)) &&
    Object.values(value).some((one) => hasProse(one, depth + 1))
  );
}
