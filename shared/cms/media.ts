import { escapeHtml } from '../article/html.ts';
import { isObject } from './source-api.ts';

/** Gets the path of a part of a body that readers do not see. */
export type NotShown = (path: string) => void;

/** No editor nests its blocks deeper, and recursion must be bounded for any input. */
export const maxNesting = 20;

/**
 * Returns the HTML of all blocks. Undefined if none of them can be read. `notShown` gets the index of each that cannot.
 */
export function joinedBlocks(
  blocks: readonly unknown[],
  htmlOf: (block: unknown, index: number) => string | undefined,
  notShown: (index: number) => void,
): string | undefined {
  const parts = blocks.map((block, index) => {
    const html = htmlOf(block, index);
    if (html === undefined) notShown(index);
    return html;
  });
  return parts.length > 0 && parts.every((part) => part === undefined) ? undefined : parts.join('');
}

/** Returns whether a value is a file of Strapi's media library. */
export function isMedia(value: unknown): value is Readonly<Record<string, unknown>> & { readonly url: string } {
  return isObject(value) && typeof value['url'] === 'string';
}

/** Returns an image of the media library with its caption, and a link to any other file. */
export function htmlOfMedia({ url, mime, alternativeText, caption, name }: Readonly<Record<string, unknown>>): string {
  const [address, text] = [textOf(url), textOf(caption)];
  if (typeof mime === 'string' && !mime.startsWith('image/')) return linkTo(address, text || textOf(name));
  return figure(address, textOf(alternativeText), escapeHtml(text));
}

/** Returns a figure; `caption` is HTML. */
export function figure(url: string, alt: string, caption: string): string {
  const image = `<img src="${escapeHtml(url)}" alt="${escapeHtml(alt)}">`;
  return `<figure>${image}${caption === '' ? '' : `<figcaption>${caption}</figcaption>`}</figure>`;
}

/** Returns a paragraph with a link, by its address if it has no text. */
export function linkTo(url: string, text: string): string {
  return `<p><a href="${escapeHtml(url)}">${escapeHtml(text || url)}</a></p>`;
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
