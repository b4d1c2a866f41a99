import { html, raw } from 'hono/html';
import {
  correctionOf,
  isCorrection,
  standfirstOf,
  topicsOf,
  type Article,
  type Association,
} from '../../shared/article/article.ts';
import { picturesOf } from '../../shared/article/media.ts';
import { bodyTextOf } from '../../shared/article/body.ts';
import { authorsOf, isAgency } from '../../shared/article/byline.ts';
import type { Card } from '../../shared/article/card.ts';
import { shortened } from '../../shared/shortened.ts';
import { languageTag } from '../../shared/article/language.ts';
import { feedsLinkedFrom } from '../../shared/feed/placement.ts';
import { places, renditionsFor } from '../../shared/picture/renditions.ts';
import { copyrightOf } from './copyright.ts';
import type { Markup } from './document.ts';
import type { LiveContent } from './live-page.ts';
import type { ShownPost } from './live-story.ts';
import { absolute, feedPagePath, sectionName, sectionTrail, type Site } from './site.ts';

/** A schema.org thing as JSON-LD. */
export type Thing = Readonly<Record<string, unknown>>;

/** Returns a script element with JSON-LD, escaped: HTML has no escapes within a script element, JSON does. */
export function structuredData(thing: Thing): Markup {
  const data = JSON.stringify({ '@context': 'https://schema.org', ...thing });
  return html`<script type="application/ld+json">${raw(data.replaceAll('<', String.raw`\u003c`))}</script>`;
}

/**
 * Returns schema.org's `NewsArticle` as Google specifies it
 * (developers.google.com/search/docs/appearance/structured-data/article). `feeds` are those that list the article: an
 * author among them has a page.
 */
export function newsArticle(
  site: Site,
  article: Article,
  { headline, path, section, sectionName: named, firstPublished, updated }: Card,
  feeds: readonly string[],
): Thing {
  const { theme, url } = site;
  const authors = [...new Set(authorsOf(article))];
  const pages = new Map(
    feedsLinkedFrom('byline', article).flatMap((page) => (feeds.includes(page.feed) ? [[page.name, page]] : [])),
  );
  const description = standfirstOf(article);
  const correction = correctionOf(article);
  const images = picturesOf(article).flatMap((picture, index) => imagesOf(picture, index === 0));
  const topics = topicsOf(article);
  const copyright = copyrightOf(article);
  return {
    '@type': 'NewsArticle',
    mainEntityOfPage: { '@type': 'WebPage', '@id': url + path },
    url: url + path,
    headline,
    ...(description !== undefined && description !== '' && { description }),
    datePublished: firstPublished,
    // An embargoed story was last updated before its publication, which Google reports as an error.
    dateModified: updated > firstPublished ? updated : firstPublished,
    inLanguage: (article.language === undefined ? undefined : languageTag(article.language)) ?? theme.language,
    isAccessibleForFree: true,
    ...(section !== undefined && { articleSection: sectionName(site, section, named) }),
    ...(topics.length > 0 && { keywords: topics }),
    ...(authors.length > 0 && {
      author: authors.map((name) => {
        const page = pages.get(name.trim());
        return {
          '@type': isAgency(name, theme.agencies) ? 'Organization' : 'Person',
          name,
          ...(page && { url: url + feedPagePath(page.feed) }),
        };
      }),
    }),
    ...(images.length > 0
      ? { image: images }
      : theme.shareImage && { image: [{ '@type': 'ImageObject', url: absolute(site, theme.shareImage.href) }] }),
    ...(copyright !== undefined && { copyrightNotice: copyright }),
    ...(isCorrection(article) && {
      correction: {
        '@type': 'CorrectionComment',
        datePublished: updated,
        ...(correction !== undefined && { text: correction }),
      },
    }),
    publisher: publisher(site),
  };
}

/**
 * Returns schema.org's `LiveBlogPosting` for a story (schema.org/LiveBlogPosting;
 * developers.google.com/search/docs/appearance/structured-data/livestream for its times).
 */
export function liveBlogPosting(story: Thing, site: Site, { live, page }: LiveContent): Thing {
  const { coverageStartTime = story['datePublished'], coverageEndTime } = live;
  const posts = page.pinned ? [page.pinned, ...page.posts] : page.posts;
  return {
    ...story,
    '@type': 'LiveBlogPosting',
    coverageStartTime,
    ...(coverageEndTime !== undefined && { coverageEndTime }),
    ...(posts[0] && { dateModified: latestOf(story['dateModified'], posts) }),
    liveBlogUpdate: posts.map(({ card, article, permalink }) => ({
      '@type': 'BlogPosting',
      headline: card.headline,
      url: site.url + permalink,
      datePublished: card.firstPublished,
      dateModified: card.updated > card.firstPublished ? card.updated : card.firstPublished,
      articleBody: shortened(bodyTextOf(article), { characters: maxPostCharacters }),
    })),
  };
}

/** The beginning of a post is enough, because the page itself has the whole text. */
const maxPostCharacters = 200;

function latestOf(own: unknown, posts: readonly ShownPost[]): string {
  return posts.reduce((latest, { card: { updated } }) => (updated > latest ? updated : latest), String(own));
}

/**
 * Returns `BreadcrumbList` for an article or a section: the sections above it, outermost first, then its own title.
 * `given` is the CMS's name of the section.
 */
export function breadcrumbs(site: Site, section: string, given?: string, title?: string): Thing {
  const names: readonly { readonly name: string; readonly item?: string }[] = [
    ...sectionTrail(site, section, given).map(({ path, title: name }) => ({
      name,
      item: `${site.url}/section/${path}`,
    })),
    ...(title === undefined ? [] : [{ name: title }]),
  ];
  return {
    '@type': 'BreadcrumbList',
    itemListElement: names.map((entry, index) => ({ '@type': 'ListItem', position: index + 1, ...entry })),
  };
}

/** Returns `CollectionPage` with the stories of a list, in its order. */
export function collectionPage(site: Site, { title, description, url, cards }: ListedPage): Thing {
  return {
    '@type': 'CollectionPage',
    name: title,
    description,
    url,
    inLanguage: site.theme.language,
    isPartOf: { '@type': 'WebSite', name: site.theme.name, url: `${site.url}/` },
    mainEntity: {
      '@type': 'ItemList',
      itemListElement: cards.map(({ path, headline }, index) => ({
        '@type': 'ListItem',
        position: index + 1,
        url: site.url + path,
        name: headline,
      })),
    },
  };
}

export interface ListedPage {
  readonly title: string;
  readonly description: string;
  readonly url: string;
  readonly cards: readonly Card[];
}

/** Returns `WebSite` for the home page. */
export function website(site: Site): Thing {
  const { name, description, language } = site.theme;
  return {
    '@type': 'WebSite',
    name,
    url: `${site.url}/`,
    inLanguage: language,
    ...(description !== undefined && { description }),
    publisher: publisher(site),
  };
}

/** Returns `NewsMediaOrganization`, with the policies that the theme links. */
export function publisher(site: Site): Thing {
  const { theme, url } = site;
  const { ethics, corrections, ownership } = theme.policies ?? {};
  const link = (property: string, href: string | undefined): Thing =>
    href === undefined ? {} : { [property]: absolute(site, href) };
  return {
    '@type': 'NewsMediaOrganization',
    name: theme.name,
    url,
    logo: {
      '@type': 'ImageObject',
      ...(theme.logo
        ? { url: absolute(site, theme.logo.href), width: theme.logo.width, height: theme.logo.height }
        : { url: `${url}/assets/icon.svg`, width: 512, height: 512 }),
    },
    ...link('publishingPrinciples', ethics),
    ...link('ethicsPolicy', ethics),
    ...link('correctionsPolicy', corrections),
    ...link('ownershipFundingInfo', ownership),
  };
}

/** Returns a picture's files. Google recommends the ratios 16:9, 4:3 and 1:1, which only the lead picture has here. */
export function imagesOf(picture: Association, isLead: boolean): Thing[] {
  const crops = (isLead ? Object.keys(places) : ['lead']) as (keyof typeof places)[];
  const files = crops.flatMap((place) => renditionsFor(picture, place).at(-1) ?? []);
  const copyright = copyrightOf(picture);
  const { by, copyrightHolder, usageTerms } = picture;
  return [...new Map(files.map((file) => [file.href, file])).values()].map(({ href, width, height }) => ({
    '@type': 'ImageObject',
    url: href,
    ...(width !== undefined && height !== undefined && { width, height }),
    ...(by !== undefined && { creditText: by }),
    ...(copyright !== undefined && { copyrightNotice: copyright }),
    ...(copyrightHolder !== undefined && { creator: { '@type': 'Organization', name: copyrightHolder } }),
    ...(typeof usageTerms === 'string' && URL.canParse(usageTerms) && { license: usageTerms }),
  }));
}
