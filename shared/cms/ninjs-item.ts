import { isObject } from './source-api.ts';

/**
 * Returns the item with ninjs's status `canceled` for a withdrawal. Superdesk and its Web Publisher call that status
 * `unpublished`.
 */
export function asCanceled(item: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      name.toLowerCase() === 'pubstatus' && value === 'unpublished' ? 'canceled' : value,
    ]),
  );
}

/** The ninjs types of items without a page of their own. A canceled one is pulled from the articles that show it. */
const otherTypes: readonly unknown[] = ['audio', 'video', 'picture', 'graphic', 'event', 'planning', 'component'];

/** Returns whether an item of ninjs 3.1 is not an article and withdraws nothing. */
export function isOfNoArticle(item: unknown): boolean {
  return (
    isObject(item) &&
    otherTypes.includes(item['type']) &&
    (item['pubStatus'] === undefined || item['pubStatus'] === 'usable')
  );
}
