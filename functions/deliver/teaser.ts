import { html } from 'hono/html';
import { isCovered, type Card } from '../../shared/article/card.ts';
import type { Markup } from './document.ts';
import { cardPicture } from './figures.ts';
import { inOtherLanguage } from './language.ts';
import { sectionName, type Site } from './site.ts';
import { shortTime, timeElement } from './time.ts';

/**
 * Returns one story of a list, with a headline of level 2 in a river, else 3. The picture of a page's first story is
 * loaded at once.
 */
export function teaser(site: Site, card: Card, place: 'top' | 'card' | 'river', isFirst = false): Markup {
  const { path, headline, standfirst, by, section, sectionName: named, genres = [], firstPublished, language } = card;
  const kicker = section === undefined ? genres[0] : sectionName(site, section, named);
  const live = isCovered(card, site.now) ? html`<span class="live">${site.words.live}</span> ` : '';
  const own = inOtherLanguage(site.theme.language, language);
  const link = html`<a href="${path}"${own}>${headline}</a>`;
  return html`${cardPicture(card, place, isFirst)}
${kicker === undefined && live === '' ? '' : html`<p class="kicker">${live}${kicker}</p>`}
${place === 'river' ? html`<h2>${link}</h2>` : html`<h3>${link}</h3>`}
${standfirst === undefined ? '' : html`<p${own}>${standfirst}</p>`}
<p class="when">${by === undefined ? '' : html`<span${own}>${by}</span> · `}${timeElement(firstPublished, shortTime(site, firstPublished))}</p>`;
}
