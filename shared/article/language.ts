/** Returns a language tag in its canonical form, as in `en-GB` for `en_gb`; undefined if BCP 47 knows no such tag. */
export function languageTag(text: string): string | undefined {
  try {
    const { baseName } = new Intl.Locale(text.trim().replaceAll('_', '-'));
    // No language has a longer primary subtag; `und` and names such as `english` name none.
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
