import { html } from 'hono/html';
import { latest } from '../../shared/feed/placement.ts';
import type { Feeds } from '../../shared/feed/ports.ts';
import { allFeedsTag, feedTag } from '../../shared/purge/tags.ts';
import { document, pageHeaders, searchAddress } from './document.ts';
import { failure, type Response } from './http.ts';
import { feedPagePath, type Site } from './site.ts';
import { shortTime, timeElement } from './time.ts';

export interface ErrorPagePorts {
  readonly feeds: Pick<Feeds, 'page'>;
}

/** The number of latest stories on an error page. */
const latestStories = 8;

/**
 * Returns the HTML page of an error, with the latest stories. A withdrawn story leaves the page by a purge of its tag
 * `feed:latest`, or within seconds if the CDN stores no tags of errors.
 */
export async function errorPage(
  { feeds }: ErrorPagePorts,
  site: Site,
  status: number,
  title: string,
  text: string,
  tags: readonly string[] = [],
): Promise<Response> {
  const { entries } = await feeds.page(latest, latestStories, undefined);
  const page = await document(site, {
    title,
    kind: 'missing',
    isUnlisted: true,
    head: html``,
    main: html`<h1>${title}</h1><p>${text}</p>${site.theme.searchPage === undefined ? '' : html`<p><a href="${searchAddress(site.theme.searchPage)}">${site.words.search}</a></p>`}
${entries.length === 0 ? '' : html`<nav class="more" aria-label="${site.words.latest}"><h2><a href="${feedPagePath(latest)}">${site.words.latest}</a></h2><ul>${entries.map(({ card: { path, headline, firstPublished } }) => html`<li><a href="${path}">${headline}</a> ${timeElement(firstPublished, shortTime(site, firstPublished))}</li>`)}</ul></nav>`}`,
  });
  return failure(
    status,
    'text/html; charset=utf-8',
    page,
    [...new Set([...tags, feedTag(latest), allFeedsTag])],
    pageHeaders(site),
  );
}

/** Returns the same page for every missing article, so that it reveals no reason. */
export function notFoundPage(ports: ErrorPagePorts, site: Site, tags: readonly string[] = []): Promise<Response> {
  return errorPage(ports, site, 404, site.words.notFound, site.words.notFoundText, tags);
}
