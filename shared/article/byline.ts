import { lineOf, type Article } from './article.ts';
import { languageTag } from './language.ts';

const leadingBy = /^(?:by|von|av|af|par|por|di|door)(?: |: ?|$)|^(?:作者|记者|記者)[:：] ?/i;
/** The words for "By" at the beginning of bylines, in the agencies' languages. */
const introduction =
  /^(?:by|from|with|words|text|texte?|tekst|story|reporting|written|reported|von|vom|aus|av|af|fra|från|par|de|du|por|desde|di|da|dal|door|van|przez|od|от|από|من)[\s:]/iu;
/** The separators between names. */
const conjunction = / ?[;|+/、] ?| (?:and|with|und|mit|och|og|med|et|avec|y|con|e|com|en|и|і|та|و|&) /i;
/** The comma before another name, a role or an agency. A suffix belongs to the name: "King, Jr." */
const comma = / ?,(?! ?(?:jr|sr|ii|iii|iv)\b) ?/i;
const creditEnd = '(?: (?:by|von|av|af|par|por|di|door) |: ?)';
/** The words before the names of those who wrote, and of those who did something else. */
const textCredit = `(?:(?:additional|further) )?(?:words|texte?|tekst|story|report(?:ing|ed)?|written)${creditEnd}`;
const otherCredit = `(?:(?:additional|further) )?(?:pictures?|photos?|photographs?|photography|images?|fotos?|bilder|videos?|graphics?|illustrations?|edit(?:ing|ed)|translat(?:ion|ed))${creditEnd}`;
const credits = new RegExp(
  String.raw` ?; ?(?:with |and )?|(?<!additional|further)[.,]? (?=${textCredit}|${otherCredit})`,
  'i',
);
const ofText = new RegExp(`^${textCredit}`, 'i');
const ofOthers = new RegExp(`^${otherCredit}`, 'i');
const contact = /<[^<>]*>|\(?\b[\w.+-]+@[\w-]+\.[\w.-]+\)?/g;
/** A role that may follow a name after a comma. It is not a name. */
const role =
  /\b(?:ph\.?d|m\.?d|mp|editors?|correspondents?|reporters?|writers?|critics?|columnists?|chief|staff|bureau|desk|agenc(?:y|ies)|press|news|media|redaktør|korrespondent|journalist)\b/i;
/** A role at the end of a text, which may contain "and": "Health and Science Editor". */
const job =
  /\b(?:editors?|correspondents?|reporters?|writers?|critics?|columnists?|chief|redaktør|korrespondent|journalist)$/i;
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
  return lineOf(article.by ?? '') || listOf(authorsOf(article), article.language) || undefined;
}

/**
 * Returns the byline for cards, from which feeds take the authors' names: the desk's, unless `people[]` names other
 * authors.
 */
export function cardBylineOf(article: Article): string | undefined {
  const names = authorsOf(article);
  return isNaming(lineOf(article.by ?? ''), names) ? bylineOf(article) : listOf(names, article.language);
}

/** Returns names as the language lists them, "A, B and C", with semicolons where the list would be read as other names. */
function listOf(names: readonly string[], language: string | undefined): string {
  const list = new Intl.ListFormat(languageTag(language ?? '') ?? 'en').format(names);
  return lineOf(isNaming(list, names) ? list : names.join('; '));
}

/** Returns whether the authors of a byline are these. */
function isNaming(by: string, names: readonly string[]): boolean {
  return authorsOf({ by }).join('\n') === names.join('\n');
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
    .split(credits)
    .filter((part) => !ofOthers.test(part))
    .flatMap((part) => namesIn(part.replace(ofText, '')))
    .map((name) => name.replace(place, '').trim())
    .filter((name) => name !== '' && !nobody.test(name));
}

/**
 * Splits at commas up to the last "and": "A, B and C". Otherwise a role or an agency follows the comma, and only agencies
 * are listed without "and".
 */
function namesIn(part: string): string[] {
  const [first = '', ...others] = part.split(comma);
  const candidates = others.filter((segment) => !job.test(segment));
  const last = candidates.findLastIndex((segment) => conjunction.test(` ${segment}`));
  const more = candidates.slice(0, last + 1).flatMap((segment) => ` ${segment}`.split(conjunction));
  const agencies = isAgency(first) ? candidates.slice(last + 1).filter((segment) => isAgency(segment)) : [];
  return [...first.split(conjunction), ...more.filter((name) => !role.test(name)), ...agencies];
}
