import { defaultTreeAdapter, html as htmlNames } from 'parse5';
import { parsedHtml, type HtmlElement, type HtmlFragment, type MarkupBudget } from './html-tree.ts';
import { dissolvedBlocks, droppedElements, keptBlocks } from './markup-rules.ts';
import { isFurniture, nameOf } from './markup-widgets.ts';

/** Returns the visible text of HTML, with words separated where a browser begins a new line. */
export function textOfMarkup(html: string, budget: MarkupBudget): string {
  return textIn(parsedHtml(html, budget));
}

/** Returns the text of a tree, without the elements whose meaning is `omitted`. */
export function textIn(parent: HtmlFragment | HtmlElement, omitted?: string): string {
  return parent.childNodes
    .map((node) => {
      if (defaultTreeAdapter.isTextNode(node)) return node.value;
      if (!defaultTreeAdapter.isElementNode(node)) return '';
      const { tagName, namespaceURI } = node;
      if (
        namespaceURI !== htmlNames.NS.HTML ||
        tagName === 'noscript' ||
        tagName === 'iframe' ||
        droppedElements.has(tagName) ||
        isFurniture(node)
      )
        return '';
      const name = nameOf(node);
      if (name === omitted) return '';
      return name === 'br' || keptBlocks.has(name) || dissolvedBlocks.has(name)
        ? ` ${textIn(node, omitted)} `
        : textIn(node, omitted);
    })
    .join('');
}

/** Elements whose text browsers do not show. */
const unseenText: ReadonlySet<string> = new Set(
  'script style template head title noembed noframes datalist desc metadata annotation annotation-xml'.split(' '),
);

/** Returns whether browsers show words in an element, whatever its kind. */
export function hasWords(element: HtmlElement): boolean {
  return (
    !unseenText.has(element.tagName) &&
    element.childNodes.some((node) =>
      defaultTreeAdapter.isTextNode(node)
        ? node.value.trim() !== ''
        : defaultTreeAdapter.isElementNode(node) && hasWords(node),
    )
  );
}
