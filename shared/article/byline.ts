import { lineOf, type Article } from './article.ts';

const leadingBy = /^(?:by|von|av|af|par|por|di|door)(?: |: ?)/i;
/** The words for "By" at the beginning of bylines, in the agencies' languages. */
const introduction =
  /^(?:by|from|with|words|text|texte?|tekst|story|reporting|written|reported|von|vom|aus|av|af|fra|från|par|de|du|por|desde|di|da|dal|door|van|przez|od|от|από|من)[\s:]/iu;
/** The separators between names. */
const conjunction = / ?[;|+] ?| (?:and|with|und|mit|och|og|med|et|avec|y|con|e|com|en|&) /i;
const contact = /<[^<>]*>|\(?\b[\w.+-]+@[\w-]+\.[\w.-]+\)?/g;
/** A role that may follow a name after a comma. It is not a name. */
const role =
  /\b(?:editors?|correspondents?|reporters?|writers?|critics?|columnists?|chief|staff|bureau|desk|agenc(?:y|ies)|press|news|media|redaktør|korrespondent|journalist)\b/i;
/** The place of the reporting after the last name: "in Kyiv". */
const place = / (?:in|à|i|en) (?=\p{Lu}).*$/u;
const nobody = /^(?:agenc(?:y|ies)|wires?|wire services|staff|our (?:own )?correspondents?)$/i;

/** News agencies by the names that their bylines have. A theme may add others. */
const agencies = new Set(
  'AAP, AFP, Agence France-Presse, ANP, ANSA, AP, APA, Associated Press, Belga, Bloomberg, BNS, Canadian Press, CTK, dpa, EFE, Europa Press, Interfax, Keystone-SDA, Kyodo News, Lusa, MTI, NTB, PA, PA Media, PAP, Press Association, PTI, Reuters, Ritzau, SDA, STT, TASS, The Associated Press, TT, Ukrinform, UPI, Xinhua'
    .toLowerCase()
    .split(', '),
);

/** Returns whether a name in a byline is that of an agency, and not of a person. */
export function isAgency(name: string, others: readonly string[] = []): boolean {
  return agencies.has(name.toLowerCase()) || others.some((other) => other.toLowerCase() === name.toLowerCase());
}

/** Returns the byline as the desk wrote it, else the authors' names. */
export function bylineOf(article: Article): string | undefined {
  return lineOf(article.by ?? authorsOf(article).join(', ')) || undefined;
}

/** Returns whether a byline begins with the word "By", in an agency's language or as `word`. */
export function isIntroduced(by: string, word: string): boolean {
  return introduction.test(by) || by.toLowerCase().startsWith(`${word.toLowerCase()} `);
}

/**
 * Returns the authors' names: `people[]` with `rel: "author"`, else the names in `by`. A leading "By", contacts, the
 * place of the reporting, and a role or an agency after a comma are left out. Agencies write "By" and "and" in the
 * story's language.
 */
export function authorsOf(article: Pick<Article, 'by' | 'people'>): string[] {
  const people = (article.people ?? [])
    .filter((person) => person.rel === 'author')
    .flatMap((person) => person.name ?? []);
  if (people.length > 0) return people;
  const by = lineOf((article.by ?? '').replaceAll(contact, ' ')).replace(leadingBy, '');
  return by
    .split(/ ?; ?(?:with |and )?/i)
    .flatMap((part) => namesIn(part))
    .map((name) => name.replace(place, '').trim())
    .filter((name) => name !== '' && !nobody.test(name));
}

/**
 * Splits at commas if "and" stands between the last two names: "A, B and C". Otherwise a role or an agency follows the
 * comma.
 */
function namesIn(part: string): string[] {
  const [first = '', ...others] = part.split(/ ?, ?/);
  const isList = conjunction.test(` ${others.at(-1) ?? ''}`);
  const more = isList ? others.flatMap((segment) => ` ${segment}`.split(conjunction)) : [];
  return [...first.split(conjunction), ...more.filter((name) => !role.test(name))];
}
