import { html, raw } from 'hono/html';
import { escapeHtml } from '../../shared/article/html.ts';
import { bodyHtmlOf } from '../../shared/article/body.ts';
import {
  altOf,
  audioOf,
  bylineOf,
  captionOf,
  correctionOf,
  headlineOf,
  isCorrection,
  isIntroduced,
  picturesOf,
  playableOf,
  playersOf,
  renditionsOf,
  standfirstOf,
  type Article,
  type Association,
} from '../../shared/article/article.ts';
import type { Card } from '../../shared/article/card.ts';
import type { Head } from '../../shared/article/head.ts';
import { feedsLinkedFrom, latest, type NamedFeed } from '../../shared/feed/placement.ts';
import { imagesIn, sameAddress } from '../../shared/picture/picture.ts';
import { railsFront } from '../../shared/site/theme.ts';
import { document, feedLinks, sharing, type Markup } from './document.ts';
import { feedPagePath, sectionName, type Site } from './site.ts';
import { newsArticleJson } from './structured-data.ts';
import { longTime, timeElement } from './time.ts';

/** Returns the page of a live article. `related` are the cards of the desk's related articles. */
export function articlePage(
  site: Site,
  head: Head & { readonly card: Card; readonly path: string },
  article: Article,
  related: readonly Card[],
): Promise<string> {
  const { words } = site;
  const { card, articleId, path, feeds = [] } = head;
  const { firstPublished, updated, section } = card;
  const headline = headlineOf(article) ?? '';
  const standfirst = standfirstOf(article) || undefined;
  const url = site.url + path;
  const language = languageOf(article);
  const body = bodyHtmlOf(article);
  // Pictures in the text are not shown a second time.
  const pictures = picturesOf(article);
  const inText = new Set(imagesIn(body).map(sameAddress));
  const [lead, ...others] = pictures.filter(
    (picture) => !renditionsOf(picture).some(({ href }) => inText.has(sameAddress(href))),
  );
  const [mainPicture = {}] = pictures;
  const largest = renditionsOf(mainPicture).at(-1);
  // The pages of its topics and authors may not exist once an article has left the lists.
  const isListed = ({ feed }: NamedFeed): boolean => feeds.includes(feed);
  const authors = feedsLinkedFrom('byline', article).filter(isListed);
  const topics = feedsLinkedFrom('topics', article).filter(isListed);
  const by = bylineOf(article);
  const published = longTime(site, firstPublished);
  const changed = longTime(site, updated);
  const correction = correctionOf(article);
  return document(site, {
    language,
    title: headline,
    kind: 'article',
    section,
    runs: true,
    head: html`${sharing(site, { type: 'article', title: headline, url, description: standfirst, picture: largest && { href: largest.href, alt: altOf(mainPicture) } })}
<meta property="article:published_time" content="${firstPublished}">
<meta property="article:modified_time" content="${updated}">
${section === undefined ? '' : html`<meta property="article:section" content="${sectionName(site, section, card.sectionName)}">`}
${authors.map(({ feed }) => html`<meta property="article:author" content="${site.url}${feedPagePath(feed)}">`)}
${topics.map(({ name }) => html`<meta property="article:tag" content="${name}">`)}
${language === undefined ? '' : html`<link rel="alternate" hreflang="${language}" href="${url}">`}
<link rel="alternate" type="application/json" href="${site.url}/articles/${articleId}.json">
${feedLinks(site, section === undefined ? latest : `section/${section}`, section === undefined ? words.latest : sectionName(site, section, card.sectionName))}
<script type="application/ld+json">${raw(newsArticleJson(site, article, card, authors))}</script>`,
    main: html`<article class="story">
${section === undefined ? '' : html`<p class="kicker"><a href="/section/${section}">${sectionName(site, section, card.sectionName)}</a></p>`}
<h1>${headline}</h1>
${standfirst === undefined ? '' : html`<p class="standfirst">${standfirst}</p>`}
${by === undefined ? '' : html`<p class="by">${introductionOf(site, by, language)}${byline(by, authors)}</p>`}
<p class="when">${timeElement(firstPublished, published)}${updated > firstPublished && changed !== published ? html` · ${words.updated} ${timeElement(updated, changed)}` : ''}</p>
${isCorrection(article) ? html`<p class="correction"><strong>${words.corrected}</strong> ${timeElement(updated, changed)}${correction === undefined ? '' : html`: ${correction}`}</p>` : ''}
${lead ? figure(lead, true) : ''}
${listen(site, article)}
<div class="body">
${raw(body.replaceAll('<img ', '<img loading="lazy" decoding="async" '))}
</div>
${others.map((picture) => figure(picture, false))}
${playersOf(article).flatMap((item) => (playableOf(item).some(({ href }) => body.includes(escapeHtml(href))) ? [] : player(item)))}
${related.length === 0 ? '' : html`<nav class="more" aria-label="${words.readMore}"><h2>${words.readMore}</h2><ul>${related.map((other) => html`<li><a href="${other.path}">${other.headline}</a></li>`)}</ul></nav>`}
${topics.length === 0 ? '' : html`<nav class="topics" aria-label="${words.topics}"><h2>${words.topics}</h2><ul>${topics.map(({ feed, name }) => html`<li><a href="${feedPagePath(feed)}">${name}</a></li>`)}</ul></nav>`}
</article>
<section id="rails" class="wait" aria-label="${words.moreStories}" lang="${site.theme.language}" data-front="/fronts/${railsFront(site.theme, section)}.fragment.html" data-own="${articleId}">
<ul class="links"><li><a href="/latest">${words.latest}</a></li>${section === undefined ? '' : html`<li><a href="/section/${section}">${sectionName(site, section, card.sectionName)}</a></li>`}</ul>
</section>`,
  });
}

/** BCP 47 requires hyphens, which some agencies replace. */
function languageOf({ language }: Article): string | undefined {
  return language?.replaceAll('_', '-');
}

/** The site's "By", if the sender wrote none and the story is in the site's language. */
function introductionOf({ theme, words }: Site, by: string, language: string | undefined): string {
  const isForeign = language !== undefined && primaryOf(language) !== primaryOf(theme.language);
  return isForeign || isIntroduced(by, words.by) ? '' : `${words.by} `;
}

/** Returns the primary subtag of a language: `en` of `en-GB` (BCP 47). */
function primaryOf(language: string): string {
  return (language.split('-')[0] ?? '').toLowerCase();
}

/** Returns the byline with a link for each author. Authors whom it does not name are added. */
function byline(by: string, authors: readonly NamedFeed[]): Markup[] {
  const parts: Markup[] = [];
  const link = ({ feed, name }: NamedFeed): Markup => html`<a rel="author" href="${feedPagePath(feed)}">${name}</a>`;
  let rest = by;
  const unnamed = authors.filter((author) => {
    const at = rest.indexOf(author.name);
    if (at < 0) return true;
    parts.push(html`${rest.slice(0, at)}${link(author)}`);
    rest = rest.slice(at + author.name.length);
    return false;
  });
  return [...parts, html`${rest}`, ...unnamed.map((author) => html` · ${link(author)}`)];
}

function listen({ words }: Site, article: Article): Markup | '' {
  const sounds = audioOf(article);
  return sounds.length === 0
    ? ''
    : html`<figure class="listen"><figcaption>${words.listen}</figcaption><audio controls preload="none" aria-label="${words.listen}">${sounds.map(({ href, contentType }) => html`<source src="${href}" type="${contentType}">`)}</audio></figure>`;
}

/** Returns a picture with all its renditions, among which the browser chooses. */
function figure(picture: Association, isLead: boolean): Markup {
  const renditions = renditionsOf(picture);
  const shown = renditions.findLast(({ width }) => (width ?? 0) <= 1600) ?? renditions[0];
  if (!shown) return html``;
  const caption = captionOf(picture);
  const { href, width, height } = shown;
  const sized = renditions.flatMap(({ href: source, width: pixels }) =>
    pixels === undefined || pixels === 0 ? [] : [`${candidate(source)} ${pixels}w`],
  );
  return html`<figure${isLead ? html` class="lead"` : ''}><img src="${href}"${sized.length > 1 ? html` srcset="${sized.join(', ')}" sizes="(min-width: 56rem) 52rem, 100vw"` : ''} alt="${altOf(picture) ?? caption ?? ''}"${width !== undefined && height !== undefined ? html` width="${width}" height="${height}"` : ''} ${isLead ? html`fetchpriority="high"` : html`loading="lazy"`} decoding="async">
${caption === undefined && picture.by === undefined ? '' : html`<figcaption>${caption ?? ''}${picture.by === undefined ? '' : html` <small>${picture.by}</small>`}</figcaption>`}</figure>`;
}

/** Returns a video or sound that nothing plays before the reader asks for it. */
function player(item: Association): Markup {
  const sources = playableOf(item).map(({ href, contentType }) => html`<source src="${href}" type="${contentType}">`);
  const caption = captionOf(item) ?? headlineOf(item);
  const poster = renditionsOf(item).find(({ contentType }) => contentType !== undefined);
  const label = headlineOf(item) ?? caption ?? '';
  return html`<figure>${
    item.type === 'audio'
      ? html`<audio controls preload="none" aria-label="${label}">${sources}</audio>`
      : html`<video controls preload="none" aria-label="${label}"${poster ? html` poster="${poster.href}"` : ''}>${sources}</video>`
  }
${caption === undefined && item.by === undefined ? '' : html`<figcaption>${caption ?? ''}${item.by === undefined ? '' : html` <small>${item.by}</small>`}</figcaption>`}</figure>`;
}

/** Escapes an address within `srcset`, where spaces and commas are separators (HTML, "srcset attributes"). */
function candidate(href: string): string {
  return href.replaceAll(/\s/g, encodeURIComponent).replace(/^,|,$/g, '%2C');
}
