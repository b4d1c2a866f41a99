import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Card } from '../card.ts';
import type { Cause } from '../cause.ts';
import type { PulledPictures } from '../picture.ts';
import type { Recording, Reading } from '../recording.ts';
import type { Change, FrontHead, Head, Settlement } from '../head.ts';
import {
  holdKey,
  packContent,
  unpackContent,
  versionKey,
  type Content,
  type FrontContent,
  type Hold,
  type Status,
  type Version,
} from '../version.ts';
import type { Warning } from '../warning.ts';

/** A row as DynamoDB and its streams write it. */
export type Row = Record<string, AttributeValue>;

/** A row that does not hold what its writer always writes: foreign hands, or a fault worth an alarm. */
export class MalformedRow extends Error {
  override readonly name = 'MalformedRow';
}

export const headKey = 'head';
export const changesPartition = (day: string): string => `changes#${day}`;
export const pathPartition = (path: string): string => `path#${path}`;

const text = (value: string): AttributeValue => ({ S: value });
const number = (value: number): AttributeValue => ({ N: String(value) });
const defined = (row: Record<string, AttributeValue | undefined>): Row =>
  Object.fromEntries(Object.entries(row).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

export function textOf(row: Row, name: string): string {
  const value = row[name]?.S;
  if (value === undefined) throw new MalformedRow(`${name} is not a string`);
  return value;
}

export function numberOf(row: Row, name: string): number {
  const value = row[name]?.N;
  if (value === undefined) throw new MalformedRow(`${name} is not a number`);
  return Number(value);
}

const causeRow = (cause: Cause | undefined): Record<string, AttributeValue | undefined> => ({
  correlationId: cause && text(cause.correlationId),
  replay: cause?.replay === undefined ? undefined : text(cause.replay),
  replayedAt: cause?.replayedAt === undefined ? undefined : number(cause.replayedAt),
});

/** Rows written before causes were have none. */
function causeIn(row: Row): { readonly cause?: Cause } {
  const { correlationId, replay } = row;
  if (correlationId?.S === undefined) return {};
  return {
    cause: {
      correlationId: correlationId.S,
      ...(replay?.S !== undefined && { replay: replay.S }),
      ...(row['replayedAt'] && { replayedAt: numberOf(row, 'replayedAt') }),
    },
  };
}

export function versionRow(version: Version<Content | FrontContent>): Row {
  return defined({
    articleId: text(version.articleId),
    sk: text(versionKey(version)),
    digest: text(version.digest),
    status: text(version.status),
    embargoedUntil: version.embargoedUntil === undefined ? undefined : number(version.embargoedUntil),
    ...causeRow(version.cause),
    content: { B: packContent(version.content) },
  });
}

export function versionOf<C extends Content | FrontContent = Content>(row: Row): Version<C> {
  const [, versionCreated, revision, receivedAt] = textOf(row, 'sk').split('#');
  const packed = row['content']?.B;
  if (!packed) throw new MalformedRow('content is not binary');
  let content: C | undefined;
  return {
    articleId: textOf(row, 'articleId'),
    versionCreated: Number(versionCreated),
    revision: Number(revision),
    receivedAt: Number(receivedAt),
    digest: textOf(row, 'digest'),
    status: textOf(row, 'status') as Status,
    ...(row['embargoedUntil'] && { embargoedUntil: numberOf(row, 'embargoedUntil') }),
    ...causeIn(row),
    // Settle looks at many versions and shows one: only that one is worth unpacking. It holds what `versionRow` packed.
    get content() {
      return (content ??= unpackContent(packed) as C);
    },
  };
}

export function holdRow(hold: Hold): Row {
  return defined({
    articleId: text(hold.articleId),
    sk: text(holdKey(hold)),
    uri: text(hold.uri),
    receivedAt: number(hold.receivedAt),
    digest: text(hold.digest),
    kind: text(hold.kind),
    ...causeRow(hold.cause),
    actor: hold.actor === undefined ? undefined : text(hold.actor),
    reason: hold.reason === undefined ? undefined : text(hold.reason),
  });
}

export function holdOf(row: Row): Hold {
  return {
    articleId: textOf(row, 'articleId'),
    uri: textOf(row, 'uri'),
    receivedAt: numberOf(row, 'receivedAt'),
    digest: textOf(row, 'digest'),
    kind: textOf(row, 'kind') as Hold['kind'],
    ...causeIn(row),
    ...(row['actor']?.S !== undefined && { actor: row['actor'].S }),
    ...(row['reason']?.S !== undefined && { reason: row['reason'].S }),
  };
}

const optionalTexts = ['version', 'versionCreated', 'path', 'pathClash', 'pathTakenFrom', 'place', 'leftOut', 'source'] as const;

const settlementRow = ({ articleId, seq, change, settledAt, cause, told }: Settlement): Record<string, AttributeValue | undefined> => ({
  articleId: text(articleId),
  sk: text(headKey),
  seq: number(seq),
  change: text(change),
  settledAt: number(settledAt),
  ...causeRow(cause),
  told: told === undefined ? undefined : text(told),
});

const settlementOf = (row: Row): Settlement => ({
  articleId: textOf(row, 'articleId'),
  seq: numberOf(row, 'seq'),
  change: textOf(row, 'change') as Change,
  settledAt: numberOf(row, 'settledAt'),
  ...causeIn(row),
  ...(row['told']?.S !== undefined && { told: row['told'].S }),
});

/** What a card repeats of its head is not kept twice: most heads are one write unit for it. */
function impliedBy({ articleId, uri, path, versionCreated, place }: Partial<Head>): Partial<Card> {
  const implied = { articleId, uri, path, updated: versionCreated, firstPublished: place?.split('#')[0] };
  return Object.fromEntries(Object.entries(implied).filter(([, value]) => value !== undefined));
}

function leanCard(head: Head, card: Card): Partial<Card> {
  const implied: Readonly<Record<string, unknown>> = impliedBy(head);
  return Object.fromEntries(Object.entries(card).filter(([name, value]) => implied[name] !== value));
}

export function headRow(head: Head): Row {
  return defined({
    ...settlementRow(head),
    uri: text(head.uri),
    standing: text(head.standing),
    ...Object.fromEntries(optionalTexts.map((name) => [name, head[name] === undefined ? undefined : text(head[name])])),
    card: head.card && text(JSON.stringify(leanCard(head, head.card))),
    feeds: head.feeds && { L: head.feeds.map(text) },
    urgency: head.urgency === undefined ? undefined : number(head.urgency),
    warnings: head.warnings && text(JSON.stringify(head.warnings)),
  });
}

export function headOf(row: Row): Head {
  const head = {
    ...settlementOf(row),
    uri: textOf(row, 'uri'),
    standing: textOf(row, 'standing') as Head['standing'],
    ...Object.fromEntries(optionalTexts.flatMap((name) => (row[name]?.S === undefined ? [] : [[name, row[name].S]]))),
    ...(row['feeds']?.L && { feeds: row['feeds'].L.map((feed) => feed.S ?? '') }),
    ...(row['urgency'] && { urgency: numberOf(row, 'urgency') }),
    ...(row['warnings']?.S !== undefined && { warnings: JSON.parse(row['warnings'].S) as Warning[] }),
  };
  const card = row['card']?.S;
  return card === undefined ? head : { ...head, card: { ...impliedBy(head), ...cardIn(card) } };
}

export function frontHeadRow(head: FrontHead): Row {
  return defined({
    ...settlementRow(head),
    name: text(head.name),
    standing: text(head.standing),
    version: head.version === undefined ? undefined : text(head.version),
    versionCreated: head.versionCreated === undefined ? undefined : text(head.versionCreated),
  });
}

export function frontHeadOf(row: Row): FrontHead {
  return {
    ...settlementOf(row),
    name: textOf(row, 'name'),
    standing: textOf(row, 'standing') as FrontHead['standing'],
    ...(row['version']?.S !== undefined && { version: row['version'].S }),
    ...(row['versionCreated']?.S !== undefined && { versionCreated: row['versionCreated'].S }),
  };
}

/** The list of pulled pictures: a head, so that the stream tells of it. */
export const picturesPartition = 'pictures';

export function pulledRow({ seq, ids, cause }: PulledPictures): Row {
  return defined({
    articleId: text(picturesPartition),
    sk: text(headKey),
    seq: number(seq),
    // DynamoDB has no empty sets.
    ids: ids.size === 0 ? undefined : { SS: [...ids] },
    ...causeRow(cause),
  });
}

export function pulledOf(row: Row): PulledPictures {
  return { seq: numberOf(row, 'seq'), ids: new Set(row['ids']?.SS), ...causeIn(row) };
}

/** Sorts below every other row of its article, so that whoever reads an article from its oldest end meets it first. */
export const recordingKey = 'audio';

export function recordingRow(articleId: string, { seq, reading, tasks, startingAt }: Recording): Row {
  return defined({
    articleId: text(articleId),
    sk: text(recordingKey),
    seq: number(seq),
    reading: reading && text(JSON.stringify(reading)),
    tasks: tasks && text(JSON.stringify(tasks)),
    startingAt: startingAt === undefined ? undefined : number(startingAt),
  });
}

export function recordingOf(row: Row): Recording {
  return {
    seq: numberOf(row, 'seq'),
    ...(row['reading']?.S !== undefined && { reading: JSON.parse(row['reading'].S) as Reading }),
    ...(row['tasks']?.S !== undefined && { tasks: JSON.parse(row['tasks'].S) as Record<string, string> }),
    ...(row['startingAt'] && { startingAt: numberOf(row, 'startingAt') }),
  };
}

/** A card as a row holds it: written by Pressrun, so its shape is known. */
export function cardIn(json: string): Card {
  return JSON.parse(json) as Card;
}
