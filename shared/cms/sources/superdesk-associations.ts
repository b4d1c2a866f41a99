import { bodyHtmlOf } from '../../article/body.ts';
import { isPullableType } from '../../article/article-schema.ts';
import type { Association, Rendition, Text } from '../../article/article.ts';
import { escapeHtml, unescapeHtml } from '../../article/html.ts';
import type { Warning } from '../../article/warning.ts';
import { isObject } from '../source-api.ts';
import { earlierOf, endOf, instantOf, isUnrestricted, laterOf, strictestTerms, type Terms } from '../terms.ts';

/** Returns an item that came twice: it may be shown when both may, and its files are those of both until then. */
function strictest(item: Association, other: Association): Association {
  const merged = { ...item, ...strictestTerms(item, other) } as Association;
  return isUnrestricted(merged)
    ? merged
    : { ...merged, renditions: [...listOf(item.renditions), ...listOf(other.renditions)] as Rendition[] };
}

/** Returns a list that was not validated yet. */
function listOf(field: unknown): Record<string, unknown>[] {
  return (Array.isArray(field) ? field : []).filter((one) => isObject(one));
}

/** Superdesk's name for the lead picture of an article. */
const leadName = 'featuremedia';

/**
 * Returns the associations, the lead picture first and each item once. A picture that the text shows gets the text's
 * rendition of it, which is of another size and address, so that it is known to be shown already.
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
    const held = earlier === undefined ? withAlternative(association) : strictest(earlier, association);
    byUri.set(
      key,
      href === undefined ? held : { ...held, renditions: [...(held.renditions ?? []), { name: 'embedded', href }] },
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

/** A picture's alternative text is its body in Superdesk, and its headline in ninjs. */
function withAlternative(association: Association): Association {
  if (association.type !== 'picture') return association;
  const { bodies, ...picture } = association;
  const alternative = textsIn(bodies).find(({ value }) => value.trim() !== '');
  return alternative ? { ...picture, headlines: [{ role: 'main', value: alternative.value }] } : picture;
}

/**
 * Any item but media is a link: the copy of its text that came with it would outlive its own withdrawal. Its files are
 * kept while it, or an item within it, may not be shown, so that the text does not show them either.
 */
export function linked(association: Association): Association {
  if (isPullableType(association)) return association;
  const { uri, type, name, pubStatus, embargoedUntil, expires } = association;
  return isRestricted(association) ? filesOf(association) : { uri, type, name, pubStatus, embargoedUntil, expires };
}

function isRestricted(association: Association): boolean {
  return !isUnrestricted(association) || heldIn(association).some(isRestricted);
}

function filesOf(association: Association): Association {
  const { uri, type, name, pubStatus, embargoedUntil, expires, renditions } = association;
  const held = isUnrestricted(association) ? heldIn(association).filter(isRestricted) : heldIn(association);
  return {
    ...{ uri, type, name, pubStatus, embargoedUntil, expires },
    renditions: listOf(renditions),
    ...(held.length > 0 && { associations: held.map(filesOf) }),
  };
}

function heldIn({ associations }: Association): Association[] {
  return listOf(associations);
}

/** Returns the texts in a field that was not validated yet. */
function textsIn(field: unknown): Text[] {
  return (Array.isArray(field) ? field : []).filter(
    (text): text is Text => isObject(text) && typeof text['value'] === 'string',
  );
}

const mainGroup = /^main(?:-\d+)?$/;

/** What readers see of a package when it arrives, and from an instant on, which its `embargoedUntil` has. */
interface PackageVersions {
  readonly item: Record<string, unknown>;
  readonly later?: Record<string, unknown>;
  readonly warnings?: readonly Warning[];
}

/**
 * Returns a package with the texts of its group `main`, which Superdesk sends within the package; the items of the
 * other groups are links. The package is embargoed and expires as these texts do, and has what goes with them. A text
 * that expires leaves the page then, by a second version.
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
    ...whatTheyHave(texts),
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
  // A version that waits is never shown if a newer one came meanwhile, so only one of the two could wait.
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

/** What came with a text of a package. */
function within(text: Association): Association[] {
  const html = textsIn(text.bodies)
    .map(({ value }) => value)
    .join('\n');
  return inOrder(heldIn(text), html);
}

/** What a package without a field of its own has of its main text. */
function whatTheyHave([first]: readonly Association[]): Record<string, unknown> {
  const fields = ['by', 'people', 'subjects', 'descriptions', 'located', 'language', 'genres'];
  return Object.fromEntries(Object.entries(first ?? {}).filter(([field]) => fields.includes(field)));
}
