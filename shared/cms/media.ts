import { escapeHtml } from '../article/html.ts';
import { isObject } from './source-api.ts';

/** Gets the path of a part of a body that readers do not see. */
export type NotShown = (path: string) => void;

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
