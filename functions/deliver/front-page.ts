import { html } from 'hono/html';
import type { FrontDocument, SpareFront } from '../../shared/front/front.ts';
import { latest } from '../../shared/feed/placement.ts';
import { document, feedLinks, sharing, type Markup } from './document.ts';
import { nameOfSlug } from '../../shared/article/slug.ts';
import type { Site } from './site.ts';
import { descriptionOf } from './list-page.ts';
import { publisher, structuredData, website } from './structured-data.ts';
import { teaser } from './teaser.ts';

/** The name of the front that is the home page. If it is not published, the home page is Latest News. */
export const homeFront = 'home';

/** Returns the page of a front: its containers in order. */
export function frontPage(site: Site, { name, containers }: FrontDocument): Promise<string> {
  const isHome = name === homeFront;
  const title = isHome ? site.theme.name : nameOfSlug(name);
  return document(site, {
    title,
    kind: 'front',
    head: html`${sharing(site, {
      type: 'website',
      title,
      url: isHome ? `${site.url}/` : `${site.url}/fronts/${name}.html`,
      description:
        (isHome ? site.theme.description : undefined) ??
        descriptionOf(
          title,
          containers.flatMap(({ items }) => items),
        ),
      picture: containers[0]?.items[0]?.picture,
    })}
${
  isHome
    ? html`${structuredData({ ...publisher(site) })}
${structuredData(website(site))}`
    : ''
}
<link rel="alternate" type="application/json" href="${site.url}/fronts/${name}.json">
${feedLinks(site, latest, site.words.latest)}`,
    main: html`<h1${isHome ? html` class="unseen"` : ''}>${title}</h1>
${containers.filter(isAnything).map((container, index) => rail(site, container, html`<ul class="cards${layoutOf(site, container)}">${container.items.map((card, place) => html`<li class="card">${teaser(site, card, index + place === 0 ? 'top' : 'card', index + place === 0)}</li>`)}</ul>`))}`,
  });
}

/**
 * Returns the front below articles as one fragment for all of them. `script.ts` removes the page's own article from it.
 */
export async function railsFragment(site: Site, { containers }: SpareFront): Promise<string> {
  const fragment = await html`${containers
    .filter(isAnything)
    .map((container) =>
      rail(
        site,
        container,
        html`<ul class="cards${layoutOf(site, container)}" data-limit="${container.limit}">${container.items.map((card, index) => html`<li class="card" data-id="${card.articleId}"${index < container.pins ? html` data-pin` : ''}>${teaser(site, card, 'card')}</li>`)}</ul>`,
      ),
    )}`;
  return fragment.toString();
}

type Container = FrontDocument['containers'][number];

function isAnything({ items, links = [] }: Container): boolean {
  return items.length + links.length > 0;
}

function layoutOf({ theme: { rails } }: Site, { title }: Container): '' | ' headlines' {
  return rails.layouts?.[title] === 'headlines' ? ' headlines' : '';
}

export function rail(site: Site, { title, seeMore, items, links }: Container, list: Markup): Markup {
  return html`<section class="rail"><header><h2>${title}</h2>${seeMore === undefined ? '' : html`<a href="${seeMore}">${site.words.seeMore}<span class="unseen"> ${title}</span></a>`}</header>
${items.length === 0 ? '' : list}
${links === undefined ? '' : html`<ul class="links">${links.map(({ label, href }) => html`<li><a href="${href}">${label}</a></li>`)}</ul>`}</section>`;
}
