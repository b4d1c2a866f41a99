import type { ArticleAnnouncement } from '../events/announcement.ts';

type Detail = ArticleAnnouncement['detail'];

/**
 * The fields of an announcement that the list of changes keeps: ids, numbers and the names of feeds. The rest may be words that a
 * person wrote, which an erasure would not find here; a field that an announcement gets later is not kept unless it is added here.
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

/** A change in the list, and where it stands there: in the order in which changes were listed. */
export interface ListedRow {
  readonly position: string;
  readonly change: ListedChange;
}

export interface ChangePage {
  readonly rows: readonly ListedRow[];
  /** Whether more stands in the list already. */
  readonly more: boolean;
}

/** How long a change stays listed: a day less than its row, which DynamoDB deletes when it likes. */
export const listedMilliseconds = 14 * 24 * 60 * 60 * 1000;

/**
 * How much of the list is read again: changes are listed by the instant at which `project` began to write the row, and
 * one that began earlier may be written later. No write outlives its function's timeout, 30 seconds, and be it retried; the rest
 * is for clocks that differ.
 */
export const overlapMilliseconds = 120_000;

/** Keys, envelope and feeds of nearly every change fit into one write unit. */
const largestBytes = 820;

export function listedChangeOf({ type, detail }: ArticleAnnouncement): ListedChange {
  const whole = { type, detail: keptOf(detail) };
  const { feeds, leftFeeds, ...withoutFeeds } = whole.detail;
  return Buffer.byteLength(JSON.stringify(whole)) <= largestBytes ? whole : { type, detail: withoutFeeds };
}

/** What may be kept of an announcement, or is told of one that was kept. */
export function keptOf(detail: Detail | ListedChange['detail']): ListedChange['detail'] {
  const fields: readonly string[] = [...keptFields, 'feeds', 'leftFeeds'];
  return Object.fromEntries(
    Object.entries(detail).filter(([name, value]) => fields.includes(name) && value !== undefined),
  ) as unknown as ListedChange['detail'];
}

/** Sorts by the instant, then by `seq`. */
export function positionOf(at: number, { detail: { seq, articleId } }: ListedChange): string {
  return `${startOf(at)}#${String(seq).padStart(16, '0')}#${articleId}`;
}

/** Stands before every change that was listed at this instant or later. */
export function startOf(at: number): string {
  return String(Math.max(0, at)).padStart(13, '0');
}

export function instantOf(position: string): number {
  return Number(position.slice(0, 13));
}

/** A day has a partition of its own, so that none grows for ever. UTC. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** From the day of one instant to that of another, both included. */
export function daysBetween(from: number, to: number): string[] {
  const days: string[] = [];
  for (let at = from; dayOf(at) <= dayOf(to); at += 24 * 60 * 60 * 1000) days.push(dayOf(at));
  return days;
}

/** Where a reader of the list has come to. `floor`: from when on it has to read again, because what it passed may have had gaps. */
export interface ListCursor {
  readonly position: string;
  readonly floor?: number | undefined;
}

export function listCursorText({ position, floor }: ListCursor): string {
  return Buffer.from(floor === undefined ? position : `${position}~${floor}`).toString('base64url');
}

/** A `seq` is the instant of its change or a little later, however busy a story is. */
export const furthestAheadMilliseconds = 24 * 60 * 60 * 1000;

/** `undefined` for one that Pressrun cannot have made until `now`. */
export function listCursorIn(text: string, now: number): ListCursor | undefined {
  const [, position, seq, floor] =
    /^(\d{13}#(\d{16})#[a-z2-7]{16})(?:~(\d{1,16}))?$/.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (position === undefined) return undefined;
  const cursor = { position, ...(floor !== undefined && { floor: Number(floor) }) };
  // A walk begins an overlap before its `since`, and the floor may be that `since`.
  const isAhead = instantOf(position) > now + overlapMilliseconds || Number(seq) > now + furthestAheadMilliseconds;
  if (isAhead || Number(floor ?? 0) > instantOf(position) + overlapMilliseconds) return undefined;
  return listCursorText(cursor) === text ? cursor : undefined;
}

/**
 * Where to go on after a page that was read at `now`. As long as there is more, behind its last row; at the end, from an
 * instant on, less the overlap. What was passed while it could still have gaps has to be read again from there,
 * however long the walk takes after that: so the first such page leaves its mark in the cursor.
 */
export function continueJob(
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
