import type { Card } from '../article/card.ts';
import type { Origin } from '../article/origin.ts';
import { isOnList } from './picture.ts';
import { addressesIn } from './text-files.ts';
import { hiddenSince, lastOf } from '../article/settle.ts';
import type { Hold } from '../article/version.ts';

/** The pictures that readers may not see in any story: one row, read for every response. */
export interface PulledPictures {
  /** Rises with each change; 0 before the first. */
  readonly seq: number;
  readonly ids: ReadonlySet<string>;
  /** The origin of the last change. */
  readonly origin?: Origin | undefined;
}

/** A DynamoDB item may have 400 KB, and each id takes 17 bytes. */
export const maxPulled = 20_000;

export const nothingPulled: PulledPictures = { seq: 0, ids: new Set() };

/** Returns the list with one picture added or removed as its holds say; `undefined` if the list is right already. */
export function pulledBy(
  pulled: PulledPictures,
  pictureId: string,
  holds: readonly Hold[],
  now: number,
): PulledPictures | undefined {
  const isPulled = hiddenSince(holds) !== undefined;
  if (pulled.ids.has(pictureId) === isPulled) return undefined;
  if (isPulled && pulled.ids.size >= maxPulled)
    throw new RangeError(
      `the list of pulled pictures is full with ${maxPulled} pictures, so this one is still shown: restore some (restore-picture), then redrive the dead-letter queue of store`,
    );
  const ids = new Set(pulled.ids);
  if (isPulled) ids.add(pictureId);
  else ids.delete(pictureId);
  const origin = lastOf(holds)?.origin;
  return { seq: Math.max(pulled.seq + 1, now), ids, ...(origin && { origin }) };
}

/** Returns the ids of the pictures on which two lists differ. */
export function differing(before: PulledPictures, after: PulledPictures): string[] {
  return [...new Set([...before.ids, ...after.ids])].filter((id) => before.ids.has(id) !== after.ids.has(id));
}

/** Returns a card without its picture if the picture, or a rendition that the card shows, was pulled. */
export function cardWithout(card: Card, { ids }: PulledPictures): Card {
  if (card.picture === undefined || ids.size === 0) return card;
  const { picture, ...rest } = card;
  const addresses = [picture.href, ...addressesIn(picture.srcset ?? '')];
  return ids.has(picture.id) || addresses.some((address) => isOnList(ids, address)) ? rest : card;
}
