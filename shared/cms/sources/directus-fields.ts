import { listSettings, pathsIn } from '../field-paths.ts';
import type { SourceSettings } from '../source-settings.ts';
import { translationsField } from './directus-translations.ts';

/**
 * Returns the fields that Directus is asked for, by the Flow as by the sweep: all of the item's own, and those of the
 * entries to which the named fields lead. Directus ignores `.*` below a field that is no relation or does not exist.
 */
export function fieldsToRead({ fields, locales }: Pick<SourceSettings, 'fields' | 'locales'>): string[] {
  const below = Object.entries(fields).flatMap(([setting, names]) =>
    pathsIn(names).flatMap((steps) => entriesOn(steps, setting)),
  );
  const rows = locales.length > 0 ? [translationsField] : [];
  return ['*', ...new Set([...below, ...rows].map((path) => `${path}.*`))];
}

/** Returns the paths of the entries on the way to a field. */
function entriesOn(steps: readonly string[], setting: string): string[] {
  const [name = ''] = steps;
  // Directus names a junction's field after the collection, and the field on the item too unless it is renamed.
  if (steps.length === 1)
    return listSettings.includes(setting) ? [name, `${name}.${name}_id`] : setting === 'picture' ? [name] : [];
  const paths = steps.map((_, index) => steps.slice(0, index + 1).join('.'));
  return listSettings.includes(setting) ? paths : paths.slice(0, -1);
}

/**
 * Returns the collections of the entries whose names stories carry, as far as the names of the fields tell: `tags_id`, or
 * `author`, leads to a collection of that name. Authors may be users.
 */
export function namedCollections({ fields }: Pick<SourceSettings, 'fields'>): string[] {
  // Digests of names are kept by the position of their list, and that of the authors was the first.
  const collections = listSettings.toReversed().flatMap((setting) =>
    pathsIn(fields[setting] ?? '').map((steps) => {
      const key = steps.findLast((step) => step.endsWith('_id'));
      return key === undefined ? (steps[0] ?? '').replace(/s?$/, 's') : key.slice(0, -'_id'.length);
    }),
  );
  return [...new Set([...collections, ...(fields['author'] ? [users] : [])])];
}

const users = 'directus_users';

/** Returns the steps of the address of a collection in the API, below that of Directus. */
export function stepsTo(collection: string): string[] {
  return collection === users ? ['users'] : ['items', collection];
}
