import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';
import { altOf, bylineOf, captionOf, headlineOf, isCorrection, picturesOf, renditionsOf, standfirstOf, type Article, type Association } from '../../shared/article.ts';
import type { Card } from '../../shared/card.ts';
import type { FrontDocument } from '../../shared/front.ts';
import type { Head } from '../../shared/head.ts';
import { bodyHtmlOf } from '../../shared/sanitise.ts';
import { feedPagePath, feedTitle, type Site } from './site.ts';
import { newsArticleJson } from './structured-data.ts';

type Markup = ReturnType<typeof html>;

const style = `
:root{color-scheme:light dark}
body{margin:0 auto;max-width:42rem;padding:0 1rem 4rem;font:1.125rem/1.6 Georgia,"Times New Roman",serif;overflow-wrap:break-word}
header,footer,time,figcaption,.by,.correction,nav{font:.9rem/1.5 system-ui,sans-serif}
header{padding:1rem 0;border-bottom:1px solid}
h1{font-size:2rem;line-height:1.2;margin:1.5rem 0 .5rem}
h2{font-size:1.3rem;line-height:1.3}
.standfirst{font-size:1.25rem;margin:.5rem 0}
figure{margin:1.5rem 0}
img{max-width:100%;height:auto;display:block}
ol.list{list-style:none;padding:0}
ol.list li{border-top:1px solid;padding:.5rem 0}
table{display:block;overflow-x:auto}
@media print{header,nav{display:none}}
`;

const styleHash = createHash('sha256').update(style).digest('base64');

/** No script, no frame, no form; pictures from wherever the agencies keep them. */
export const pageHeaders = {
  'content-security-policy': `default-src 'none'; img-src https: http:; media-src https:; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
};

async function document(site: Site, language: string | undefined, title: string, head: Markup, main: Markup): Promise<string> {
  const page = await html`<!doctype html>
<html lang="${language ?? site.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – ${site.name}</title>
<style>${raw(style)}</style>
${head}
</head>
<body>
<header><a href="/">${site.name}</a></header>
<main>${main}</main>
<footer><p><a href="/latest">Latest News</a></p></footer>
</body>
</html>
`;
  return page.toString();
}

/** The page of a live article. */
export function articlePage(site: Site, head: Head & { readonly card: Card; readonly path: string }, article: Article): Promise<string> {
  const headline = headlineOf(article) ?? '';
  const standfirst = standfirstOf(article);
  const { firstPublished, updated, picture } = head.card;
  const by = bylineOf(article);
  const [lead, ...others] = picturesOf(article);
  const body = bodyHtmlOf(article);
  return document(
    site,
    article.language,
    headline,
    html`<link rel="canonical" href="${site.url}${head.path}">
<link rel="alternate" type="application/json" href="${site.url}/articles/${head.articleId}.json">
<meta property="og:type" content="article"><meta property="og:title" content="${headline}"><meta property="og:url" content="${site.url}${head.path}">
${standfirst === undefined ? '' : html`<meta name="description" content="${standfirst}">`}
${picture ? html`<meta property="og:image" content="${picture.href}">` : ''}
<script type="application/ld+json">${raw(newsArticleJson(site, article, head.card))}</script>`,
    html`<article>
<h1>${headline}</h1>
${standfirst === undefined ? '' : html`<p class="standfirst">${standfirst}</p>`}
${by === undefined ? '' : html`<p class="by">${by}</p>`}
<p><time datetime="${firstPublished}">${readable(site, firstPublished)}</time>${updated > firstPublished ? html` · Updated <time datetime="${updated}">${readable(site, updated)}</time>` : ''}</p>
${isCorrection(article) ? html`<p class="correction"><strong>Correction</strong> made <time datetime="${updated}">${readable(site, updated)}</time></p>` : ''}
${lead ? figure(lead) : ''}
${raw(body)}
${others.map(figure)}
</article>
<nav aria-label="Where this story stands">${(head.feeds ?? []).map((feed) => html`<a href="${feedPagePath(feed)}">${feedTitle(feed)}</a> `)}</nav>`,
  );
}

function figure(picture: Association): Markup {
  const renditions = renditionsOf(picture);
  const widest = renditions.findLast(({ width }) => (width ?? 0) <= 1600) ?? renditions[0];
  const caption = captionOf(picture);
  if (!widest) return html``;
  const { width, height } = widest;
  return html`<figure><img src="${widest.href}" alt="${altOf(picture) ?? caption ?? ''}"${width !== undefined && height !== undefined ? html` width="${width}" height="${height}"` : ''} loading="lazy">
<figcaption>${caption ?? ''}${picture.by === undefined ? '' : html` <small>${picture.by}</small>`}</figcaption></figure>`;
}

/** A page of a feed. */
export function listPage(site: Site, feed: string, cards: readonly Card[], next: string | undefined): Promise<string> {
  const title = feedTitle(feed);
  return document(
    site,
    undefined,
    title,
    html`<link rel="alternate" type="application/rss+xml" title="${title}" href="${site.url}/feeds/${feed}.rss">
<link rel="alternate" type="application/atom+xml" title="${title}" href="${site.url}/feeds/${feed}.atom">
<link rel="alternate" type="application/feed+json" title="${title}" href="${site.url}/feeds/${feed}.json">`,
    html`<h1>${title}</h1>
<ol class="list">${cards.map(
      (card) => html`<li><h2><a href="${card.path}">${card.headline}</a></h2>
${card.standfirst === undefined ? '' : html`<p>${card.standfirst}</p>`}
<time datetime="${card.firstPublished}">${readable(site, card.firstPublished)}</time></li>`,
    )}</ol>
${next === undefined ? '' : html`<nav aria-label="Pages"><a rel="next" href="${next}">Older stories</a></nav>`}`,
  );
}

/** A curated page: its containers in order. */
export function frontPage(site: Site, { name, containers }: FrontDocument): Promise<string> {
  return document(
    site,
    undefined,
    name === 'home' ? site.name : name,
    html`<link rel="alternate" type="application/json" href="${site.url}/fronts/${name}.json">`,
    html`${containers.map(
      ({ title, items, seeMore, links }) => html`<section><h2>${title}</h2>
<ol class="list">${items.map((card) => html`<li><a href="${card.path}">${card.headline}</a></li>`)}${(links ?? []).map(({ label, href }) => html`<li><a href="${href}">${label}</a></li>`)}</ol>
${seeMore === undefined ? '' : html`<p><a href="${seeMore}">See more<span class="of"> of ${title}</span></a></p>`}</section>`,
    )}`,
  );
}

/** What a person sees where there is no page. */
export function missingPage(site: Site, title: string, text: string): Promise<string> {
  return document(site, undefined, title, html`<meta name="robots" content="noindex">`, html`<h1>${title}</h1><p>${text}</p>`);
}

/** Making one takes a quarter of a page's time. */
const dateFormats = new Map<string, Intl.DateTimeFormat>();

function readable({ timeZone }: Site, instant: string): string {
  let format = dateFormats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone, day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZoneName: 'short' });
    dateFormats.set(timeZone, format);
  }
  return format.format(new Date(instant));
}
