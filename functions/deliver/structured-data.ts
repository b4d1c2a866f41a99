import { authorsOf, isCorrection, picturesOf, renditionsOf, standfirstOf, type Article } from '../../shared/article.ts';
import type { Card } from '../../shared/card.ts';
import type { Site } from './site.ts';

/** `NewsArticle` of schema.org as JSON-LD, safe within a script element. */
export function newsArticleJson(site: Site, article: Article, { headline, path, firstPublished, updated }: Card): string {
  const authors = authorsOf(article);
  const description = standfirstOf(article);
  const images = picturesOf(article).flatMap((picture) => renditionsOf(picture).at(-1)?.href ?? []);
  const data = {
    '@context': 'https://schema.org',
    '@type': 'NewsArticle',
    mainEntityOfPage: site.url + path,
    headline,
    ...(description !== undefined && { description }),
    datePublished: firstPublished,
    dateModified: updated,
    ...(article.language !== undefined && { inLanguage: article.language }),
    ...(authors.length > 0 && { author: authors.map((name) => ({ '@type': 'Person', name })) }),
    ...(images.length > 0 && { image: images }),
    ...(isCorrection(article) && { correction: { '@type': 'CorrectionComment', datePublished: updated } }),
    publisher: { '@type': 'NewsMediaOrganization', name: site.name, url: site.url },
  };
  // HTML knows no escapes within a script element, JSON does.
  return JSON.stringify(data).replaceAll('<', String.raw`\u003c`);
}
