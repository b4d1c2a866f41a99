import leven from 'leven';
import * as v from 'valibot';

/** So many letters may be wrong, and at most this share of the word, for a name to be worth proposing. */
const maxWrongLetters = 3;
const maxWrongShare = 0.4;

/** The name that a mistyped word is nearest to, as the end of an error message: ` (did you mean stage?)`; empty where none is near. */
export function didYouMean(word: string, names: Iterable<string>): string {
  const [nearest] = [...names]
    // Case is the most frequent mistake: it counts for nothing here.
    .map((name) => ({ name, distance: leven(word.toLowerCase(), name.toLowerCase()) }))
    .filter(
      ({ name, distance }) =>
        distance <= maxWrongLetters && distance <= maxWrongShare * Math.max(word.length, name.length),
    )
    .sort((a, b) => a.distance - b.distance);
  return nearest === undefined ? '' : ` (did you mean ${nearest.name}?)`;
}

/** An object with these fields and no others; a field too many is named, with the one that was probably meant. */
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
