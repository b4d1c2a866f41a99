/**
 * Returns a language tag in its canonical form: `en-GB` for `en_gb`. Returns undefined if the text is not a tag of BCP
 * 47.
 */
export function languageTag(text: string): string | undefined {
  try {
    const { baseName } = new Intl.Locale(text.trim().replaceAll('_', '-'));
    // A primary subtag has two or three letters. `und` and words such as `english` name no language.
    return /^(?!und\b)[a-z]{2,3}\b/.test(baseName) ? baseName : undefined;
  } catch {
    return undefined;
  }
}

/** The scripts that are written from right to left (Unicode, "Bidi_Class"). */
const rightToLeft = new Set([
  'Adlm',
  'Arab',
  'Aran',
  'Hebr',
  'Mand',
  'Mend',
  'Nkoo',
  'Rohg',
  'Samr',
  'Syrc',
  'Thaa',
  'Yezi',
]);

/** Returns the direction of a language, by the script in which it is mostly written. */
export function directionOf(language: string): 'ltr' | 'rtl' {
  return rightToLeft.has(new Intl.Locale(languageTag(language) ?? 'en').maximize().script ?? '') ? 'rtl' : 'ltr';
}

/** Returns the primary subtag of a language: `en` of `en-GB`. */
export function primaryOf(language: string): string {
  return (language.split('-')[0] ?? '').toLowerCase();
}
