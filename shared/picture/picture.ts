import { withNormalEscapes } from '../normal-escapes.ts';
import { articleIdOf, isHtml, type Article, type Association, type Text } from '../article/article.ts';
import { unescapeHtml } from '../article/html.ts';

/** Returns the partition of a picture's holds, distinct from an article with the same uri. */
export const picturePartition = (pictureId: string): string => `picture#${pictureId}`;

/** Returns the identifier of a picture: its `uri`, else the address of its first rendition. */
export function pictureUriOf({ uri, renditions }: Association): string | undefined {
  return uri ?? (renditions ?? []).find(({ href }) => href !== undefined)?.href;
}

export function pictureIdOf(picture: Association): string | undefined {
  const uri = pictureUriOf(picture);
  return uri === undefined ? undefined : pictureIdNamed(uri);
}

/** Returns the id for a uri or an address. All sizes of one image file have the same id (see {@link sameAddress}). */
export function pictureIdNamed(uri: string): string {
  return articleIdOf(pictureAddress(uri));
}

/** What a picture's id is made of: of an address, the spelling that all of its spellings have in common. */
export function pictureAddress(uri: string): string {
  return isWebAddress.test(uri) ? sameAddress(uri) : uri;
}

const isWebAddress = /^\s*https?:/i;

/**
 * Returns whether a list of pulled pictures contains a uri or an address. Early releases stored the id of the whole
 * address, which is looked up as well.
 */
export function isOnList(ids: ReadonlySet<string>, uri: string): boolean {
  return ids.has(pictureIdNamed(uri)) || ids.has(articleIdOf(uri));
}

/**
 * Returns the ids of all pictures (and other items) among an article's associations and in its text. Its page has a
 * cache tag for each.
 */
export function pictureIdsOf(article: Article): string[] {
  const ids = (items: readonly Association[] | undefined): string[] =>
    (items ?? []).flatMap((item) => [pictureIdOf(item) ?? [], ids(item.associations)].flat());
  return [...new Set([...ids(article.associations), ...imagesOf(article).map(pictureIdNamed)])];
}

/**
 * Yields what can be pulled from a story: its pictures, graphics, videos and audio, and the images in its text; not its
 * links to other stories.
 */
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

/**
 * Returns an article without the pulled items: without the associations, and without figures and captions in its text.
 */
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

/** In the address of such a file, a query selects another size; elsewhere (`/image?id=1`) it may select the picture. */
const imageFile = /\.(?:jpe?g|jfif|png|gif|webp|avif|svg|tiff?|heic|bmp)$/i;

/**
 * Returns one spelling for all addresses that a browser treats as the same (URL Standard: case of hosts, default ports,
 * escapes, surrounding space), and for all sizes of one image file.
 */
export function sameAddress(href: string): string {
  const url = URL.parse(href.trim());
  if (!url) return href;
  url.hash = '';
  url.pathname = withNormalEscapes(url.pathname);
  // A dot at its end names the same host.
  url.hostname = url.hostname.replace(/\.$/, '');
  if (imageFile.test(url.pathname)) url.search = '';
  return url.href;
}

/**
 * Returns an article without some images, with their figures and captions, in its own texts and those of its
 * associations.
 */
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

/** Returns the addresses of the images in the texts of an article and its associations. */
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

// The sanitiser wrote the stored text: attributes in double quotes, with `<` and `>` escaped.
const figures = /<figure\b(?:(?!<figure\b)[^])*?<\/figure>/g;
const images = /<img\b[^>]*>/g;

function textWithout(html: string, isPulled: (image: string) => boolean): string {
  const shows = (markup: string): boolean => imagesIn(markup).some(isPulled);
  if (!shows(html)) return html;
  return html
    .replaceAll(figures, (figure) => (shows(figure) ? '' : figure))
    .replaceAll(images, (image) => (shows(image) ? '' : image));
}

/** Returns the addresses of every image in a text, those in `srcset` too. */
export function imagesIn(html: string): string[] {
  return (html.match(images) ?? []).flatMap((image) => {
    const [, source] = /\ssrc="([^"]*)"/.exec(image) ?? [];
    const [, set] = /\ssrcset="([^"]*)"/.exec(image) ?? [];
    const candidates =
      set === undefined ? [] : set.split(/,\s+/).map((candidate) => candidate.trim().split(/\s/)[0] ?? '');
    return [...(source === undefined ? [] : [source]), ...candidates].map(unescapeHtml);
  });
}
