import { bodyHtmlOf } from '../../article/body.ts';
import { isPullableType } from '../../article/article-schema.ts';
import type { Association, Rendition, Text } from '../../article/article.ts';
import { escapeHtml, unescapeHtml } from '../../article/html.ts';
import { isObject } from '../source-api.ts';

/** Returns the later of two times, and one that is none, because an embargo that cannot be read must be rejected. */
export function laterOf(embargo: unknown, other: unknown): { readonly embargoedUntil?: unknown } {
  const [latest = ''] = [embargo, other]
    .filter((time) => time !== undefined && time !== null)
    .sort((a, b) => instantOf(b) - instantOf(a));
  return latest === '' ? {} : { embargoedUntil: latest };
}

function instantOf(time: unknown): number {
  const instant = typeof time === 'string' ? Date.parse(time) : NaN;
  return Number.isNaN(instant) ? Infinity : instant;
}

/** Returns the earlier of two times, and one that is none. */
function earlierOf(expiry: unknown, other: unknown): { readonly expires?: unknown } {
  const [first] = [expiry, other]
    .filter((time) => time !== undefined && time !== null)
    .sort((a, b) => endOf(a) - endOf(b));
  return first === undefined ? {} : { expires: first };
}

function endOf(time: unknown): number {
  const instant = instantOf(time);
  return instant === Infinity ? -Infinity : instant;
}

/** Returns an item that came twice: it may be shown when both may, and its files are those of both until then. */
function strictest(item: Association, other: Association): Association {
  const merged = {
    ...item,
    ...(severityOf(other) > severityOf(item) && { pubStatus: other.pubStatus }),
    ...laterOf(item.embargoedUntil, other.embargoedUntil),
    ...earlierOf(item.expires, other.expires),
  } as Association;
  const { embargoedUntil, expires } = merged;
  const isShown = severityOf(merged) === 0 && embargoedUntil === undefined && expires === undefined;
  return isShown
    ? merged
    : { ...merged, renditions: [...listOf(item.renditions), ...listOf(other.renditions)] as Rendition[] };
}

function severityOf({ pubStatus = 'usable' }: Association): number {
  return pubStatus === 'usable' ? 0 : pubStatus === 'withheld' ? 1 : 2;
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

/** Any item but media is a link: the copy of its text that came with it would outlive its own withdrawal. */
export function linked(association: Association): Association {
  const { uri, type, name, pubStatus, embargoedUntil, expires } = association;
  return isPullableType(association) ? association : { uri, type, name, pubStatus, embargoedUntil, expires };
}

/** Returns the texts in a field that was not validated yet. */
function textsIn(field: unknown): Text[] {
  return (Array.isArray(field) ? field : []).filter(
    (text): text is Text => isObject(text) && typeof text['value'] === 'string',
  );
}

const mainGroup = /^main(?:-\d+)?$/;

/**
 * Returns a package with the texts of its group `main`, which Superdesk sends within the package; the items of the
 * other groups are links. The package is embargoed and expires as these texts do, and has what goes with them.
 */
export function withMainText(
  item: Record<string, unknown>,
  associations: readonly Association[],
): Record<string, unknown> {
  const main = associations.filter(
    ({ name, type, bodies, pubStatus = 'usable' }) =>
      mainGroup.test(name ?? '') && type === 'text' && pubStatus === 'usable' && textsIn(bodies).length > 0,
  );
  const [first] = main;
  if (!first || item['bodies'] !== undefined) return item;
  const texts = main.map(({ headlines, bodies }, index) => {
    const [headline] = index === 0 ? [] : textsIn(headlines);
    return (headline ? `<h2>${escapeHtml(headline.value)}</h2>` : '') + bodyHtmlOf({ bodies: textsIn(bodies) });
  });
  const within = main.flatMap(({ bodies, associations: held }) =>
    inOrder(
      listOf(held),
      textsIn(bodies)
        .map(({ value }) => value)
        .join('\n'),
    ),
  );
  return {
    ...Object.fromEntries(Object.entries(first).filter(([field]) => fromMain.includes(field))),
    ...item,
    bodies: [{ role: 'main', contentType: 'text/html', value: texts.join('\n') }],
    associations: inOrder([...associations.filter((one) => !main.includes(one)), ...within], '').map(linked),
    ...main.reduce(
      (latest, { embargoedUntil }) => laterOf(latest.embargoedUntil, embargoedUntil),
      laterOf(item['embargoedUntil'], undefined),
    ),
    ...main.reduce(
      (earliest, { expires }) => earlierOf(earliest.expires, expires),
      earlierOf(item['expires'], undefined),
    ),
  };
}

/** What a package without a field of its own has of its main text. */
const fromMain = ['by', 'people', 'subjects', 'descriptions', 'located', 'language', 'genres'];
