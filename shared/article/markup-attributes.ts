import { isForPrint } from './media.ts';
import { defaultTreeAdapter } from 'parse5';
import type { HtmlElement, HtmlFragment, HtmlNode } from './html-tree.ts';
import { hasLongHost } from '../field-schema.ts';
import { idPrefix, keptElements, keptRelations } from './markup-rules.ts';
import { trimmedEnd } from '../trim.ts';

export type Attributes = readonly { readonly name: string; readonly value: string }[];

/** Returns the attributes that have a meaning on every element. */
export function globalOnes(attributes: Attributes): Attributes {
  return attributes.filter(({ name }) => name === 'id' || name === 'lang' || name === 'dir');
}

export function attribute({ attrs }: HtmlElement, wanted: string): string | undefined {
  return attrs.find(({ name }) => name === wanted)?.value;
}

export function attributesOf(
  element: HtmlElement,
  name: string,
  { targets }: { readonly targets: ReadonlySet<string> },
): Attributes {
  const anchor = attribute(element, 'id') ?? (name === 'a' ? attribute(element, 'name') : undefined) ?? '';
  return [
    ...(keptElements.get(name) ?? []).flatMap((each) => {
      const value = attributeValue(each, attribute(element, each), targets);
      return value === undefined ? [] : [{ name: each, value }];
    }),
    ...(targets.has(unprefixed(anchor)) ? [{ name: 'id', value: idPrefix + unprefixed(anchor) }] : []),
    ...['lang', 'dir'].flatMap((each) => {
      const value = attribute(element, each)?.trim().toLowerCase() ?? '';
      return (each === 'lang' ? languageTag : /^(?:ltr|rtl|auto)$/).test(value)
        ? [{ name: each, value: attribute(element, each)?.trim() ?? '' }]
        : [];
    }),
  ];
}

/** A BCP 47 tag, of bounded length. */
const languageTag = /^[a-z0-9_-]{1,60}$/;

export const webSchemes = ['http', 'https'];

const linkSchemes = [...webSchemes, 'mailto', 'tel'];

function attributeValue(name: string, value: string | undefined, targets: ReadonlySet<string>): string | undefined {
  if (value === undefined) return undefined;
  switch (name) {
    case 'href':
      if (!value.trim().startsWith('#')) return webAddress(value, linkSchemes);
      return targets.has(targetOf(value)) ? `#${idPrefix}${unprefixed(value.trim().slice(1))}` : undefined;
    case 'cite':
      return webAddress(value, webSchemes);
    // The attributes of a picture are handled in `picture`.
    case 'src':
    case 'srcset':
      return undefined;
    case 'rel':
      return (
        tokensOf(value.toLowerCase())
          .filter((token) => keptRelations.has(token))
          .join(' ') || undefined
      );
    case 'headers':
      return (
        tokensOf(value)
          .map((id) => idPrefix + unprefixed(id))
          .join(' ') || undefined
      );
    case 'start':
    case 'value':
      return /^-?\d{1,9}$/.exec(value.trim())?.[0];
    case 'width':
    case 'height':
    case 'colspan':
    case 'rowspan':
      return /^\d{1,5}$/.exec(value.trim())?.[0];
    case 'reversed':
      return '';
    case 'type':
      return /^[1aAiI]$/.exec(value.trim())?.[0];
    default:
      return value;
  }
}

function tokensOf(value: string): string[] {
  return [...new Set(value.split(/\s+/))].filter((token) => token !== '');
}

/** Returns every id that a link or a cell of the text refers to, without the prefix. */
export function targetsIn(tree: HtmlFragment | HtmlElement): Set<string> {
  const ids = new Set<string>();
  const targets = new Set<string>();
  const walk = (nodes: readonly HtmlNode[]): void => {
    for (const node of nodes) {
      if (!defaultTreeAdapter.isElementNode(node)) continue;
      for (const { name, value } of node.attrs) {
        if ((name === 'id' || name === 'name') && /^\S+$/.test(value)) ids.add(unprefixed(value));
        if (name === 'href' && value.trim().startsWith('#')) targets.add(targetOf(value));
        if (name === 'headers') for (const id of tokensOf(value)) targets.add(unprefixed(id));
      }
      walk(node.childNodes);
    }
  };
  walk(tree.childNodes);
  return new Set([...targets].filter((id) => ids.has(id)));
}

/** Returns the id that a link within the page refers to. */
function targetOf(href: string): string {
  const fragment = unprefixed(href.trim().slice(1));
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

function unprefixed(id: string): string {
  return id.startsWith(idPrefix) ? id.slice(idPrefix.length) : id;
}

/** The maximum length of a link's address. Many programs cut longer ones, and a text repeats them. */
const longestAddress = 4096;

/**
 * Returns the address if it runs no code: it is relative, or has one of the schemes. White space that browsers ignore
 * is removed. Returns undefined otherwise.
 */
export function webAddress(given: string | undefined, schemes: readonly string[]): string | undefined {
  if (given === undefined) return undefined;
  const address = given.replaceAll(/[\t\n\r]/g, '').trim();
  const seen = address.replaceAll(/[\u0000-\u0020]/g, '');
  if (seen === '' || address.length > longestAddress || hasLongHost(seen)) return undefined;
  // An address without a scheme takes the page's scheme, which is https.
  if (/^\/\/[^/\\]/.test(seen)) return `https:${seen}`;
  if (/^[/\\]{2}|^\\/.test(seen)) return undefined;
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(seen)?.[1]?.toLowerCase();
  return scheme === undefined || schemes.includes(scheme) ? address : undefined;
}

/** CMSes write up to a dozen sizes of a picture. Each address is looked up whenever a page shows the text. */
const maxCandidates = 30;

/** Returns the first candidates of a `srcset` (HTML §4.8.4.2), without those that run code or are for print. */
export function sourceSet(given: string | undefined): string | undefined {
  const candidates: string[] = [];
  const address = /[\s,]*([^\s,]\S*)/y;
  const descriptor = /[^,]*/y;
  const value = given ?? '';
  while (candidates.length < maxCandidates) {
    const [, found] = address.exec(value) ?? [];
    if (found === undefined) break;
    const bare = trimmedEnd(found, /,/);
    let size = '';
    if (bare === found) {
      descriptor.lastIndex = address.lastIndex;
      size = descriptor.exec(value)?.[0].trim() ?? '';
      address.lastIndex = descriptor.lastIndex;
    }
    const safe = webAddress(bare, webSchemes);
    if (safe !== undefined && !isForPrint(safe) && /^(?:\d+(?:\.\d+)?[wxh])?$/.test(size))
      candidates.push(size === '' ? safe : `${safe} ${size}`);
  }
  return candidates.length === 0 ? undefined : candidates.join(', ');
}
