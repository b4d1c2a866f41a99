import { articleIdOf, isHtml, type Article, type Association, type Text } from '../article/article.ts';
import { unescapeHtml } from '../article/html.ts';

/** The partition that keeps a picture's holds, apart from an article that might have the same uri. */
export const picturePartition = (pictureId: string): string => `picture#${pictureId}`;

/** What identifies a picture: its `uri`, else the address of its first rendition. */
export function pictureUriOf({ uri, renditions }: Association): string | undefined {
  return uri ?? (renditions ?? []).find(({ href }) => href !== undefined)?.href;
}

export function pictureIdOf(picture: Association): string | undefined {
  const uri = pictureUriOf(picture);
  return uri === undefined ? undefined : pictureIdNamed(uri);
}

/** The id of what a uri or an address names: all sizes of one file are one picture (see {@link sameAddress}). */
export function pictureIdNamed(uri: string): string {
  return articleIdOf(isWebAddress.test(uri) ? sameAddress(uri) : uri);
}

const isWebAddress = /^\s*https?:/i;

/** Whether a list of pulled pictures has what a uri or an address names. Earlier releases kept the id of the whole address, which is looked for as well. */
export function isOnList(ids: ReadonlySet<string>, uri: string): boolean {
  return ids.has(pictureIdNamed(uri)) || ids.has(articleIdOf(uri));
}

/** Every picture (or other item) that goes with an article or stands in its text, by id: what its page is to be purged by. */
export function pictureIdsOf(article: Article): string[] {
  const ids = (items: readonly Association[] | undefined): string[] =>
    (items ?? []).flatMap((item) => [pictureIdOf(item) ?? [], ids(item.associations)].flat());
  return [...new Set([...ids(article.associations), ...imagesOf(article).map(pictureIdNamed)])];
}

/** What can be pulled from a story: its pictures, graphics, films and recordings, and the images in its text; no link to another story. */
export function pullableOf(article: Article): Association[] {
  const own = (items: readonly Association[] | undefined): Association[] =>
    (items ?? []).flatMap((item) => [
      ...(item.type === 'text' || item.type === 'composite' ? [] : [item]),
      ...own(item.associations),
    ]);
  const associations = own(article.associations);
  const known = new Set(associations.flatMap((item) => [item.uri, ...(item.renditions ?? []).map(({ href }) => href)]));
  return [
    ...associations,
    ...[...new Set(imagesOf(article))].filter((href) => !known.has(href)).map((uri) => ({ uri, type: 'picture' })),
  ];
}

/** An article without what was pulled: nowhere among its associations, and with figure and caption gone from its text. */
export function articleWithout(article: Article, { ids }: { readonly ids: ReadonlySet<string> }): Article {
  if (ids.size === 0) return article;
  const addresses = new Set<string>();
  const kept = (items: readonly Association[]): Association[] =>
    items
      .filter((item) => {
        const uri = pictureUriOf(item);
        if (uri === undefined || !isOnList(ids, uri)) return true;
        for (const { href } of item.renditions ?? []) if (href !== undefined) addresses.add(sameAddress(href));
        return false;
      })
      .map((item) => (item.associations ? { ...item, associations: kept(item.associations) } : item));
  const associations = article.associations && kept(article.associations);
  const isPulled = (image: string): boolean => addresses.has(sameAddress(image)) || isOnList(ids, image);
  return withoutImages({ ...article, ...(associations && { associations }) }, isPulled);
}

/** A query behind the name of such a file asks for another size of it; elsewhere (`/image?id=1`) it may say which picture. */
const imageFile = /\.(?:jpe?g|jfif|png|gif|webp|avif|svg|tiff?|heic|bmp)$/i;

/**
 * One spelling for all of an address that a browser takes for the same (URL Standard: case of hosts, default ports, escapes, space
 * around), and for all sizes of one image file.
 */
export function sameAddress(href: string): string {
  const url = URL.parse(href.trim());
  if (!url) return href;
  url.hash = '';
  if (imageFile.test(url.pathname)) url.search = '';
  return url.href;
}

/** An article without some images, figure and caption and all, in its own texts and in those of the items that go with it. */
export function withoutImages<T extends Pick<Association, 'bodies' | 'descriptions' | 'associations'>>(
  item: T,
  isLeftOut: (image: string) => boolean,
): T {
  const without = (texts: readonly Text[]): Text[] =>
    texts.map((text) => (isHtml(text) ? { ...text, value: textWithout(text.value, isLeftOut) } : text));
  const { bodies, descriptions, associations } = item;
  return {
    ...item,
    ...(bodies && { bodies: without(bodies) }),
    ...(descriptions && { descriptions: without(descriptions) }),
    ...(associations && { associations: associations.map((held) => withoutImages(held, isLeftOut)) }),
  };
}

/** The addresses of the images in the texts of an article, and of the items that go with it. */
function imagesOf({
  bodies = [],
  descriptions = [],
  associations = [],
}: Pick<Association, 'bodies' | 'descriptions' | 'associations'>): string[] {
  return [
    ...[...bodies, ...descriptions].filter(isHtml).flatMap(({ value }) => imagesIn(value)),
    ...associations.flatMap(imagesOf),
  ];
}

// Stored text was written by the sanitiser: attributes in double quotes, `<` and `>` escaped within them.
const figures = /<figure\b(?:(?!<figure\b)[^])*?<\/figure>/g;
const images = /<img\b[^>]*>/g;

function textWithout(html: string, isPulled: (image: string) => boolean): string {
  const shows = (markup: string): boolean => imagesIn(markup).some(isPulled);
  if (!shows(html)) return html;
  return html
    .replaceAll(figures, (figure) => (shows(figure) ? '' : figure))
    .replaceAll(images, (image) => (shows(image) ? '' : image));
}

/** The addresses of every image in a text, those of `srcset` too. */
export function imagesIn(html: string): string[] {
  return (html.match(images) ?? []).flatMap((image) => {
    const [, source] = /\ssrc="([^"]*)"/.exec(image) ?? [];
    const [, set] = /\ssrcset="([^"]*)"/.exec(image) ?? [];
    const candidates =
      set === undefined ? [] : set.split(/,\s+/).map((candidate) => candidate.trim().split(/\s/)[0] ?? '');
    return [...(source === undefined ? [] : [source]), ...candidates].map(unescapeHtml);
  });
}
