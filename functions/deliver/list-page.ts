import { html } from 'hono/html';
import type { Card } from '../../shared/article/card.ts';
import { shortened } from '../../shared/shortened.ts';
import { biographyOf, profileHeader, profilePage, type AuthorProfile } from './author-profile.ts';
import { document, feedLinks, sharing } from './document.ts';
import { feedPagePath, type Site } from './site.ts';
import { breadcrumbs, collectionPage, structuredData } from './structured-data.ts';
import { teaser } from './teaser.ts';
import { longTime } from './time.ts';

/** The content of a feed's HTML page. */
export interface ListContent {
  readonly feed: string;
  readonly title: string;
  readonly cards: readonly Card[];
  /** The path and query of this page, and of the next older one. */
  readonly self: string;
  readonly next: string | undefined;
  readonly isFirst: boolean;
  /** The author's profile, on the first page of an author's feed. */
  readonly profile?: AuthorProfile | undefined;
}

export function listPage(
  site: Site,
  { feed, title, cards, self, next, isFirst, profile }: ListContent,
): Promise<string> {
  const { words } = site;
  const [first] = cards;
  const biography = profile ? biographyOf(profile.article) : '';
  const description =
    biography === '' ? descriptionOf(title, cards) : shortened(biography, { characters: maxDescription });
  const listed = { title, description, url: site.url + self, cards };
  const section = feed.startsWith('section/') ? feed.slice('section/'.length) : undefined;
  const pages = [
    ...(isFirst ? [] : [html`<a href="${feedPagePath(feed)}">${words.newest}</a>`]),
    ...(next === undefined ? [] : [html`<a rel="next" href="${next}">${words.older}</a>`]),
  ];
  return document(site, {
    // The title has the page's cursor, because each page of a feed needs its own title.
    title: isFirst || first === undefined ? title : `${title}, ${words.before} ${longTime(site, first.firstPublished)}`,
    kind: 'list',
    section,
    head: html`${sharing(site, { type: 'website', title, url: site.url + self, description, picture: profile?.card.picture ?? first?.picture })}
${structuredData(feed.startsWith('author/') ? profilePage(site, listed, profile) : collectionPage(site, listed))}
${section?.includes('/') === true ? structuredData(breadcrumbs(site, section, title)) : ''}
${feedLinks(site, feed, title)}`,
    main: html`${profile ? profileHeader(site, title, profile) : html`<h1>${title}</h1>`}
<ol class="river">${cards.map((card, index) => html`<li class="card">${teaser(site, card, 'river', index === 0)}</li>`)}</ol>
${pages.length === 0 ? '' : html`<nav class="pages" aria-label="${words.pages}">${pages}</nav>`}`,
  });
}

/** Search engines show about this many characters. */
const maxDescription = 200;

/** Returns the description of a list: its newest headlines. */
export function descriptionOf(title: string, cards: readonly Card[]): string {
  const headlines = cards.slice(0, 4).map(({ headline }) => headline);
  const fitting = headlines.filter((_, index) => headlines.slice(0, index + 1).join('; ').length <= maxDescription);
  return fitting.length === 0 ? title : `${title}: ${fitting.join('; ')}`;
}
