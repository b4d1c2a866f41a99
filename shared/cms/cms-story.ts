import type { Article, Association, Concept } from '../article/article.ts';
import { canonicalPath, pathIssue } from '../article/path.ts';
import type { Shown } from './publication.ts';
import type { GivenSection } from './sections.ts';
import { isBeginning } from './excerpt.ts';
import { plainTextOf } from '../article/sanitise.ts';

/** A story in terms that all CMSes share. Null and empty values count as absent. */
export interface GivenStory {
  readonly uri: string;
  /** The time of the CMS's last update. */
  readonly updated: string;
  readonly publication: Shown;
  readonly language?: string | null | undefined;
  /** The uris of the same story in other languages. */
  readonly translations?: readonly string[];
  /** The address of the page that search engines should show instead, on another site. */
  readonly canonical?: string | undefined;
  /** Plain text. */
  readonly title?: string | null | undefined;
  readonly standfirst?: string | null | undefined;
  readonly html?: string | null | undefined;
  /** Slash paths of slugs, the primary one first. */
  readonly sections: readonly GivenSection[];
  readonly topics: readonly string[];
  readonly genres: readonly string[];
  readonly authors: readonly string[];
  readonly pictures: readonly Association[];
}

/** Returns the ninjs item of a story that readers may see. */
export function ninjsOf(story: GivenStory): Article {
  const { uri, updated, publication, language, translations = [], canonical } = story;
  const altIds = [
    ...translations.map((value) => ({ role: 'translation', value })),
    ...(canonical === undefined ? [] : [{ role: 'canonical', value: canonical }]),
  ];
  const standfirst = plainTextOf(story.standfirst ?? '');
  const authors = story.authors.filter(isSaid);
  const subjects: Concept[] = [
    ...story.sections.filter(({ literal }) => isSaid(literal)).map((section) => ({ rel: 'section', ...section })),
    ...story.topics.filter(isSaid).map((name) => ({ rel: 'about', name })),
  ];
  return {
    uri,
    type: 'text',
    versionCreated: updated,
    pubStatus: 'usable',
    ...(publication.state === 'scheduled' && { embargoedUntil: publication.at }),
    // The publication time counts only in the first version. A time in the future is not a publication time.
    ...(publication.state === 'published' &&
      publication.since &&
      publication.since <= updated && { firstPublished: publication.since }),
    ...(language ? { language } : {}),
    ...(altIds.length > 0 && { altIds }),
    headlines: [{ role: 'main', value: story.title ?? '' }],
    ...(standfirst !== '' &&
      !isBeginning(standfirst, story.html ?? '') && {
        descriptions: [{ role: 'standfirst', contentType: 'text/plain', value: standfirst }],
      }),
    ...(story.html ? { bodies: [{ role: 'main', contentType: 'text/html', value: story.html }] } : {}),
    ...(authors.length > 0 && { by: authors.join(', '), people: authors.map((name) => ({ rel: 'author', name })) }),
    ...(subjects.length > 0 && { subjects }),
    ...(story.genres.some(isSaid) && { genres: story.genres.filter(isSaid).map((name) => ({ name })) }),
    ...(story.pictures.length > 0 && { associations: [...story.pictures] }),
  };
}

/**
 * Returns the path of an address or path. It is left out if it cannot be an article's path; the article then has its
 * default path.
 */
export function pathOf(address: string | null | undefined): { readonly path?: string } {
  if (!address) return {};
  const path = canonicalPath(URL.parse(address, 'http://site.invalid')?.pathname ?? '');
  return path === undefined || pathIssue(path) !== undefined ? {} : { path };
}

function isSaid(text: string): boolean {
  return text.trim() !== '';
}
