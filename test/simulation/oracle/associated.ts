import type { SentItem } from './sent.ts';

/** Returns whether readers may see an item by itself. */
export function maySee(
  { pubStatus = 'usable', embargoedUntil = '1970-01-01', expires = '9999-12-31' }: SentItem,
  now: number,
): boolean {
  return pubStatus === 'usable' && Date.parse(embargoedUntil) <= now && now < Date.parse(expires);
}

/** Returns the items that readers see, each before its own associations. */
export function shownIn(items: readonly SentItem[] | undefined, now: number): SentItem[] {
  return (items ?? []).flatMap((one) => (maySee(one, now) ? [one, ...shownIn(one.associations, now)] : []));
}

/** Returns the instants at which items appear or disappear. */
export function instantsOf(items: readonly SentItem[] | undefined): number[] {
  return (items ?? []).flatMap(({ embargoedUntil = '', expires = '', associations }) => [
    ...[Date.parse(embargoedUntil), Date.parse(expires)].filter(Number.isFinite),
    ...instantsOf(associations),
  ]);
}
