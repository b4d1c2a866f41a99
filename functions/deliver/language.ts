import { html } from 'hono/html';
import { directionOf, languageTag, primaryOf, scriptOf } from '../../shared/article/language.ts';
import { wordsOf } from '../../shared/site/theme.ts';
import type { Site } from './site.ts';

/** Returns the attributes of an element in a language: `lang`, and `dir` if it differs from the element around it. */
export function languageAttributes(language: string, around: 'ltr' | 'rtl' = 'ltr'): ReturnType<typeof html> {
  const direction = directionOf(language);
  return html` lang="${language}"${direction === around ? '' : html` dir="${direction}"`}`;
}

/**
 * Returns the attributes of a text within a page of another language. Empty if one language includes the other: `en`
 * and `en-GB`.
 */
export function inOtherLanguage(around: string, language: string | undefined): ReturnType<typeof html> | '' {
  return language === undefined || isWithin(language, around) || isWithin(around, language)
    ? ''
    : languageAttributes(language, directionOf(around));
}

/** Returns whether a tag equals another one, or has it as a prefix (RFC 4647 §3.3.1). */
function isWithin(tag: string, range: string): boolean {
  return `${tag.toLowerCase()}-`.startsWith(`${range.toLowerCase()}-`);
}

/**
 * Returns the site with words and dates in an article's language, if the theme has words for it; else the site
 * unchanged.
 */
export function siteIn(site: Site, given: string | undefined): Site {
  const { theme } = site;
  const language = given === undefined ? undefined : languageTag(given);
  if (language === undefined) return site;
  const nearest = nearestTo(language, [theme.language, ...Object.keys(theme.translations ?? {})]);
  const words = nearest === undefined || nearest === theme.language ? undefined : theme.translations?.[nearest];
  return nearest === undefined || words === undefined
    ? site
    : { ...site, language: nearest, words: { ...wordsOf(theme), ...words } };
}

/**
 * Returns the tag of the same language, preferably in the same script, with the most subtags in common; undefined if
 * there is none.
 */
function nearestTo(language: string, tags: readonly string[]): string | undefined {
  const inScript = (tag: string): number => Number(scriptOf(tag) === scriptOf(language));
  const inCommon = (tag: string): number => (isWithin(language, tag) ? tag.length : 0);
  return tags
    .filter((tag) => primaryOf(tag) === primaryOf(language))
    .sort((a, b) => inScript(b) - inScript(a) || inCommon(b) - inCommon(a))[0];
}
