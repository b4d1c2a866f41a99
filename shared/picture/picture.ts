import { withNormalEscapes } from '../normal-escapes.ts';
import { articleIdOf, isHtml, type Article, type Association, type Rendition, type Text } from '../article/article.ts';
import { isPlayerType } from '../article/media.ts';
import { referencesIn, textWithout, type Reference } from './text-files.ts';
import { hasLongHost } from '../field-schema.ts';

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

/** Returns the id for a uri or an address. All sizes of one file have the same id, over HTTP too (see {@link fileOf}). */
export function pictureIdNamed(uri: string): string {
  return articleIdOf(pictureAddress(uri));
}

/**
 * Returns the text from which a picture's id is computed. For an address, this is the spelling that all addresses of
 * the file share.
 */
export function pictureAddress(uri: string): string {
  return isWebAddress.test(uri) ? fileOf(uri) : uri;
}

const isWebAddress = /^\s*https?:/i;

/**
 * Returns whether a list of pulled pictures contains a uri or an address. Early releases stored the id of one size or
 * one spelling, which are looked up as well.
 */
export function isOnList(ids: ReadonlySet<string>, uri: string): boolean {
  return areOnList(ids, isWebAddress.test(uri) ? spellingsOf(uri) : [uri]);
}

function areOnList(ids: ReadonlySet<string>, spellings: readonly string[]): boolean {
  return spellings.some((spelling) => ids.has(articleIdOf(spelling)));
}

/**
 * Returns the ids of all pictures (and other items) among an article's associations and in its text. Its page has a
 * cache tag for each.
 */
export function pictureIdsOf(article: Article): string[] {
  const uris = (items: readonly Association[] | undefined): string[] =>
    (items ?? []).flatMap((item) => [item.uri ?? [], addressesOf(item), uris(item.associations)].flat());
  const inText = referencesOf(article)
    .filter(mayBePulled)
    .map(({ address }) => address);
  return [...new Set([...new Set([...uris(article.associations), ...inText])].map(pictureIdNamed))];
}

/**
 * Returns the items of a story that can be pulled: its pictures, graphics, videos and audio, and the images in its
 * text, but not its links to other stories.
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

function imagesOf(article: Article): string[] {
  return referencesOf(article).flatMap(({ address, isImage }) => (isImage ? [address] : []));
}

function addressesOf({ renditions = [] }: Association): string[] {
  return renditions.flatMap(({ href }) => href ?? []);
}

/** Returns the addresses of an item's file; a video's posters are files of their own. */
function filesOf(item: Association): string[] {
  if (!isPlayerType(item.type)) return addressesOf(item);
  const isPoster = ({ href = '', contentType = '' }: Rendition): boolean =>
    /^image\//i.test(contentType) || imageFile.test(pathOf(href));
  return addressesOf({ renditions: (item.renditions ?? []).filter((rendition) => !isPoster(rendition)) });
}

/**
 * Returns an article without the pulled items: without the associations that are on the list by their uri or by the
 * address of a rendition, without their files among those of other items, and without the parts of the text that refer
 * to them.
 */
export function articleWithout(article: Article, { ids }: { readonly ids: ReadonlySet<string> }): Article {
  if (ids.size === 0) return article;
  const files = new Set<string>();
  const kept = (items: readonly Association[]): Association[] =>
    items
      .filter((item) => {
        if (![item.uri ?? [], filesOf(item)].flat().some((uri) => isOnList(ids, uri))) return true;
        for (const href of addressesOf(item)) files.add(fileOf(href));
        return false;
      })
      .map((item) => (item.associations ? { ...item, associations: kept(item.associations) } : item));
  const associations = article.associations && kept(article.associations);
  return withoutFiles({ ...article, ...(associations && { associations }) }, (reference) => {
    const spellings = spellingsOf(reference.address);
    return files.has(spellings[0]) || (mayBePulled(reference) && areOnList(ids, spellings));
  });
}

/**
 * Matches image files. In their addresses a query selects another size; elsewhere (`/image?id=1`) it may select the
 * picture.
 */
const imageFile = /\.(?:jpe?g|jfif|png|gif|webp|avif|svg|tiff?|heic|bmp)$/i;

/**
 * Returns one spelling for all addresses that a browser treats as the same (URL Standard: case of hosts, default ports,
 * escapes, surrounding space), and for all sizes of one image file.
 */
export function sameAddress(href: string): string {
  const url = hasLongHost(href) ? null : URL.parse(href.trim());
  if (!url) return href;
  url.hash = '';
  url.pathname = withNormalEscapes(url.pathname);
  // A dot at the end names the same host.
  url.hostname = url.hostname.replace(/\.$/, '');
  if (imageFile.test(url.pathname)) url.search = '';
  return url.href;
}

/**
 * Matches the names that WordPress (`-300x200`, `-scaled`), Ghost (`/size/w600/`) and Strapi (`large_`) give other
 * sizes of a file.
 */
const sizeInName =
  /-(?:\d{1,5}x\d{1,5}|scaled)(?=\.\w{3,4}$)|(?<=\/)size\/w\d{1,5}(?:h\d{1,5})?\/|(?<=\/)(?:thumbnail|small|medium|large)_(?=[^/]*$)/g;

/**
 * Returns one spelling for all addresses of one file: over HTTP and HTTPS, and in every size that its name or query
 * selects.
 */
export function fileOf(href: string): string {
  return fileAt(sameAddress(href));
}

/**
 * Returns an address in the spelling of {@link fileOf}, then its other spellings. The address is parsed once for all of
 * them.
 */
function spellingsOf(href: string): readonly [file: string, ...others: string[]] {
  const same = sameAddress(href);
  const file = fileAt(same);
  return [file, ...new Set([same, href].filter((spelling) => spelling !== file))];
}

function fileAt(same: string): string {
  const address = same.replace(/^https?:\/\/(?:[^/?#@]*@)?/, 'https://');
  // In the address of a sound or a video, a query asks for a download or carries a token.
  const file = mediaFile.test(pathOf(address)) ? pathOf(address) : address;
  return imageFile.test(file) ? file.replaceAll(sizeInName, '') : file;
}

const mediaFile =
  /\.(?:jpe?g|jfif|png|gif|webp|avif|svg|tiff?|heic|bmp|mp4|m4v|mov|webm|og[gva]|mp3|m4a|aac|opus|wav|flac|m3u8|mpd)$/i;

/**
 * Returns the address without its query and fragment. It is not parsed, because parsing takes more than linear time.
 */
function pathOf(href: string): string {
  return href.trim().split(/[?#]/, 1).join('');
}

/** Returns whether a reference can be pulled: any image of a text; of the links, only those to media files. */
function mayBePulled({ address, isImage }: Reference): boolean {
  return isImage || mediaFile.test(pathOf(address));
}

/**
 * Returns an article without some files: without their renditions, and without the parts of its texts and its
 * associations' texts that refer to them. `isLeftOut` is called once for each address.
 */
export function withoutFiles<T extends Pick<Association, 'bodies' | 'descriptions' | 'associations' | 'renditions'>>(
  item: T,
  isLeftOut: (reference: Reference) => boolean,
): T {
  const judged = [new Map<string, boolean>(), new Map<string, boolean>()] as const;
  const goes = (reference: Reference): boolean => {
    const known = judged[reference.isImage ? 1 : 0];
    const isGone = known.get(reference.address) ?? isLeftOut(reference);
    known.set(reference.address, isGone);
    return isGone;
  };
  const without = <I extends Pick<Association, 'bodies' | 'descriptions' | 'associations' | 'renditions'>>(
    from: I,
  ): I => {
    const texts = (all: readonly Text[]): Text[] =>
      all.map((text) => (isHtml(text) ? { ...text, value: textWithout(text.value, goes) } : text));
    const { bodies, descriptions, renditions, associations } = from;
    return {
      ...from,
      ...(bodies && { bodies: texts(bodies) }),
      ...(descriptions && { descriptions: texts(descriptions) }),
      ...(renditions && {
        renditions: renditions.filter(({ href }) => href === undefined || !goes({ address: href, isImage: true })),
      }),
      ...(associations && { associations: associations.map(without) }),
    };
  };
  return without(item);
}

/** Returns the references in the texts of an article and its associations. */
function referencesOf({
  bodies = [],
  descriptions = [],
  associations = [],
}: Pick<Association, 'bodies' | 'descriptions' | 'associations'>): Reference[] {
  return [
    ...[...bodies, ...descriptions].filter(isHtml).flatMap(({ value }) => referencesIn(value)),
    ...associations.flatMap(referencesOf),
  ];
}
