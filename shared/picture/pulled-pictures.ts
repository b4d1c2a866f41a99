import type { Card } from '../article/card.ts';
import type { Origin } from '../article/origin.ts';
import { isOnList } from './picture.ts';
import { darkSince, lastOf } from '../article/settle.ts';
import type { Hold } from '../article/version.ts';

/** Every picture that no reader may see any more, whatever story it goes with: one row, read with every answer. */
export interface PulledPictures {
  /** Rises with each change; 0 before the first. */
  readonly seq: number;
  readonly ids: ReadonlySet<string>;
  /** The event that the last change comes of. */
  readonly origin?: Origin | undefined;
}

/** DynamoDB holds 400 KB in an item, and each id takes 17 bytes. */
export const maxPulled = 20_000;

export const nothingPulled: PulledPictures = { seq: 0, ids: new Set() };

/** The list with one picture on it or off it, as its holds say; `undefined` where it says so already. */
export function pulledBy(
  pulled: PulledPictures,
  pictureId: string,
  holds: readonly Hold[],
  now: number,
): PulledPictures | undefined {
  const isPulled = darkSince(holds) !== undefined;
  if (pulled.ids.has(pictureId) === isPulled) return undefined;
  if (isPulled && pulled.ids.size >= maxPulled)
    throw new RangeError(
      `the list of pulled pictures holds ${maxPulled} pictures and no more, so this one is still shown: take some off it (restore-picture), then redrive the dead-letter queue of store`,
    );
  const ids = new Set(pulled.ids);
  if (isPulled) ids.add(pictureId);
  else ids.delete(pictureId);
  const origin = lastOf(holds)?.origin;
  return { seq: Math.max(pulled.seq + 1, now), ids, ...(origin && { origin }) };
}

/** The pictures on which two lists differ, by id. */
export function differing(before: PulledPictures, after: PulledPictures): string[] {
  return [...new Set([...before.ids, ...after.ids])].filter((id) => before.ids.has(id) !== after.ids.has(id));
}

/** A card without its picture where that was pulled. */
export function cardWithout(card: Card, { ids }: PulledPictures): Card {
  if (card.picture === undefined || ids.size === 0 || !(ids.has(card.picture.id) || isOnList(ids, card.picture.href)))
    return card;
  const { picture, ...rest } = card;
  return rest;
}
