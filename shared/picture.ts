import { articleIdOf, isHtml, type Article, type Association, type Text } from './article.ts';
import type { Card } from './card.ts';
import type { Cause } from './cause.ts';
import { unescapeHtml } from './html.ts';
import { darkSince, lastOf } from './settle.ts';
import type { Hold } from './version.ts';

/** Every picture that no reader may see any more, whatever story it goes with: one row, read with every answer. */
export interface PulledPictures {
  /** Rises with each change; 0 before the first. */
  readonly seq: number;
  readonly ids: ReadonlySet<string>;
  /** The event that the last change comes of. */
  readonly cause?: Cause | undefined;
}

export const nothingPulled: PulledPictures = { seq: 0, ids: new Set() };

/** The partition that keeps a picture's holds, apart from an article that might have the same uri. */
export const picturePartition = (pictureId: string): string => `picture#${pictureId}`;

/** What identifies a picture: its `uri`, else the address of its first rendition. */
export function pictureUriOf({ uri, renditions }: Association): string | undefined {
  return uri ?? (renditions ?? []).find(({ href }) => href !== undefined)?.href;
}

export function pictureIdOf(picture: Association): string | undefined {
  const uri = pictureUriOf(picture);
  return uri === undefined ? undefined : articleIdOf(uri);
}

/** The list with one picture on it or off it, as its holds say; `undefined` where it says so already. */
export function pulledBy(pulled: PulledPictures, pictureId: string, holds: readonly Hold[], now: number): PulledPictures | undefined {
  const isPulled = darkSince(holds) !== undefined;
  if (pulled.ids.has(pictureId) === isPulled) return undefined;
  const ids = new Set(pulled.ids);
  if (isPulled) ids.add(pictureId);
  else ids.delete(pictureId);
  const cause = lastOf(holds)?.cause;
  return { seq: Math.max(pulled.seq + 1, now), ids, ...(cause && { cause }) };
}

/** The pictures on which two lists differ, by id. */
export function differing(before: PulledPictures, after: PulledPictures): string[] {
  return [...new Set([...before.ids, ...after.ids])].filter((id) => before.ids.has(id) !== after.ids.has(id));
}

/** Every picture (or other item) that goes with an article or stands in its text, by id: what its page is to be purged by. */
export function pictureIdsOf(article: Article): string[] {
  const ids = (items: readonly Association[] | undefined): string[] =>
    (items ?? []).flatMap((item) => [pictureIdOf(item) ?? [], ids(item.associations)].flat());
  return [...new Set([...ids(article.associations), ...imagesOf(article).map(articleIdOf)])];
}

/** What can be pulled from a story: its pictures, graphics, films and recordings, and the images in its text; no link to another story. */
export function pullableOf(article: Article): Association[] {
  const own = (items: readonly Association[] | undefined): Association[] =>
    (items ?? []).flatMap((item) => [...(item.type === 'text' || item.type === 'composite' ? [] : [item]), ...own(item.associations)]);
  const associations = own(article.associations);
  const known = new Set(associations.flatMap((item) => [item.uri, ...(item.renditions ?? []).map(({ href }) => href)]));
  return [...associations, ...[...new Set(imagesOf(article))].filter((href) => !known.has(href)).map((uri) => ({ uri, type: 'picture' }))];
}

/** A card without its picture where that was pulled. */
export function cardWithout(card: Card, { ids }: PulledPictures): Card {
  if (card.picture === undefined || !ids.has(card.picture.id)) return card;
  const { picture, ...rest } = card;
  return rest;
}

/** An article without what was pulled: nowhere among its associations, and with figure and caption gone from its text. */
export function articleWithout(article: Article, { ids }: PulledPictures): Article {
  if (ids.size === 0) return article;
  const addresses = new Set<string>();
  const kept = (items: readonly Association[]): Association[] =>
    items
      .filter((item) => {
        if (!ids.has(pictureIdOf(item) ?? '')) return true;
        for (const { href } of item.renditions ?? []) if (href !== undefined) addresses.add(sameAddress(href));
        return false;
      })
      .map((item) => (item.associations ? { ...item, associations: kept(item.associations) } : item));
  const associations = article.associations && kept(article.associations);
  const isPulled = (image: string): boolean => addresses.has(sameAddress(image)) || ids.has(articleIdOf(image)) || ids.has(articleIdOf(sameAddress(image)));
  return withoutImages({ ...article, ...(associations && { associations }) }, isPulled);
}

/** One spelling for all of an address that a browser takes for the same (URL Standard: case of hosts, default ports, escapes, space around). */
export function sameAddress(href: string): string {
  return URL.parse(href.trim())?.href ?? href;
}

/** An article without some images, figure and caption and all, in its own texts and in those of the items that go with it. */
export function withoutImages<T extends Pick<Association, 'bodies' | 'descriptions' | 'associations'>>(item: T, isLeftOut: (image: string) => boolean): T {
  const without = (texts: readonly Text[]): Text[] => texts.map((text) => (isHtml(text) ? { ...text, value: textWithout(text.value, isLeftOut) } : text));
  const { bodies, descriptions, associations } = item;
  return {
    ...item,
    ...(bodies && { bodies: without(bodies) }),
    ...(descriptions && { descriptions: without(descriptions) }),
    ...(associations && { associations: associations.map((held) => withoutImages(held, isLeftOut)) }),
  };
}

/** The addresses of the images in the texts of an article, and of the items that go with it. */
function imagesOf({ bodies = [], descriptions = [], associations = [] }: Pick<Association, 'bodies' | 'descriptions' | 'associations'>): string[] {
  return [...[...bodies, ...descriptions].filter(isHtml).flatMap(({ value }) => imagesIn(value)), ...associations.flatMap(imagesOf)];
}

// Stored text was written by the sanitiser: attributes in double quotes, `<` and `>` escaped within them.
const figures = /<figure\b(?:(?!<figure\b)[^])*?<\/figure>/g;
const images = /<img\b[^>]*>/g;

function textWithout(html: string, isPulled: (image: string) => boolean): string {
  const shows = (markup: string): boolean => imagesIn(markup).some(isPulled);
  if (!shows(html)) return html;
  return html.replaceAll(figures, (figure) => (shows(figure) ? '' : figure)).replaceAll(images, (image) => (shows(image) ? '' : image));
}

/** The addresses of every image in a text, those of `srcset` too. */
export function imagesIn(html: string): string[] {
  return (html.match(images) ?? []).flatMap((image) => {
    const [, source] = /\ssrc="([^"]*)"/.exec(image) ?? [];
    const [, set] = /\ssrcset="([^"]*)"/.exec(image) ?? [];
    const candidates = set === undefined ? [] : set.split(/,\s+/).map((candidate) => candidate.trim().split(/\s/)[0] ?? '');
    return [...(source === undefined ? [] : [source]), ...candidates].map(unescapeHtml);
  });
}
