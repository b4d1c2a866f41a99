import { defaultTreeAdapter, html as htmlNames, serialize } from 'parse5';
import {
  parsedHtml,
  TooMuchMarkup,
  type HtmlElement,
  type HtmlFragment,
  type HtmlNode,
  type HtmlText,
  type MarkupBudget,
} from './html-tree.ts';
import {
  contentOf,
  dissolvedBlocks,
  droppedElements,
  keptBlocks,
  keptElements,
  lateSources,
  lateSourceSets,
  lineElements,
  linkedElements,
  scriptedFrame,
} from './markup-rules.ts';
import {
  type Attributes,
  globalOnes,
  attribute,
  attributesOf,
  webSchemes,
  targetsIn,
  webAddress,
  sourceSet,
} from './markup-attributes.ts';
import {
  boundary,
  type Item,
  add,
  paragraphsOf,
  linesOf,
  trimmed,
  isBlock,
  isBlank,
  make,
  fill,
} from './markup-blocks.ts';
import {
  blockClasses,
  classesOf,
  emptyAlternative,
  isFurniture,
  isTrackList,
  meaningOf,
  nameOf,
  playerAddress,
  playerLabel,
  ratingOf,
} from './markup-widgets.ts';
import { hasWords, textIn } from './markup-text.ts';

/** The context of an element in the text. */
interface Place {
  /** Set where blocks are not allowed. They become line ends in `pre`, and `br` in other elements. */
  readonly line?: 'br' | 'pre';
  readonly isLinked: boolean;
}

export interface Known {
  /**
   * Ids that a link or a table cell of the text refers to. Other ids are removed, since CMSes generate new ones for
   * each request.
   */
  readonly targets: ReadonlySet<string>;
  /** The headline in lower case. */
  readonly headline: string | undefined;
  /** Gets the names of the elements that are left out with content that browsers show. */
  readonly leftOut: Set<string>;
}

/** White space that browsers show as one space. */
const indent = /\n[ \t\r\n]+/g;

/** The limit of cleaning rounds. Two are usual, since an unwrapped node may be in a place where it is not allowed. */
const maxRounds = 6;

/**
 * Returns HTML with only the markup that markup-rules.ts allows. Every HTML5 parser reads it alike: parsing and
 * serialising it, or cleaning it again, returns the same text. Adds to `leftOut` the names of the elements that are left
 * out with content that browsers show. Throws {@link TooMuchMarkup}.
 */
export function cleanMarkup(
  html: string,
  headline: string | undefined,
  budget: MarkupBudget,
  leftOut = new Set<string>(),
): string {
  let given = html;
  for (let round = 0; round < maxRounds; round += 1) {
    const clean = onceCleaned(given, headline, budget, leftOut);
    if (clean === given) return clean;
    given = clean;
  }
  throw new TooMuchMarkup('must have HTML whose elements are nested as HTML allows');
}

function onceCleaned(html: string, headline: string | undefined, budget: MarkupBudget, leftOut: Set<string>): string {
  const tree = parsedHtml(html, budget);
  const items = itemsOf(
    tree,
    { isLinked: false },
    { targets: targetsIn(tree), headline: headline?.trim().toLowerCase(), leftOut },
  );
  const root = defaultTreeAdapter.createDocumentFragment();
  fill(root, paragraphsOf(items, true));
  return serialize(root).trim();
}

/** Converts nodes and adds the results to `out`. All unwrapped nodes share one list, so that no level copies it. */
function addItems(nodes: readonly HtmlNode[], place: Place, known: Known, out: Item[]): void {
  let isPictureMissing = false;
  for (const node of nodes) {
    if (defaultTreeAdapter.isTextNode(node)) {
      const text = defaultTreeAdapter.createTextNode(
        place.line === 'pre' ? node.value : node.value.replaceAll(indent, '\n'),
      );
      const address = nodes.length === 1 && !place.isLinked ? loneAddress(node) : undefined;
      out.push(address === undefined ? text : linkTo(address, '', place));
    }
    if (!defaultTreeAdapter.isElementNode(node)) continue;
    // The `noscript` picture replaces the one that a script would load.
    if (node.tagName === 'noscript' && !isPictureMissing && !isTrackList(node)) continue;
    const before = out.length;
    addElement(node, place, known, out);
    isPictureMissing = node.tagName === 'img' && out.length === before;
  }
}

function itemsOf({ childNodes }: HtmlElement | HtmlFragment, place: Place, known: Known): Item[] {
  const items: Item[] = [];
  addItems(childNodes, place, known, items);
  return items;
}

function addElement(element: HtmlElement, place: Place, known: Known, out: Item[]): void {
  const { tagName: given, namespaceURI } = element;
  const classes = classesOf(element);
  const meaning = meaningOf(element);
  const frame = scriptedFrame(given, (name) => attribute(element, name));
  if (frame !== undefined && namespaceURI === htmlNames.NS.HTML) {
    out.push(boundary, linkTo(frame, '', place), boundary);
    return;
  }
  if (isFurniture(element) || isHidden(element)) return;
  if (namespaceURI !== htmlNames.NS.HTML || (droppedElements.has(given) && meaning === undefined)) {
    if (hasWords(element)) known.leftOut.add(given);
    return;
  }
  if (linkedElements.has(given)) {
    addLinkTo(element, place, known, out);
    return;
  }
  const rating = ratingOf(element);
  if (rating !== undefined) {
    out.push(boundary, defaultTreeAdapter.createTextNode(rating), boundary);
    return;
  }
  const name = nameOf(element);
  const isHeading = /^h[234]$/.test(name);
  if (isHeading && known.headline !== undefined && textIn(element).trim().toLowerCase() === known.headline) return;
  const before = out.length;
  addContent(element, name, classes, place, isHeading ? { ...known, headline: undefined } : known, out);
  // Every name of a custom element has a hyphen, and no other one.
  if (given.includes('-') && isEmptyFrom(before, out)) addContentOf(element, place, known, out);
  // The element was a block, which separates words.
  if (given === 'div' && meaning === 'span') out.push(defaultTreeAdapter.createTextNode(' '));
}

function addContent(
  element: HtmlElement,
  name: string,
  classes: readonly string[],
  place: Place,
  known: Known,
  out: Item[],
): void {
  const { childNodes } = element;

  const attributes = attributesOf(element, name, known);
  if (name === 'a') addAnchor(element, attributes, place, known, out);
  else if (name === 'img') addPicture(element, attributes, out);
  else if (isDissolved(element, name, classes) || (place.line !== undefined && keptBlocks.has(name))) {
    out.push(boundary);
    const carried = globalOnes(attributes);
    if (carried.length === 0) addItems(childNodes, place, known, out);
    else add(out, carrying(carried, itemsOf(element, place, known), place));
    out.push(boundary);
  } else if (name === 'span') {
    if (attributes.length === 0) addItems(childNodes, place, known, out);
    else add(out, carryingInline(attributes, itemsOf(element, place, known), place));
  } else if (!keptElements.has(name)) addItems(childNodes, place, known, out);
  else {
    const line = name === 'pre' ? 'pre' : lineElements.has(name) ? 'br' : keptBlocks.has(name) ? undefined : place.line;
    const items = itemsOf(element, { isLinked: place.isLinked && !/^t[dh]$/.test(name), ...(line && { line }) }, known);
    const nodes = line === undefined ? paragraphsOf(items, false) : linesOf(items, line);
    const children = name === 'summary' ? trimmed(nodes) : nodes;
    // A paragraph without words is space between two others.
    if (name === 'p' && attributes.length === 0 && isBlank(children)) out.push(boundary);
    else add(out, wrapped(name, attributes, children));
  }
}

/**
 * Returns whether browsers hide the element. Its text would become visible, because the attribute that hides it is not
 * kept.
 */
function isHidden(element: HtmlElement): boolean {
  if (['hidden', 'popover'].some((name) => attribute(element, name) !== undefined)) return true;
  if (element.tagName === 'dialog' && attribute(element, 'open') === undefined) return true;
  return /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\b/i.test(attribute(element, 'style') ?? '');
}

function isDissolved(element: HtmlElement, name: string, classes: readonly string[]): boolean {
  if (dissolvedBlocks.has(name) || classes.some((each) => blockClasses.has(each))) return true;
  const { parentNode } = element;
  return (
    name === 'summary' &&
    !(parentNode !== null && defaultTreeAdapter.isElementNode(parentNode) && nameOf(parentNode) === 'details')
  );
}

/**
 * Returns the attributes for which an otherwise meaningless element is kept: language, direction, and the target of a
 * link.
 */
function carrying(attributes: Attributes, items: readonly Item[], { line }: Place): readonly Item[] {
  if (line !== undefined) return [make('span', attributes, linesOf(items, line))];
  const content = paragraphsOf(items, true);
  const [only, ...others] = content.filter((node) => !isBlank([node]));
  if (only === undefined) return attributes.some(({ name }) => name === 'id') ? [make('span', attributes, [])] : [];
  if (others.length > 0 || !defaultTreeAdapter.isElementNode(only)) return [make('div', attributes, content)];
  return only.tagName === 'p' && only.attrs.length === 0
    ? [make('p', attributes, only.childNodes)]
    : [make('div', attributes, content)];
}

function carryingInline(attributes: Attributes, items: readonly Item[], place: Place): readonly Item[] {
  if (attributes.length === 0) return items;
  const nodes = items.filter((item) => item !== boundary);
  if (nodes.length === items.length && !nodes.some(isBlock)) return [make('span', attributes, nodes)];
  return [boundary, ...carrying(attributes, items, place), boundary];
}

/** Returns an element that is kept. An inline element that contains blocks is separated like a block. */
function wrapped(name: string, attributes: Attributes, children: readonly HtmlNode[]): readonly Item[] {
  const element = make(name, attributes, children);
  return keptBlocks.has(name) || !isBlock(element) ? [element] : [boundary, element, boundary];
}

function addAnchor(element: HtmlElement, attributes: Attributes, place: Place, known: Known, out: Item[]): void {
  const isLink = !place.isLinked && attributes.some(({ name }) => name === 'href');
  if (isLink) {
    const items = itemsOf(element, { ...place, isLinked: true }, known);
    add(
      out,
      wrapped('a', attributes, place.line === undefined ? paragraphsOf(items, false) : linesOf(items, place.line)),
    );
    return;
  }
  const carried = globalOnes(attributes);
  if (carried.length === 0) addItems(element.childNodes, place, known, out);
  else add(out, carryingInline(carried, itemsOf(element, place, known), place));
}

/** Replaces a frame or player by a link to its content. Its fallback content is shown only if it has no address. */
function addLinkTo(element: HtmlElement, place: Place, known: Known, out: Item[]): void {
  const address = playerAddress(element);
  if (address === undefined) {
    // The content of a frame is a document of its own, which a parser reads as text.
    if (element.tagName !== 'iframe') addItems(element.childNodes, place, known, out);
    return;
  }
  const label = playerLabel(element);
  out.push(linkTo(address, label, place));
}

function isEmptyFrom(start: number, items: readonly Item[]): boolean {
  for (let index = start; index < items.length; index += 1) {
    const item = items[index];
    if (item !== undefined && item !== boundary && !isBlank([item])) return false;
  }
  return true;
}

/** Adds a link to the content of a custom element, which only a script would show. */
function addContentOf(element: HtmlElement, place: Place, { leftOut }: Known, out: Item[]): void {
  const [address] = contentOf(element.tagName, (name) => attribute(element, name)).flatMap(
    (value) => webAddress(value, webSchemes) ?? [],
  );
  if (address === undefined) leftOut.add(element.tagName);
  else out.push(boundary, linkTo(address, '', place), boundary);
}

function linkTo(address: string, label: string, place: Place): HtmlNode {
  // Within another link the address becomes text, with spaces around it so that it can be found again.
  if (place.isLinked) return defaultTreeAdapter.createTextNode(label === '' ? ` ${address} ` : label);
  const words = defaultTreeAdapter.createTextNode(label === '' ? address : label);
  return make('a', [{ name: 'href', value: address }], [words]);
}

function addPicture(element: HtmlElement, attributes: Attributes, out: Item[]): void {
  const [set] = lateSourceSets.flatMap((name) => sourceSet(attribute(element, name)) ?? []);
  const [address] = lateSources.flatMap((name) => webAddress(attribute(element, name), webSchemes) ?? []);
  const source = address ?? set?.split(/,?\s/)[0];
  if (source === undefined) return;
  out.push(
    make(
      'img',
      [
        { name: 'src', value: source },
        ...(set === undefined ? [] : [{ name: 'srcset', value: set }]),
        ...attributes.map(({ name, value }) => ({
          name,
          value: name === 'alt' && value === emptyAlternative ? '' : value,
        })),
      ],
      [],
    ),
  );
}

/** Returns the web address if it is the only text of a paragraph: an embed that the CMS could not resolve. */
function loneAddress({ value, parentNode }: HtmlText): string | undefined {
  const isParagraph = parentNode !== null && /^(?:p|div)$/.test(parentNode.nodeName);
  return isParagraph && /^\s*https?:\/\/\S+\s*$/i.test(value) ? webAddress(value, webSchemes) : undefined;
}
