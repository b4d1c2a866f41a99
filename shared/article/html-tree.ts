import { defaultTreeAdapter, html, parseFragment, type DefaultTreeAdapterTypes } from 'parse5';

export type HtmlNode = DefaultTreeAdapterTypes.ChildNode;
export type HtmlElement = DefaultTreeAdapterTypes.Element;
export type HtmlText = DefaultTreeAdapterTypes.TextNode;
export type HtmlFragment = DefaultTreeAdapterTypes.DocumentFragment;

/** Browsers stop nesting at 512. In a deeper tree, each walk up the open elements is slow and recursion is unsafe. */
export const maxDepth = 256;

/** The limit of parser work for one story, over all its texts and rounds. A long table has some ten thousand nodes. */
export const maxSteps = 150_000;

/**
 * The number of letters in attributes that cost as much as one node. A picture within the text (`data:`) may have some
 * megabytes.
 */
const lettersPerStep = 64;

/**
 * The cost of one picture in nodes: each page and feed looks up the address of each picture. A story may have about a
 * thousand.
 */
const imageSteps = 60;

/** Thrown for markup that would take more work than a story is worth. */
export class TooMuchMarkup extends RangeError {}

/** Counts the parser work of one story. All its texts share one budget. */
export class MarkupBudget {
  steps = 0;

  /** Throws {@link TooMuchMarkup} if the story's budget is used up. */
  take(steps: number): void {
    this.steps += steps;
    if (this.steps > maxSteps)
      throw new TooMuchMarkup(
        'must have less markup: it takes more elements and texts than a story may have (some 60,000, or 1,000 pictures)',
      );
  }
}

/**
 * Parses HTML as a browser does within a page's body, with scripts off. The work is linear in the input: nodes, and the
 * siblings that are searched for the place of a misplaced node, count against `budget`. Throws {@link TooMuchMarkup} if
 * the budget is used up or the tree is deeper than {@link maxDepth}.
 */
export function parsedHtml(text: string, budget: MarkupBudget): HtmlFragment {
  let depth = 0;
  const context = defaultTreeAdapter.createElement('div', html.NS.HTML, []);
  const treeAdapter: typeof defaultTreeAdapter = {
    ...defaultTreeAdapter,
    createElement: (name, namespace, attributes) => {
      // A formatting element's attributes are copied each time that the parser opens it again.
      const letters = attributes.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
      budget.take(1 + attributes.length + Math.floor(letters / lettersPerStep) + (name === 'img' ? imageSteps : 0));
      return defaultTreeAdapter.createElement(name, namespace, attributes);
    },
    insertText: (parent, value) => {
      // The parser delivers words and spaces separately; only the first of them makes a node.
      if (parent.childNodes.at(-1)?.nodeName !== '#text') budget.take(1);
      defaultTreeAdapter.insertText(parent, value);
    },
    insertTextBefore: (parent, value, reference) => {
      budget.take(1 + search(parent, reference));
      defaultTreeAdapter.insertTextBefore(parent, value, reference);
    },
    insertBefore: (parent, node, reference) => {
      budget.take(search(parent, reference));
      defaultTreeAdapter.insertBefore(parent, node, reference);
    },
    detachNode: (node) => {
      if (node.parentNode) budget.take(search(node.parentNode, node));
      defaultTreeAdapter.detachNode(node);
    },
    onItemPush: () => {
      depth += 1;
      if (depth > maxDepth) throw new TooMuchMarkup(`must nest HTML elements at most ${maxDepth} deep`);
    },
    onItemPop: () => {
      depth -= 1;
    },
  };
  return parseFragment(context, text, { treeAdapter, scriptingEnabled: false });
}

/**
 * Counts the steps to find a node among its siblings. The last sibling is found at once; each other step costs far less
 * than creating a node.
 */
function search({ childNodes }: DefaultTreeAdapterTypes.ParentNode, node: HtmlNode): number {
  return childNodes.at(-1) === node ? 0 : Math.ceil(childNodes.length / 64);
}
