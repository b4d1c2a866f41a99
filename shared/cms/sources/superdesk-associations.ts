import { bodyHtmlOf } from '../../article/body.ts';
import { isPullableType } from '../../article/article-schema.ts';
import type { Association, Rendition, Text } from '../../article/article.ts';
import { escapeHtml, unescapeHtml } from '../../article/html.ts';
import type { Warning } from '../../article/warning.ts';
import { isObject } from '../source-api.ts';
import { earlierOf, endOf, instantOf, isUnrestricted, laterOf, strictestTerms, type Terms } from '../terms.ts';

/** Merges two copies of an item. The item may be shown when both copies may; until then it has the files of both. */
function strictest(item: Association, other: Association): Association {
  const merged = { ...item, ...strictestTerms(item, other) } as Association;
  return isUnrestricted(merged)
    ? merged
    : { ...merged, renditions: [...listOf(item.renditions), ...listOf(other.renditions)] as Rendition[] };
}

/** Returns the objects of a list that is not validated yet. */
function listOf(field: unknown): Record<string, unknown>[] {
  return (Array.isArray(field) ? field : []).filter((one) => isObject(one));
}

/** Superdesk's name for the lead picture of an article. */
const leadName = 'featuremedia';

/**
 * Returns the associations, the lead picture first and each item once. A picture in the text also gets the rendition that
 * the text shows, which has another size and address. By this rendition the page knows that the text shows the picture.
 */
export function inOrder(associations: readonly Association[], html: string): Association[] {
  const embedded = embedsIn(html);
  const byUri = new Map<string, Association>();
  for (const [index, association] of [...associations]
    .sort((a, b) => Number(b.name === leadName) - Number(a.name === leadName))
    .entries()) {
    const href = embedded.get(association.name ?? '');
    const key = association.uri ?? String(index);
    const earlier = byUri.get(key);
    const item = earlier === undefined ? withAlternative(association) : strictest(earlier, association);
    byUri.set(
      key,
      href === undefined ? item : { ...item, renditions: [...(item.renditions ?? []), { name: 'embedded', href }] },
    );
  }
  return [...byUri.values()];
}

/** Returns the address of the image in each embed of a text, by the name of its association. */
function embedsIn(html: string): ReadonlyMap<string, string> {
  const [, ...parts] = html.split(/<!-- EMBED START \w{1,20} \{id: "([^"]{1,200})"\} -->/);
  const embeds = new Map<string, string>();
  for (let index = 0; index + 1 < parts.length; index += 2) {
    const [markup = ''] = (parts[index + 1] ?? '').split('<!-- EMBED END', 1);
    const [, address] = /<img\b[^>]{0,2000}?\ssrc="([^"]{1,2000})"/.exec(markup) ?? [];
    if (address !== undefined) embeds.set(parts[index] ?? '', unescapeHtml(address));
  }
  return embeds;
}

/** Returns a picture with its alternative text as headline (ninjs). Superdesk has that text as body. */
function withAlternative(association: Association): Association {
  if (association.type !== 'picture') return association;
  const { bodies, ...picture } = association;
  const alternative = textsIn(bodies).find(({ value }) => value.trim() !== '');
  return alternative ? { ...picture, headlines: [{ role: 'main', value: alternative.value }] } : picture;
}

/**
 * Returns an item as a link, unless it is a picture or another medium: a copy of its text would stay after the item itself
 * was withdrawn. Its files are kept while the item, or one within it, may not be shown, so that the text does not show
 * them either.
 */
export function linked(association: Association): Association {
  if (isPullableType(association)) return association;
  const { uri, type, name, pubStatus, embargoedUntil, expires } = association;
  return isRestricted(association) ? filesOf(association) : { uri, type, name, pubStatus, embargoedUntil, expires };
}

function isRestricted(association: Association): boolean {
  return !isUnrestricted(association) || itemsIn(association).some(isRestricted);
}

function filesOf(association: Association): Association {
  const { uri, type, name, pubStatus, embargoedUntil, expires, renditions } = association;
  const inner = isUnrestricted(association) ? itemsIn(association).filter(isRestricted) : itemsIn(association);
  return {
    ...{ uri, type, name, pubStatus, embargoedUntil, expires },
    renditions: listOf(renditions),
    ...(inner.length > 0 && { associations: inner.map(filesOf) }),
  };
}

function itemsIn({ associations }: Association): Association[] {
  return listOf(associations);
}

/** Returns the texts of a field that is not validated yet. */
function textsIn(field: unknown): Text[] {
  return (Array.isArray(field) ? field : []).filter(
    (text): text is Text => isObject(text) && typeof text['value'] === 'string',
  );
}

const mainGroup = /^main(?:-\d+)?$/;

/** A package when it arrives (`item`), and from an instant on (`later`), which is the `embargoedUntil` of `later`. */
interface PackageVersions {
  readonly item: Record<string, unknown>;
  readonly later?: Record<string, unknown>;
  readonly warnings?: readonly Warning[];
}

/**
 * Returns a package with the texts of its group `main`, which Superdesk sends within the package. The items of the other
 * groups are links. The package has the embargo, the expiry and the associations of these texts. When a text expires, a
 * second version removes it from the page.
 */
export function withMainText(
  item: Record<string, unknown>,
  associations: readonly Association[],
  receivedAt: number,
): PackageVersions {
  const main = associations.filter(
    ({ name, type, bodies, pubStatus = 'usable' }) =>
      mainGroup.test(name ?? '') && type === 'text' && pubStatus === 'usable' && textsIn(bodies).length > 0,
  );
  if (main.length === 0 || item['bodies'] !== undefined) return { item };
  const terms = main.reduce<Terms>(strictestTerms, {
    embargoedUntil: item['embargoedUntil'],
    expires: item['expires'],
  });
  const others = associations.filter((one) => !main.includes(one));
  const showing = (texts: readonly Association[]): Record<string, unknown> => ({
    ...mainTextFields(texts),
    ...item,
    ...bodiesOf(texts),
    associations: inOrder([...others, ...texts.flatMap(within)], '').map(linked),
    ...laterOf(terms.embargoedUntil, undefined),
    ...earlierOf(terms.expires, undefined),
  });
  const current = main.filter(({ expires }) => !expires || endOf(expires) > receivedAt);
  const lasting = current.filter(({ expires }) => !expires);
  const { expires: end } = current.reduce<Terms>((first, { expires }) => earlierOf(first.expires, expires), {});
  if (end === undefined) return { item: showing(lasting) };
  // An embargoed version is never shown if a newer one was received meanwhile, so only one of the two can be embargoed.
  if (terms.embargoedUntil !== undefined && instantOf(terms.embargoedUntil) > receivedAt) {
    const message = 'has a text that expires in a package that is embargoed: the text is not shown';
    return { item: showing(lasting), warnings: [{ path: 'associations', message }] };
  }
  return { item: showing(current), later: { ...showing(lasting), embargoedUntil: end } };
}

function bodiesOf(main: readonly Association[]): { readonly bodies?: readonly Text[] } {
  const texts = main.map(({ headlines, bodies }, index) => {
    const [headline] = index === 0 ? [] : textsIn(headlines);
    return (headline ? `<h2>${escapeHtml(headline.value)}</h2>` : '') + bodyHtmlOf({ bodies: textsIn(bodies) });
  });
  return texts.length === 0 ? {} : { bodies: [{ role: 'main', contentType: 'text/html', value: texts.join('\n') }] };
}

/** Returns the associations of a text of a package. */
function within(text: Association): Association[] {
  const html = textsIn(text.bodies)
    .map(({ value }) => value)
    .join('\n');
  return inOrder(itemsIn(text), html);
}

/** Returns the fields of the first text, which the package has unless it has its own. */
function mainTextFields([first]: readonly Association[]): Record<string, unknown> {
  const fields = ['by', 'people', 'subjects', 'descriptions', 'located', 'language', 'genres'];
  return Object.fromEntries(Object.entries(first ?? {}).filter(([field]) => fields.includes(field)));
}
