import { headlineOf, type Article, type Association } from '../../shared/article/article.ts';
import { altOf, captionOf, filesIn, picturesOf } from '../../shared/article/media.ts';
import { bodyHtmlOf } from '../../shared/article/body.ts';
import type { Card } from '../../shared/article/card.ts';
import { escapeHtml, unescapeHtml } from '../../shared/article/html.ts';
import { directionOf } from '../../shared/article/language.ts';
import { articleWithout } from '../../shared/picture/picture.ts';
import { renditionsFor } from '../../shared/picture/renditions.ts';
import { articleTag } from '../../shared/purge/tags.ts';
import { besideText } from '../../shared/picture/beside-text.ts';
import { copyrightOf } from './copyright.ts';
import { embedLink, withEmbedLinks } from './embeds.ts';
import type { FeedItem, FeedPicture } from './feed-parts.ts';
import { fitsAnswer, maxBodyBytes } from './http.ts';
import { liveArticle } from './live-article.ts';
import type { DeliverPorts } from './ports.ts';
import type { Site } from './site.ts';

/**
 * The maximum number of texts in a feed. Each story with its text needs a cache tag, because a change of the text alone
 * does not purge lists.
 */
const maxTexts = 40;
const readAtOnce = 8;

export interface FeedTexts {
  readonly items: readonly FeedItem[];
  readonly tags: readonly string[];
  readonly changedAt: number;
}

/** Returns the stories of a feed with their texts. */
export async function textsOf(
  { articles, pictures, clock }: DeliverPorts,
  site: Site,
  entries: readonly FeedItem[],
  isOfPosts: boolean,
): Promise<FeedTexts> {
  const pulled = await pictures.pulled();
  // All posts of a live story have one tag.
  const most = isOfPosts ? entries.length : maxTexts;
  const shown = entries.slice(0, most);
  const items: (FeedItem & { readonly changedAt: number })[] = [];
  let bytes = 0;
  for (let from = 0; from < shown.length; from += readAtOnce) {
    const read = await Promise.all(
      shown
        .slice(from, from + readAtOnce)
        .map(async ({ card, seq }) => ({ card, seq, live: await liveArticle(articles, card.articleId, clock.now()) })),
    );
    for (const { card, seq, live } of read) {
      // The page ends with the last text that fits, so later ones need not be read. The article's whole JSON counts and
      // not only its text, because all of it is searched for pulled files.
      if (bytes > maxBodyBytes) return pageOf(items, isOfPosts);
      if (!live) {
        items.push({ card, seq, changedAt: 0 });
        continue;
      }
      bytes += Buffer.byteLength(JSON.stringify(live.article));
      const article = articleWithout(live.article, pulled);
      items.push({
        card,
        seq,
        content: textOf(site, card, article) || undefined,
        pictures: picturesOf(article).flatMap(pictureOf),
        copyright: copyrightOf(article),
        changedAt: live.head.seq,
      });
    }
  }
  return pageOf(items, isOfPosts, entries.slice(most));
}

function pageOf(
  items: readonly (FeedItem & { readonly changedAt: number })[],
  isOfPosts: boolean,
  withoutTexts: readonly FeedItem[] = [],
): FeedTexts {
  return {
    items: [...items, ...withoutTexts],
    tags: isOfPosts ? [] : items.map(({ card }) => articleTag(card.articleId)),
    changedAt: Math.max(0, ...items.map(({ changedAt }) => changedAt)),
  };
}

/**
 * Returns the document with as many stories as fit into one response of a function. A page of long texts ends earlier,
 * and its "next" link continues there. A single story whose text does not fit has its summary only.
 */
export async function largestThatFits(
  items: readonly FeedItem[],
  write: (items: readonly FeedItem[]) => Promise<string>,
): Promise<string> {
  for (let kept = items; ; kept = kept.slice(0, Math.ceil(kept.length / 2))) {
    // If the texts alone do not fit, the document need not be written.
    if (kept.length > 1 && !fitsAnswer(...kept.map(({ content = '' }) => content))) continue;
    const body = await write(kept);
    if (fitsAnswer(body)) return body;
    if (kept.length <= 1) return write(kept.map(({ card, seq }) => ({ card, seq })));
  }
}

function pictureOf(picture: Association): FeedPicture[] {
  const shown = renditionsFor(picture, 'lead').at(-1);
  return shown === undefined
    ? []
    : [
        {
          href: shown.href,
          contentType: shown.contentType,
          width: shown.width,
          height: shown.height,
          sizeInBytes: typeof shown.sizeInBytes === 'number' ? shown.sizeInBytes : undefined,
          alt: altOf(picture),
          caption: captionOf(picture),
          credit: picture.by,
          copyright: copyrightOf(picture),
        },
      ];
}

/** Returns a story's text with its lead picture above and its other pictures below, and absolute addresses. */
function textOf(site: Site, { path, language = site.theme.language }: Card, article: Article): string {
  const body = bodyHtmlOf(article);
  const beside = besideText(article, body);
  const [lead = '', ...others] = beside.pictures.flatMap(pictureOf).map(figure);
  const media = beside.media.map((item) =>
    embedLink(site, filesIn(item)[0]?.href ?? '', headlineOf(item) ?? captionOf(item)),
  );
  const text = [lead, withEmbedLinks(site, body), ...others, ...media].filter((part) => part !== '').join('\n');
  // A feed reader shows the text on a page in the reader's own language and direction.
  const isRtl = directionOf(language) === 'rtl';
  const directed = isRtl ? `<div lang="${language}" dir="rtl">${text}</div>` : text;
  return absoluteLinks(site, path, directed);
}

function figure({ href, width, height, alt, caption, credit, copyright }: FeedPicture): string {
  const size = width === undefined || height === undefined ? '' : ` width="${width}" height="${height}"`;
  const words = [caption, credit, copyright].filter((each) => each !== undefined && each !== '').join(' ');
  const below = words === '' ? '' : `<figcaption>${escapeHtml(words)}</figcaption>`;
  return `<figure><img src="${escapeHtml(href)}" alt="${escapeHtml(alt ?? caption ?? '')}"${size} />${below}</figure>`;
}

/**
 * Returns a text with absolute addresses, because feed readers show it elsewhere. The sanitiser writes attributes in
 * double quotes.
 */
function absoluteLinks({ url }: Site, path: string, html: string): string {
  const resolved = (_: string, before: string, address: string): string =>
    before + escapeHtml(URL.parse(unescapeHtml(address), url + path)?.href ?? address);
  return html.replaceAll(/<[^<>]*>/g, (tag) =>
    tag
      .replaceAll(/(\s(?:href|src|cite)=")(?![a-z][a-z0-9+.-]*:)([^"]+)/gi, resolved)
      .replace(
        /(\ssrcset=")([^"]*)/,
        (_, before: string, set: string) =>
          before + set.replaceAll(/(^|,\s+)(?![a-z][a-z0-9+.-]*:)([^\s,]\S*)/gi, resolved),
      ),
  );
}
