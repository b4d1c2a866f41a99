import { defaultTreeAdapter, html as htmlNames } from 'parse5';
import type { HtmlElement, HtmlFragment, HtmlNode } from './html-tree.ts';
import type { Attributes } from './markup-attributes.ts';
import { keptBlocks } from './markup-rules.ts';

/** A boundary between paragraphs, where an element that was not kept began or ended. */
export const boundary = Symbol('boundary');

export type Item = HtmlNode | typeof boundary;

export function add(out: Item[], items: readonly Item[]): void {
  for (const item of items) out.push(item);
}

/** Wraps inline content of a container into paragraphs if boundaries or blocks separate it, and always at the root. */
export function paragraphsOf(items: readonly Item[], isRoot: boolean): HtmlNode[] {
  const parts: { readonly nodes: HtmlNode[]; readonly isRun: boolean }[] = [];
  let run: HtmlNode[] = [];
  let isApart = isRoot;
  const end = (): void => {
    if (run.length > 0) parts.push({ nodes: run, isRun: true });
    run = [];
  };
  for (const item of items) {
    if (item === boundary) {
      end();
      isApart = true;
    } else if (isBlock(item)) {
      end();
      parts.push({ nodes: [item], isRun: false });
    } else run.push(item);
  }
  end();
  if (!isApart) {
    const hasBlocks = parts.some(({ isRun }) => !isRun);
    return parts.flatMap(({ nodes, isRun }) => (isRun && hasBlocks && isSpace(nodes) ? [space(nodes)] : nodes));
  }
  const visible = parts.filter(({ nodes }) => !isBlank(nodes));
  const isAlone = visible.length === 1;
  return parts.flatMap(({ nodes, isRun }) => {
    if (!isRun) return nodes;
    if (isBlank(nodes)) return isSpace(nodes) ? [space(nodes)] : [];
    if (!isRoot && (isAlone || nodes.every((node) => !says(node)))) return nodes;
    return [make('p', [], trimmed(nodes))];
  });
}

/** Converts the content of an element that holds lines: a paragraph boundary ends a line. */
export function linesOf(items: readonly Item[], line: 'br' | 'pre'): HtmlNode[] {
  const nodes: HtmlNode[] = [];
  let isOwed = false;
  let isBegun = false;
  for (const item of items) {
    if (item === boundary) {
      isOwed = isBegun;
      continue;
    }
    const isFilled = !isBlank([item]);
    isBegun ||= isFilled;
    if (isOwed && isFilled) {
      nodes.push(line === 'pre' ? defaultTreeAdapter.createTextNode('\n') : make('br', [], []));
      isOwed = false;
    }
    nodes.push(item);
  }
  if (line === 'br') return nodes;
  // A parser ignores one line end at the beginning of the element.
  const [first] = nodes;
  if (first && defaultTreeAdapter.isTextNode(first)) first.value = first.value.replace(/^[\r\n]+/, '');
  return nodes;
}

/** Removes white space at both ends, which is not part of a paragraph. */
export function trimmed(nodes: readonly HtmlNode[]): HtmlNode[] {
  const kept = nodes.slice(
    nodes.findIndex((node) => !isBlank([node])),
    nodes.findLastIndex((node) => !isBlank([node])) + 1,
  );
  const first = kept.at(0);
  if (first && defaultTreeAdapter.isTextNode(first)) first.value = first.value.trimStart();
  const last = kept.at(-1);
  if (last && defaultTreeAdapter.isTextNode(last)) last.value = last.value.trimEnd();
  return kept;
}

function isSpace(nodes: readonly HtmlNode[]): boolean {
  return nodes.every((node) => defaultTreeAdapter.isTextNode(node) && node.value.trim() === '');
}

/** Returns one line end or one space in place of the white space between blocks. */
function space(nodes: readonly HtmlNode[]): HtmlNode {
  const isLineEnd = nodes.some((node) => defaultTreeAdapter.isTextNode(node) && node.value.includes('\n'));
  return defaultTreeAdapter.createTextNode(isLineEnd ? '\n' : ' ');
}

/** The generated elements that are blocks or contain blocks. */
const blocks = new WeakSet<HtmlNode>();

export function isBlock(node: HtmlNode): boolean {
  return blocks.has(node);
}

/** Returns whether the nodes are white space and line breaks only. */
export function isBlank(nodes: readonly HtmlNode[]): boolean {
  return nodes.every((node) =>
    defaultTreeAdapter.isTextNode(node)
      ? node.value.trim() === ''
      : defaultTreeAdapter.isElementNode(node) && node.tagName === 'br',
  );
}

/**
 * The generated elements that contain text. They are recorded when they are created, so that no level searches its
 * descendants again.
 */
const saying = new WeakSet<HtmlNode>();

function says(node: HtmlNode): boolean {
  return defaultTreeAdapter.isTextNode(node) ? node.value.trim() !== '' : saying.has(node);
}

export function make(name: string, attributes: Attributes, children: readonly HtmlNode[]): HtmlElement {
  const element = defaultTreeAdapter.createElement(name, htmlNames.NS.HTML, [...attributes]);
  fill(element, children);
  if (keptBlocks.has(name) || children.some(isBlock)) blocks.add(element);
  if (children.some(says)) saying.add(element);
  return element;
}

export function fill(parent: HtmlElement | HtmlFragment, children: readonly HtmlNode[]): void {
  for (const child of children) defaultTreeAdapter.appendChild(parent, child);
}
