import { defaultTreeAdapter, serialize } from 'parse5';
import { MarkupBudget, parsedHtml, TooMuchMarkup, type HtmlElement, type HtmlFragment } from '../article/html-tree.ts';
import { lateSources, lateSourceSets } from '../article/markup-rules.ts';

const withFiles = ['img', 'source', 'video', 'audio', 'a'];
const addresses = [...lateSources, 'href', 'poster'];

/** Returns HTML in which `absolute` has replaced each address of a picture, a player or a link. */
export function withAddresses(html: string, absolute: (address: string, element: string) => string): string {
  const candidates = (sourceSet: string, element: string): string =>
    sourceSet
      .split(',')
      .map((one) =>
        one.replace(/^(\s*)(\S+)/, (_, space: string, address: string) => space + absolute(address, element)),
      )
      .join(',');
  let tree: HtmlFragment;
  try {
    tree = parsedHtml(html, new MarkupBudget());
  } catch (error) {
    // The sanitiser rejects this text later, with the same issue.
    if (error instanceof TooMuchMarkup) return html;
    throw error;
  }
  const waiting: (HtmlFragment | HtmlElement)[] = [tree];
  for (let parent = waiting.pop(); parent !== undefined; parent = waiting.pop())
    for (const node of parent.childNodes) {
      if (!defaultTreeAdapter.isElementNode(node)) continue;
      waiting.push(node);
      if (!withFiles.includes(node.tagName)) continue;
      for (const attribute of node.attrs)
        if (addresses.includes(attribute.name)) attribute.value = absolute(attribute.value, node.tagName);
        else if (lateSourceSets.includes(attribute.name)) attribute.value = candidates(attribute.value, node.tagName);
    }
  return serialize(tree);
}
