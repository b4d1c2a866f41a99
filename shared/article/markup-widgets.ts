import { defaultTreeAdapter } from 'parse5';
import type { HtmlElement } from './html-tree.ts';
import { attribute, webAddress, webSchemes } from './markup-attributes.ts';
import { linkedElements, renamedElements } from './markup-rules.ts';

/** The meaning of Ghost's cards and of WordPress's blocks and shortcodes, by their classes. */

/**
 * Parts of a widget that are not text of the story: controls, forms, messages that scripts hide, and lists of the
 * site's own posts.
 */
const droppedClasses: ReadonlySet<string> = new Set([
  ...'audio-player audio-thumbnail video-overlay video-player-container bookmark-icon signup-card'
    .split(' ')
    .map((name) => `kg-${name}`),
  ...'accordion-heading__toggle-icon archives calendar categories comments file__embed latest-comments latest-posts loginout query search tag-cloud jetpack-subscriptions'
    .split(' ')
    .map((name) => `wp-block-${name}`),
  // "Read more" links, and the buttons, forms and lists of related posts of plugins.
  ...'more-link addtoany_share_save_container jp-relatedposts sharedaddy wpcf7 yarpp-related'.split(' '),
]);

/** Parts that a style sheet shows as blocks, although their elements are inline. */
export const blockClasses: ReadonlySet<string> = new Set(['kg-bookmark-author', 'kg-bookmark-publisher']);

/** Elements with the meaning of another one, by their name and class. */
const meanings: ReadonlyMap<string, string> = new Map([
  ['div.kg-toggle-card', 'details'],
  ['div.kg-toggle-heading', 'summary'],
  ['div.wp-block-accordion-item', 'details'],
  ...[1, 2, 3, 4, 5, 6].map((level) => [`h${level}.wp-block-accordion-heading`, 'summary'] as const),
  ['button.wp-block-accordion-heading__toggle', 'span'],
  ['div.wp-caption', 'figure'],
  ['p.wp-caption-text', 'figcaption'],
  ['dd.wp-caption-text', 'figcaption'],
  ['dl.gallery-item', 'figure'],
  ['dt.gallery-icon', 'div'],
  // Shown in one line.
  ['div.kg-callout-emoji', 'span'],
  ['div.kg-callout-text', 'span'],
  ['div.kg-file-card-filename', 'span'],
  ['div.kg-file-card-filesize', 'span'],
]);

/** Addresses of Ghost's own forms for members. */
const memberForm = /#\/(?:portal|share)\b/;

export function classesOf(element: HtmlElement): readonly string[] {
  return (attribute(element, 'class') ?? '').split(/\s+/);
}

/**
 * Returns the name of the element whose meaning this one has, by its classes; undefined if the classes have no meaning.
 */
export function meaningOf(element: HtmlElement): string | undefined {
  return classesOf(element).flatMap((name) => meanings.get(`${element.tagName}.${name}`) ?? [])[0];
}

export function nameOf(element: HtmlElement): string {
  return meaningOf(element) ?? renamedElements.get(element.tagName) ?? element.tagName;
}

/**
 * Returns whether an element is a part of a widget that is not text of the story, or that repeats the link beside it.
 */
export function isFurniture(element: HtmlElement): boolean {
  const classes = classesOf(element);
  if (classes.some((name) => droppedClasses.has(name))) return true;
  // The button of a card is left out. A link within a sentence keeps its words.
  if (classes.some((name) => name.startsWith('kg-')) && memberForm.test(attribute(element, 'href') ?? '')) return true;
  if (classes.includes('wp-block-file__button')) return firstIn(element, ({ tagName }) => tagName === 'a') !== element;
  return classes.includes(playerTitle) && firstIn(element, (each) => playerAddress(each) !== undefined) !== undefined;
}

const playerTitle = 'kg-audio-title';

/** Returns the title of a frame or player. It may be in an element beside it. */
export function playerLabel(element: HtmlElement): string {
  const title = firstIn(element, (each) => classesOf(each).includes(playerTitle))?.childNodes[0];
  const beside = title && defaultTreeAdapter.isTextNode(title) ? title.value : '';
  return (attribute(element, 'title') ?? beside).trim();
}

/** Returns the address of the content of a frame or player; undefined if the element is neither, or has no address. */
export function playerAddress(element: HtmlElement): string | undefined {
  const names = linkedElements.get(element.tagName);
  if (names === undefined) return undefined;
  const sources = element.childNodes
    .filter((node) => defaultTreeAdapter.isElementNode(node))
    .filter(({ tagName }) => tagName === 'source');
  const given = [
    ...names.map((name) => attribute(element, name)),
    ...sources.map((source) => attribute(source, 'src')),
  ];
  // WordPress numbers the players of each response.
  return given
    .map((value) => webAddress(value, webSchemes)?.replace(/\?_=\d+$/, ''))
    .find((value) => value !== undefined);
}

/** Returns the stars of a product's rating. */
export function ratingOf(element: HtmlElement): string | undefined {
  if (!classesOf(element).includes('kg-product-card-rating')) return undefined;
  return element.childNodes
    .filter((node) => defaultTreeAdapter.isElementNode(node))
    .map((star) => (classesOf(star).includes('kg-product-card-rating-active') ? '★' : '☆'))
    .join('');
}

/**
 * Returns whether the element is the list of tracks of a WordPress playlist. The tracks are in `noscript` and in a
 * script.
 */
export function isTrackList({ tagName, parentNode }: HtmlElement): boolean {
  return (
    tagName === 'noscript' &&
    parentNode !== null &&
    defaultTreeAdapter.isElementNode(parentNode) &&
    classesOf(parentNode).includes('wp-playlist')
  );
}

/** The alternative text that Ghost writes for each picture of a call to action. It describes nothing. */
export const emptyAlternative = 'CTA Image';

/**
 * The number of siblings searched. Widgets have few parts, and a search of all siblings of each element would not be
 * linear.
 */
const maxParts = 6;

/** Returns the first part of a widget, among the siblings of `element`, that meets a condition. */
function firstIn({ parentNode }: HtmlElement, is: (part: HtmlElement) => boolean): HtmlElement | undefined {
  return (parentNode?.childNodes ?? [])
    .slice(0, maxParts)
    .filter((node) => defaultTreeAdapter.isElementNode(node))
    .find(is);
}
