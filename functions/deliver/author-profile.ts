import { html, raw } from 'hono/html';
import { standfirstOf, type Article } from '../../shared/article/article.ts';
import { picturesOf } from '../../shared/article/media.ts';
import { bodyHtmlOf, bodyTextOf } from '../../shared/article/body.ts';
import { isAgency } from '../../shared/article/byline.ts';
import type { Card } from '../../shared/article/card.ts';
import { isListed } from '../../shared/article/head.ts';
import { languageTag } from '../../shared/article/language.ts';
import { profileFeed, type Profile } from '../../shared/article/profile.ts';
import { articleWithout } from '../../shared/picture/picture.ts';
import type { Markup } from './document.ts';
import { figure, readyForReaders } from './figures.ts';
import { inOtherLanguage } from './language.ts';
import { liveArticle } from './live-article.ts';
import type { DeliverPorts } from './ports.ts';
import type { Site } from './site.ts';
import { collectionPage, imagesOf, publisher, type ListedPage, type Thing } from './structured-data.ts';

/** The profile of an author, and the article that it was sent as. */
export interface AuthorProfile {
  readonly profile: Profile;
  readonly article: Article;
  readonly card: Card;
  readonly seq: number;
}

/**
 * Returns the profile of the author whose stories a feed lists. Its present head is read, because the feed's row may be
 * late.
 */
export async function authorProfile(
  { articles, feeds, pictures, clock }: Pick<DeliverPorts, 'articles' | 'feeds' | 'pictures' | 'clock'>,
  feed: string,
): Promise<AuthorProfile | undefined> {
  if (!feed.startsWith('author/')) return undefined;
  const [{ entries }, pulled] = await Promise.all([feeds.page(profileFeed(feed), 1, undefined), pictures.pulled()]);
  const [newest] = entries;
  const live = newest && (await liveArticle(articles, newest.card.articleId, clock.now()));
  if (!live?.profile || live.head.profileOf !== feed || !isListed(live.head)) return undefined;
  const { article, profile, head } = live;
  return { profile, article: articleWithout(article, pulled), card: head.card, seq: head.seq };
}

/** Returns the head of an author's page. */
export function profileHeader(site: Site, name: string, { profile, article }: AuthorProfile): Markup {
  const { jobTitle, links = [] } = profile;
  const own = inOtherLanguage(
    site.theme.language,
    article.language === undefined ? undefined : languageTag(article.language),
  );
  const [portrait] = picturesOf(article);
  const standfirst = standfirstOf(article);
  const body = bodyHtmlOf(article);
  return html`<header class="profile">
${portrait ? figure(portrait, 'portrait') : ''}
<div><h1>${name}</h1>
${jobTitle === undefined ? '' : html`<p class="by"${own}>${jobTitle}</p>`}
${standfirst === undefined ? '' : html`<p class="standfirst"${own}>${standfirst}</p>`}
${body === '' ? '' : html`<div class="body"${own}>${raw(readyForReaders(body))}</div>`}
${links.length === 0 ? '' : html`<ul class="links">${links.map(({ label, href }) => html`<li><a rel="me" href="${href}">${label}</a></li>`)}</ul>`}
</div></header>`;
}

/**
 * Returns `ProfilePage` for the page of an author
 * (developers.google.com/search/docs/appearance/structured-data/profile-page).
 */
export function profilePage(site: Site, page: ListedPage, author: AuthorProfile | undefined): Thing {
  const { mainEntity, ...collection } = collectionPage(site, page);
  return {
    ...collection,
    '@type': 'ProfilePage',
    mainEntity: {
      '@type': isAgency(page.title, site.theme.agencies) ? 'Organization' : 'Person',
      name: page.title,
      url: page.url,
      worksFor: publisher(site),
      ...(author && described(author)),
    },
    hasPart: mainEntity,
  };
}

function described({ profile: { jobTitle, links = [] }, article }: AuthorProfile): Thing {
  const [portrait] = picturesOf(article);
  const images = portrait ? imagesOf(portrait, true) : [];
  const biography = biographyOf(article);
  return {
    ...(jobTitle !== undefined && { jobTitle }),
    ...(biography !== '' && { description: biography }),
    ...(images.length > 0 && { image: images }),
    ...(links.length > 0 && { sameAs: links.map(({ href }) => href) }),
  };
}

/** Returns the biography as plain text. */
export function biographyOf(article: Article): string {
  return [standfirstOf(article) ?? '', bodyTextOf(article)].join(' ').trim();
}
