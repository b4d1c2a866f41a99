import {
  correctionOf,
  authorsOf,
  isCorrection,
  picturesOf,
  renditionsOf,
  standfirstOf,
  type Article,
} from '../../shared/article/article.ts';
import type { Card } from '../../shared/article/card.ts';
import type { NamedFeed } from '../../shared/feed/placement.ts';
import { absolute, feedPagePath, sectionName, type Site } from './site.ts';

/**
 * Returns schema.org's `NewsArticle` as JSON-LD, as Google specifies it
 * (developers.google.com/search/docs/appearance/structured-data/article), escaped for a script element. `authorPages`
 * are the authors who have a page.
 */
export function newsArticleJson(
  site: Site,
  article: Article,
  { headline, path, section, sectionName: named, firstPublished, updated }: Card,
  authorPages: readonly NamedFeed[],
): string {
  const { theme, url } = site;
  const authors = [...new Set(authorsOf(article))];
  const pages = new Map(authorPages.map((author) => [author.name, author]));
  const description = standfirstOf(article);
  const correction = correctionOf(article);
  const images = picturesOf(article).flatMap((picture) => renditionsOf(picture).at(-1)?.href ?? []);
  const data = {
    '@context': 'https://schema.org',
    '@type': 'NewsArticle',
    mainEntityOfPage: { '@type': 'WebPage', '@id': url + path },
    url: url + path,
    headline,
    ...(description !== undefined && description !== '' && { description }),
    datePublished: firstPublished,
    // Google reports a modification before the publication as an error, but an embargo causes exactly that.
    dateModified: updated > firstPublished ? updated : firstPublished,
    inLanguage: article.language?.replaceAll('_', '-') ?? theme.language,
    ...(section !== undefined && { articleSection: sectionName(site, section, named) }),
    ...(authors.length > 0 && {
      author: authors.map((name) => {
        const page = pages.get(name.trim());
        return { '@type': 'Person', name, ...(page && { url: url + feedPagePath(page.feed) }) };
      }),
    }),
    ...(images.length > 0 && { image: images }),
    ...(isCorrection(article) && {
      correction: {
        '@type': 'CorrectionComment',
        datePublished: updated,
        ...(correction !== undefined && { text: correction }),
      },
    }),
    publisher: {
      '@type': 'NewsMediaOrganization',
      name: theme.name,
      url,
      ...(theme.logo && {
        logo: {
          '@type': 'ImageObject',
          url: absolute(site, theme.logo.href),
          width: theme.logo.width,
          height: theme.logo.height,
        },
      }),
    },
  };
  // HTML has no escapes within a script element, JSON does.
  return JSON.stringify(data).replaceAll('<', String.raw`\u003c`);
}
