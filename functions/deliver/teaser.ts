import { html } from 'hono/html';
import type { Card } from '../../shared/article/card.ts';
import type { Markup } from './document.ts';
import { sectionName, type Site } from './site.ts';
import { shortTime, timeElement } from './time.ts';

/**
 * Returns one story of a list. `level` is that of its headline; the first story of a page loads its picture eagerly.
 */
export function teaser(
  site: Site,
  { picture, path, headline, standfirst, section, sectionName: named, genres = [], firstPublished }: Card,
  level: 2 | 3,
  isFirst = false,
): Markup {
  const kicker = section === undefined ? genres[0] : sectionName(site, section, named);
  const link = html`<a href="${path}">${headline}</a>`;
  return html`${picture ? html`<img src="${picture.href}" alt="${picture.alt ?? ''}" ${isFirst ? html`fetchpriority="high"` : html`loading="lazy"`} decoding="async">` : ''}
${kicker === undefined ? '' : html`<p class="kicker">${kicker}</p>`}
${level === 2 ? html`<h2>${link}</h2>` : html`<h3>${link}</h3>`}
${standfirst === undefined ? '' : html`<p>${standfirst}</p>`}
<p class="when">${timeElement(firstPublished, shortTime(site, firstPublished))}</p>`;
}
