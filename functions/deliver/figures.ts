import { html, raw } from 'hono/html';
import { headlineOf, type Association, type Rendition } from '../../shared/article/article.ts';
import {
  altOf,
  captionFilesOf,
  captionOf,
  filesIn,
  playableOf,
  renditionsOf,
  transcriptOf,
} from '../../shared/article/media.ts';
import type { Card } from '../../shared/article/card.ts';
import { languageTag } from '../../shared/article/language.ts';
import { candidates, renditionsFor } from '../../shared/picture/renditions.ts';
import { embedAt } from '../../shared/site/embeds.ts';
import { copyrightOf } from './copyright.ts';
import type { Markup } from './document.ts';
import { placeholder } from './embeds.ts';
import { inOtherLanguage } from './language.ts';
import type { Site } from './site.ts';

/** The width of a picture in each place (HTML, "sizes attributes"). */
const sizes = {
  lead: '(min-width: 56rem) 52rem, 100vw',
  text: '(min-width: 48rem) 44rem, 100vw',
  slide: '(min-width: 48rem) 36rem, 85vw',
  portrait: '9rem',
  top: '(min-width: 56rem) 38rem, 100vw',
  card: '(min-width: 40rem) 20rem, 7rem',
  river: '(min-width: 40rem) 12rem, 7rem',
} as const;

/** The width of the widest file in `src`, which browsers without `srcset` load. */
const maxFallbackWidth = 1600;

/** Returns a picture of an article with its caption, credit and copyright. */
export function figure(
  picture: Association,
  place: 'lead' | 'text' | 'slide' | 'portrait',
  aside: Markup | '' = '',
): Markup {
  const renditions = renditionsFor(picture, place === 'portrait' ? 'square' : 'lead');
  const shown = renditions.findLast(({ width }) => (width ?? 0) <= maxFallbackWidth) ?? renditions[0];
  if (!shown) return html``;
  const caption = captionOf(picture);
  const { href, width, height } = shown;
  const srcset = renditions.length > 1 && width !== undefined && width > 0 ? candidates(renditions) : undefined;
  const isLead = place === 'lead';
  return html`<figure${isLead ? html` class="lead"` : ''}><img src="${addressOf(href)}"${srcset === undefined ? '' : html` srcset="${srcset}" sizes="${sizes[place]}"`} alt="${altOf(picture) ?? caption ?? ''}"${width !== undefined && height !== undefined ? html` width="${width}" height="${height}"` : ''} ${isLead ? html`fetchpriority="high"` : place === 'portrait' ? '' : html`loading="lazy"`} decoding="async">
${captionElement(caption, picture, aside)}</figure>`;
}

/**
 * Returns a video, sound or interactive graphic: the placeholder of a provider's frame, a player that loads nothing in
 * advance, or a link. `language` is the text's, BCP 47.
 */
export function mediaElement(site: Site, item: Association, language: string): Markup {
  // A link and a placeholder show the headline themselves.
  const caption = captionOf(item) ?? (playableOf(item).length > 0 ? headlineOf(item) : undefined);
  const transcript = transcriptOf(item);
  const more =
    transcript === undefined
      ? ''
      : html` <a href="${addressOf(transcript)}"${inOtherLanguage(language, site.language)}>${site.words.transcript}</a>`;
  return html`<figure>${contentOf(site, item, language)}
${captionElement(caption, item, '', more)}</figure>`;
}

function contentOf(site: Site, item: Association, language: string): Markup {
  const label = headlineOf(item) ?? captionOf(item);
  const [file] = filesIn(item);
  const address = addressOf(file?.href ?? '');
  const embed = embedAt(site.theme, address, true);
  if (embed) return html`${raw(placeholder(site, { embed, label }))}`;
  const playable = playableOf(item);
  if (playable.length === 0) return html`<p><a href="${address}">${label ?? address}</a></p>`;
  const sources = playable.map(({ href, contentType }) => html`<source src="${href}" type="${contentType}">`);
  const poster = renditionsOf(item).find(({ contentType }) => contentType !== undefined);
  const captions = captionFilesOf(item);
  // Browsers load captions from another origin only for a video with `crossorigin` (HTML, "media data").
  const isForeign = captions.some(({ href }) => new URL(href).origin !== site.url);
  const parts = html`${isForeign ? html` crossorigin="anonymous"` : ''}>${sources}${captions.map((file, index) => track(file, index === 0, language))}`;
  return item.type === 'audio'
    ? html`<audio controls preload="none" aria-label="${label ?? ''}"${parts}</audio>`
    : html`<video controls preload="none" aria-label="${label ?? ''}"${poster ? html` poster="${poster.href}"` : ''}${parts}</video>`;
}

/** Returns whether {@link mediaElement} returns a placeholder. */
export function isEmbedded({ theme }: Site, item: Association): boolean {
  return embedAt(theme, filesIn(item)[0]?.href ?? '', true) !== undefined;
}

/** Returns captions. They are in the text's language unless the rendition's name ends with another: `captions-de`. */
function track({ name, href }: Rendition & { href: string }, isFirst: boolean, language: string): Markup {
  const own = languageTag(/^(?:captions|subtitles)[-_:](.+)$/i.exec(name ?? '')?.[1] ?? '') ?? language;
  const label = new Intl.DisplayNames([own], { type: 'language' }).of(own) ?? own;
  return html`<track kind="captions" src="${href}" srclang="${own}" label="${label}"${isFirst ? html` default` : ''}>`;
}

/** Returns several pictures as one scrolling element. It can have the focus, so that the arrow keys scroll it. */
export function gallery({ words }: Site, pictures: readonly Association[]): Markup {
  return html`<div class="gallery" tabindex="0" role="region" aria-label="${words.pictures}"><ul>${pictures.map((picture, index) => html`<li>${figure(picture, 'slide', html`<b>${index + 1}/${pictures.length}</b> `)}</li>`)}</ul></div>`;
}

/** Returns the picture of a card. The first picture of a page (`isFirst`) is loaded at once. */
export function cardPicture(
  { picture }: Pick<Card, 'picture'>,
  place: 'top' | 'card' | 'river',
  isFirst: boolean,
): Markup | '' {
  if (!picture) return '';
  const { href, srcset, width, height, alt = '' } = picture;
  const choice =
    srcset === undefined || width === undefined
      ? ''
      : html` srcset="${srcset}, ${candidates([{ href, width }])}" sizes="${sizes[place]}"`;
  return html`<img src="${addressOf(href)}"${choice} alt="${alt}"${width === undefined || height === undefined ? '' : html` width="${width}" height="${height}"`} ${isFirst ? html`fetchpriority="high"` : html`loading="lazy"`} decoding="async">`;
}

/**
 * Returns a text whose pictures load when they are near the viewport, and whose tables and preformatted texts, which
 * scroll sideways, can be reached by the keyboard (WCAG 2.1.1).
 */
export function readyForReaders(body: string): string {
  return body
    .replaceAll('<img ', '<img loading="lazy" decoding="async" ')
    .replaceAll(/<(?:pre|table)\b/g, '$& tabindex="0"');
}

/** Returns an address as the URL Standard writes it, without spaces. */
function addressOf(href: string): string {
  return URL.parse(href)?.href ?? href;
}

function captionElement(
  caption: string | undefined,
  item: Association,
  aside: Markup | '' = '',
  more: Markup | '' = '',
): Markup | '' {
  const credit = [item.by, copyrightOf(item)].filter((part) => part !== undefined && part !== '').join(' ');
  return caption === undefined && credit === '' && aside === '' && more === ''
    ? ''
    : html`<figcaption>${aside}${caption ?? ''}${credit === '' ? '' : html` <small>${credit}</small>`}${more}</figcaption>`;
}
