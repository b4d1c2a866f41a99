/**
 * The number of cached languages. A page looks up a few languages a hundred times, and `Intl.Locale` took an eighth of
 * its time.
 */
const maxKnown = 1000;
/**
 * The length of a tag that every implementation must support (RFC 5646, section 4.4.1). Longer texts are not cached.
 */
const maxKeptLength = 35;
const known = new Map<string, Language>();

interface Language {
  readonly tag: string | undefined;
  readonly script: string;
}

/**
 * Returns a language tag in its canonical form: `en-GB` for `en_gb`. Returns undefined if the text is not a tag of BCP
 * 47.
 */
export function languageTag(text: string): string | undefined {
  return languageOf(text).tag;
}

/** Returns the direction of a language, by the script in which it is mostly written. */
export function directionOf(language: string): 'ltr' | 'rtl' {
  return rightToLeft.has(scriptOf(language)) ? 'rtl' : 'ltr';
}

/** Returns the script in which a language is mostly written: `Latn` for `en`, `Hant` for `zh-TW`. */
export function scriptOf(language: string): string {
  return languageOf(language).script;
}

function languageOf(text: string): Language {
  const before = known.get(text);
  if (before) return before;
  const tag = canonicalTag(text);
  const script = new Intl.Locale(tag ?? 'en').maximize().script ?? '';
  const language: Language = { tag, script };
  if (text.length <= maxKeptLength) {
    if (known.size >= maxKnown) known.clear();
    known.set(text, language);
  }
  return language;
}

function canonicalTag(text: string): string | undefined {
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

/** Returns the primary subtag of a language: `en` of `en-GB`. */
export function primaryOf(language: string): string {
  return (language.split('-')[0] ?? '').toLowerCase();
}
