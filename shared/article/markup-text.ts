import { defaultTreeAdapter, html as htmlNames } from 'parse5';
import { parsedHtml, type HtmlElement, type HtmlFragment, type MarkupBudget } from './html-tree.ts';
import { dissolvedBlocks, droppedElements, keptBlocks, renamedElements } from './markup-rules.ts';

/** Returns the visible text of HTML, with words separated where a browser begins a new line. */
export function textOfMarkup(html: string, budget: MarkupBudget): string {
  return textIn(parsedHtml(html, budget));
}

export function textIn(parent: HtmlFragment | HtmlElement): string {
  return parent.childNodes
    .map((node) => {
      if (defaultTreeAdapter.isTextNode(node)) return node.value;
      if (!defaultTreeAdapter.isElementNode(node)) return '';
      const { tagName, namespaceURI } = node;
      if (
        namespaceURI !== htmlNames.NS.HTML ||
        tagName === 'noscript' ||
        tagName === 'iframe' ||
        droppedElements.has(tagName)
      )
        return '';
      const name = renamedElements.get(tagName) ?? tagName;
      return name === 'br' || keptBlocks.has(name) || dissolvedBlocks.has(name) ? ` ${textIn(node)} ` : textIn(node);
    })
    .join('');
}
