import type { ArticleAnnouncement } from '../events/announcement.ts';

type Detail = ArticleAnnouncement['detail'];

/**
 * The fields of an announcement that the list of changes stores: ids, numbers and the names of feeds. Other fields may
 * contain text that a person wrote, which an erasure would not find here. A new field of announcements is stored only
 * if it is added here.
 */
const keptFields = [
  'id',
  'schemaVersion',
  'seq',
  'occurredAt',
  'correlationId',
  'replay',
  'articleId',
  'uri',
  'versionCreated',
  'audio',
] as const satisfies readonly (keyof Detail)[];

export interface ListedChange {
  readonly type: ArticleAnnouncement['type'];
  readonly detail: Pick<Detail, (typeof keptFields)[number]> & {
    readonly feeds?: readonly string[];
    readonly leftFeeds?: readonly string[];
  };
}

/** A change in the list and its position, in the order in which changes were listed. */
export interface ListedRow {
  readonly position: string;
  readonly change: ListedChange;
}

export interface ChangePage {
  readonly rows: readonly ListedRow[];
  /** Whether the list has more changes now. */
  readonly more: boolean;
}

/**
 * The time for which a change is listed. It is a day less than the row's TTL, because DynamoDB may delete an expired
 * row at any time.
 */
export const listedMilliseconds = 14 * 24 * 60 * 60 * 1000;

/**
 * The part of the list that is read again. `project` lists a change at the instant at which it begins to write the row,
 * so an earlier change may be written later. No write takes longer than its function's timeout of 30 seconds, retries
 * included. The rest allows for clocks that differ.
 */
export const overlapMilliseconds = 120_000;

/** The maximum size of a change. Keys, envelope and feeds of nearly every change fit into one write unit. */
const largestBytes = 820;

export function listedChangeOf({ type, detail }: ArticleAnnouncement): ListedChange {
  const whole = { type, detail: keptOf(detail) };
  const { feeds, leftFeeds, ...withoutFeeds } = whole.detail;
  return Buffer.byteLength(JSON.stringify(whole)) <= largestBytes ? whole : { type, detail: withoutFeeds };
}

/** Returns the fields of an announcement that may be stored. */
export function keptOf(detail: Detail | ListedChange['detail']): ListedChange['detail'] {
  const fields: readonly string[] = [...keptFields, 'feeds', 'leftFeeds'];
  return Object.fromEntries(
    Object.entries(detail).filter(([name, value]) => fields.includes(name) && value !== undefined),
  ) as unknown as ListedChange['detail'];
}

/** Returns a position that sorts by the instant, then by `seq`. */
export function positionOf(at: number, { detail: { seq, articleId } }: ListedChange): string {
  return `${startOf(at)}#${String(seq).padStart(16, '0')}#${articleId}`;
}

/** Returns the position before every change listed at this instant or later. */
export function startOf(at: number): string {
  return String(Math.max(0, at)).padStart(13, '0');
}

export function instantOf(position: string): number {
  return Number(position.slice(0, 13));
}

/** Returns the partition of a day (UTC). Each day has its own, so that no partition grows without end. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** Returns the days from one instant to another, both included. */
export function daysBetween(from: number, to: number): string[] {
  const days: string[] = [];
  for (let at = from; dayOf(at) <= dayOf(to); at += 24 * 60 * 60 * 1000) days.push(dayOf(at));
  return days;
}

/**
 * The progress of a reader of the list. `floor` is the instant from which the reader has to read again, because changes
 * may have been added behind it.
 */
export interface ListCursor {
  readonly position: string;
  readonly floor?: number | undefined;
}

export function listCursorText({ position, floor }: ListCursor): string {
  return Buffer.from(floor === undefined ? position : `${position}~${floor}`).toString('base64url');
}

/**
 * The largest distance of a `seq` from the present. A `seq` is the instant of its change, or a little later if a story
 * changes often.
 */
export const furthestAheadMilliseconds = 24 * 60 * 60 * 1000;

/** Returns `undefined` for a cursor that Pressrun cannot have made by `now`. */
export function listCursorIn(text: string, now: number): ListCursor | undefined {
  const [, position, seq, floor] =
    /^(\d{13}#(\d{16})#[a-z2-7]{16})(?:~(\d{1,16}))?$/.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (position === undefined) return undefined;
  const cursor = { position, ...(floor !== undefined && { floor: Number(floor) }) };
  // A walk begins an overlap before its `since`, and the floor may equal that `since`.
  const isAhead = instantOf(position) > now + overlapMilliseconds || Number(seq) > now + furthestAheadMilliseconds;
  if (isAhead || Number(floor ?? 0) > instantOf(position) + overlapMilliseconds) return undefined;
  return listCursorText(cursor) === text ? cursor : undefined;
}

/**
 * Returns the cursor after a page that was read at `now`. If there are more changes, the cursor is the position of the
 * page's last row. At the end of the list, it is an instant less the overlap. The first page that is recent enough to
 * have gaps sets the floor. The reader reads from there again, however long the walk takes.
 */
export function cursorAfter(
  { since, after }: { readonly since: number; readonly after: ListCursor | undefined },
  { rows, more }: ChangePage,
  now: number,
): { readonly since: number; readonly after?: ListCursor } {
  const last = rows.at(-1)?.position ?? after?.position;
  const reached = last === undefined ? since : Math.max(since, instantOf(last));
  if (!more || last === undefined) return { since: after?.floor ?? reached };
  const mayHaveGaps = reached > now - overlapMilliseconds;
  const floor = after?.floor ?? (mayHaveGaps ? Math.min(reached, now) : undefined);
  return { since, after: { position: last, floor } };
}
