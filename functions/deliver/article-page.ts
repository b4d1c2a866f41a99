import { html, raw } from 'hono/html';
import { bodyHtmlOf } from '../../shared/article/body.ts';
import {
  canonicalUrlOf,
  correctionOf,
  headlineOf,
  isCorrection,
  lineOf,
  relatedUris,
  standfirstOf,
  type Article,
} from '../../shared/article/article.ts';
import { altOf, audioOf, picturesOf } from '../../shared/article/media.ts';
import { bylineOf, isIntroduced } from '../../shared/article/byline.ts';
import type { Card } from '../../shared/article/card.ts';
import type { Head } from '../../shared/article/head.ts';
import { liveFeed } from '../../shared/article/post.ts';
import { directionOf, languageTag, primaryOf } from '../../shared/article/language.ts';
import { feedsLinkedFrom, latest, type NamedFeed } from '../../shared/feed/placement.ts';
import { renditionsFor } from '../../shared/picture/renditions.ts';
import { railsFront, shareTargets, type ShareTarget } from '../../shared/site/theme.ts';
import { besideText } from '../../shared/picture/beside-text.ts';
import { copyrightOf } from './copyright.ts';
import { withPlaceholders } from './embeds.ts';
import { document, feedLinks, sharing, type Markup } from './document.ts';
import { figure, gallery, isEmbedded, mediaElement, readyForReaders } from './figures.ts';
import { inOtherLanguage, languageAttributes, siteIn } from './language.ts';
import { postsSection, type LiveContent } from './live-page.ts';
import { topicsToRead } from './more-on-topic.ts';
import type { Related } from './related.ts';
import { feedPagePath, sectionName, sectionTrail, type Site } from './site.ts';
import { breadcrumbs, liveBlogPosting, newsArticle, structuredData } from './structured-data.ts';
import { longTime, timeElement } from './time.ts';

/** Returns the page of a live article, with its related articles, translations and posts. */
export function articlePage(
  newspaper: Site,
  head: Head & { readonly card: Card; readonly path: string },
  article: Article,
  { cards: related, translations }: Related,
  posts?: LiveContent,
): Promise<string> {
  const { card, articleId, path, feeds = [] } = head;
  const language = article.language === undefined ? undefined : languageTag(article.language);
  const site = siteIn(newspaper, language);
  const { words } = site;
  const direction = directionOf(language ?? site.theme.language);
  const ui = inOtherLanguage(language ?? site.theme.language, site.language);
  const { firstPublished, updated, section } = card;
  const headline = headlineOf(article) ?? '';
  const standfirst = standfirstOf(article) || undefined;
  const url = site.url + path;
  const body = bodyHtmlOf(article);
  const pictures = picturesOf(article);
  const {
    pictures: [lead, ...others],
    media,
  } = besideText(article, body);
  const [mainPicture = {}] = pictures;
  const largest = renditionsFor(mainPicture, 'lead').at(-1);
  // The page of a topic or author may not exist if it does not list this article.
  const isListed = ({ feed }: NamedFeed): boolean => feeds.includes(feed);
  const authors = feedsLinkedFrom('byline', article).filter(isListed);
  const topics = feedsLinkedFrom('topics', article).filter(isListed);
  const by = bylineOf(article);
  const dateline = lineOf(article.located ?? '') || undefined;
  const minutes = readingMinutes(body);
  const published = longTime(site, firstPublished);
  const changed = longTime(site, updated);
  const correction = correctionOf(article);
  const copyright = copyrightOf(article);
  const text = withPlaceholders(site, readyForReaders(body));
  return document(site, {
    language,
    title: headline,
    kind: 'article',
    section,
    hasRails: true,
    asksForPosts: posts?.isRunning === true,
    // New posts may have embeds.
    hasEmbeds: posts !== undefined || text.includes(' data-frame="') || media.some((item) => isEmbedded(site, item)),
    head: html`${sharing(site, { type: 'article', title: headline, url, canonical: canonicalUrlOf(article)?.href, description: standfirst, picture: largest && { ...largest, alt: altOf(mainPicture) } })}
<meta property="article:published_time" content="${firstPublished}">
<meta property="article:modified_time" content="${updated}">
${section === undefined ? '' : html`<meta property="article:section" content="${sectionName(site, section, card.sectionName)}">`}
${authors.map(({ feed }) => html`<meta property="article:author" content="${site.url}${feedPagePath(feed)}">`)}
${topics.map(({ name }) => html`<meta property="article:tag" content="${name}">`)}
${[{ language: language ?? site.theme.language, path }, ...translations].map((page) => html`<link rel="alternate" hreflang="${page.language ?? ''}" href="${site.url}${page.path}">`)}
<link rel="alternate" type="application/json" href="${site.url}/articles/${articleId}.json">
${feedLinks(site, section === undefined ? latest : `section/${section}`, section === undefined ? words.latest : sectionName(site, section, card.sectionName))}
${
  posts
    ? html`${feedLinks(site, liveFeed(articleId), headline)}
${structuredData(liveBlogPosting(newsArticle(site, article, card, feeds), site, posts))}`
    : structuredData(newsArticle(site, article, card, feeds))
}
${section === undefined ? '' : structuredData(breadcrumbs(site, section, card.sectionName, headline))}`,
    main: html`<article class="story">
${section === undefined ? '' : html`<nav class="kicker" aria-label="${words.breadcrumbs}"${ui}><ol>${sectionTrail(site, section, card.sectionName).map(({ path: above, title }) => html`<li><a href="/section/${above}">${title}</a></li>`)}</ol></nav>`}
${posts?.isRunning === true ? html`<p class="live"${ui}>${words.live}</p>` : ''}
<h1>${headline}</h1>
${standfirst === undefined ? '' : html`<p class="standfirst">${standfirst}</p>`}
${by === undefined ? '' : html`<p class="by">${introductionOf(site, by, language)}${byline(by, authors)}</p>`}
<p class="when"${ui}>${dateline === undefined || by?.includes(dateline) === true ? '' : html`<span class="place">${dateline}</span> · `}${timeElement(firstPublished, published)}${updated > firstPublished && changed !== published ? html` · ${words.updated} ${timeElement(updated, changed)}` : ''}${minutes > 1 ? html` · ${minutes} ${words.readingTime}` : ''}</p>
${site.now - Date.parse(firstPublished) > yearMilliseconds ? html`<p class="old"${ui}>${words.old}</p>` : ''}
${isCorrection(article) ? html`<p class="correction"><strong${ui}>${words.corrected}</strong> ${timeElement(updated, changed)}${correction === undefined ? '' : html`: ${correction}`}</p>` : ''}
${lead ? figure(lead, 'lead') : ''}
${listen(site, article)}
<div class="body">
${raw(text)}
</div>
${posts ? postsSection(site, posts, language ?? site.theme.language) : ''}
${others.length > 1 ? gallery(site, others) : others.map((picture) => figure(picture, 'text'))}
${media.map((item) => mediaElement(site, item, language ?? site.theme.language))}
${share(site, headline, url, ui)}
${copyright === undefined ? '' : html`<p class="rights">${copyright}</p>`}
${related.length === 0 ? '' : html`<nav class="more"${ui} aria-label="${words.readMore}"><h2>${words.readMore}</h2><ul>${related.map((other) => html`<li><a href="${other.path}"${inOtherLanguage(site.language, other.language)}>${other.headline}</a></li>`)}</ul></nav>`}
${translations.length === 0 ? '' : html`<nav class="more"${ui} aria-label="${words.translations}"><h2>${words.translations}</h2><ul>${translations.map((other) => html`<li><a rel="alternate" hreflang="${other.language ?? ''}" href="${other.path}"${inOtherLanguage(site.language, other.language)}>${other.headline}</a></li>`)}</ul></nav>`}
${topics.length === 0 ? '' : html`<nav class="topics"${ui} aria-label="${words.topics}"><h2>${words.topics}</h2><ul>${topics.map(({ feed, name }) => html`<li><a href="${feedPagePath(feed)}">${name}</a></li>`)}</ul></nav>`}
</article>
<section id="rails" class="wait" aria-label="${words.moreStories}"${languageAttributes(site.theme.language, direction)} data-front="/fronts/${railsFront(site.theme, section)}.fragment.html" data-own="${articleId}"${relatedUris(article).length === 0 && topicsToRead(article, feeds).length > 0 ? html` data-more="/articles/${articleId}.fragment.html"` : ''}>
<ul class="links"><li><a href="/latest">${words.latest}</a></li>${section === undefined ? '' : html`<li><a href="/section/${section}">${sectionName(site, section, card.sectionName)}</a></li>`}</ul>
</section>`,
  });
}

/**
 * Returns the theme's "By" if the byline has no such word and the theme's is in the story's language; else an empty
 * text.
 */
function introductionOf({ language: own, words }: Site, by: string, language: string | undefined): string {
  const isForeign = language !== undefined && primaryOf(language) !== primaryOf(own);
  return isForeign || isIntroduced(by, words.by) ? '' : `${words.by} `;
}

/** Returns the byline with a link for each author. Authors that it does not name are added. */
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

/** The page of an older story shows a note about its age, because people share stories without reading their date. */
const yearMilliseconds = 365 * 24 * 3_600_000;

const wordsPerMinute = 230;
/** Matches a word; in scripts without spaces, as many letters as a word has on average. */
const word =
  /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]{1,2}|[\p{sc=Thai}\p{sc=Lao}\p{sc=Khmr}\p{sc=Mymr}]{1,5}|(?:(?![\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmr}\p{sc=Mymr}])[\p{L}\p{N}])+/gu;

function readingMinutes(body: string): number {
  const words = body.replaceAll(/<[^<>]*>/g, ' ').match(word) ?? [];
  return Math.round(words.length / wordsPerMinute);
}

/**
 * Returns links that share an article. They need no script, and contact no other site before the reader follows one.
 */
function share({ theme, words }: Site, headline: string, url: string, ui: Markup | ''): Markup | '' {
  const targets = theme.share ?? shareTargets;
  const address = encodeURIComponent(url);
  const title = encodeURIComponent(headline);
  const links: Readonly<Record<ShareTarget, readonly [string, string]>> = {
    email: [words.email, `mailto:?subject=${title}&body=${address}`],
    whatsapp: ['WhatsApp', `https://wa.me/?text=${title}%20${address}`],
    facebook: ['Facebook', `https://www.facebook.com/sharer/sharer.php?u=${address}`],
    x: ['X', `https://x.com/intent/tweet?url=${address}&text=${title}`],
  };
  return targets.length === 0
    ? ''
    : html`<nav class="share" aria-label="${words.share}"${ui}><ul>${targets.map((target) => html`<li><a rel="nofollow noopener" href="${links[target][1]}">${links[target][0]}</a></li>`)}</ul></nav>`;
}
