import leven from 'leven';
import * as v from 'valibot';

/** The largest edit distance, absolute and as a share of the word, at which a name is suggested. */
const maxWrongLetters = 3;
const maxWrongShare = 0.4;

/**
 * Returns the end of an error message that suggests the nearest name: ` (did you mean stage?)`. Returns an empty text
 * if no name is near.
 */
export function didYouMean(word: string, names: Iterable<string>): string {
  const [nearest] = [...names]
    // Wrong case is the most frequent mistake, so case is ignored.
    .map((name) => ({ name, distance: leven(word.toLowerCase(), name.toLowerCase()) }))
    .filter(
      ({ name, distance }) =>
        distance <= maxWrongLetters && distance <= maxWrongShare * Math.max(word.length, name.length),
    )
    .sort((a, b) => a.distance - b.distance);
  return nearest === undefined ? '' : ` (did you mean ${nearest.name}?)`;
}

/**
 * Returns a schema for an object with these fields and no others. The fault of an unknown field suggests the nearest
 * name.
 */
export function strictObjectOf<const Entries extends v.ObjectEntries>(
  entries: Entries,
  what: string,
): v.StrictObjectSchema<Entries, v.ErrorMessage<v.StrictObjectIssue>> {
  return v.strictObject(entries, ({ expected, path }) => {
    if (expected !== 'never') return 'must be an object';
    const key = path?.[0].key;
    return `is not a field of ${what}: leave it out${typeof key === 'string' ? didYouMean(key, Object.keys(entries)) : ''}`;
  });
}
