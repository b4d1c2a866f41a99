import type { Card } from '../article/card.ts';
import type { Origin } from '../article/origin.ts';
import type { PulledPictures } from '../picture/pulled-pictures.ts';
import type { SynthesisJob, AudioRendition } from '../audio/audio-rendition.ts';
import type { Change, FrontHead, Head, Settlement } from '../article/head.ts';
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
} from '../article/version.ts';
import type { Warning } from '../article/warning.ts';
import type { RowKind } from './row-kind.ts';
import type { Row } from './table.ts';

/** Thrown for a row that lacks a required attribute: it was not written by Pressrun, or there is a bug. */
class MalformedRow extends Error {
  override readonly name = 'MalformedRow';
}

export const headKey = 'head';
export const changesPartition = (day: string): string => `changes#${day}`;
export const pathPartition = (path: string): string => `path#${path}`;

export function textOf(row: Row, name: string): string {
  const value: unknown = row[name];
  if (typeof value !== 'string') throw new MalformedRow(`${name} is not a string`);
  return value;
}

export function numberOf(row: Row, name: string): number {
  const value: unknown = row[name];
  if (typeof value !== 'number') throw new MalformedRow(`${name} is not a number`);
  return value;
}

export function optionalText(row: Row, name: string): string | undefined {
  return row[name] === undefined ? undefined : textOf(row, name);
}

export function textsOf(row: Row, name: string): string[] {
  const value: unknown = row[name];
  if (!Array.isArray(value)) throw new MalformedRow(`${name} is not a list`);
  return value.map(String);
}

const originRow = ({ correlationId, replay }: Partial<Origin> = {}): Row => ({ correlationId, replay });

/** Rows of early releases have no origin. */
function originIn(row: Row): { readonly origin?: Origin } {
  if (row['correlationId'] === undefined) return {};
  return {
    origin: {
      correlationId: textOf(row, 'correlationId'),
      ...(row['replay'] !== undefined && { replay: textOf(row, 'replay') }),
    },
  };
}

export function versionRow(version: Version<Content | FrontContent>): Row {
  const { articleId, digest, status, embargoedUntil, origin, content } = version;
  return {
    articleId,
    sk: versionKey(version),
    type: ('front' in content ? 'front-version' : 'version') satisfies RowKind,
    digest,
    status,
    embargoedUntil,
    ...originRow(origin),
    content: packContent(content),
  };
}

export function versionOf<C extends Content | FrontContent = Content>(row: Row): Version<C> {
  const [, versionCreated, revision, receivedAt] = textOf(row, 'sk').split('#');
  const packed: unknown = row['content'];
  if (!(packed instanceof Uint8Array)) throw new MalformedRow('content is not binary');
  let content: C | undefined;
  return {
    articleId: textOf(row, 'articleId'),
    versionCreated: Number(versionCreated),
    revision: Number(revision),
    receivedAt: Number(receivedAt),
    digest: textOf(row, 'digest'),
    status: textOf(row, 'status') as Status,
    ...(row['embargoedUntil'] !== undefined && { embargoedUntil: numberOf(row, 'embargoedUntil') }),
    ...originIn(row),
    // Settle reads many versions and shows one, so the content is unpacked on first use.
    get content() {
      return (content ??= unpackContent(packed) as C);
    },
  };
}

export function holdRow(hold: Hold): Row {
  const { articleId, uri, receivedAt, digest, kind, origin, actor, reason } = hold;
  const type: RowKind = 'hold';
  return { articleId, sk: holdKey(hold), type, uri, receivedAt, digest, kind, ...originRow(origin), actor, reason };
}

export function holdOf(row: Row): Hold {
  return {
    articleId: textOf(row, 'articleId'),
    uri: textOf(row, 'uri'),
    receivedAt: numberOf(row, 'receivedAt'),
    digest: textOf(row, 'digest'),
    kind: textOf(row, 'kind') as Hold['kind'],
    ...originIn(row),
    ...(row['actor'] !== undefined && { actor: textOf(row, 'actor') }),
    ...(row['reason'] !== undefined && { reason: textOf(row, 'reason') }),
  };
}

const optionalTexts = [
  'version',
  'versionCreated',
  'path',
  'pathClash',
  'continuedBy',
  'pathTakenFrom',
  'pathLeft',
  'place',
  'leftOut',
  'source',
  'liveStory',
  'profileOf',
] as const;

const settlementRow = (type: RowKind, { articleId, seq, change, settledAt, origin }: Settlement): Row => ({
  articleId,
  sk: headKey,
  type,
  seq,
  change,
  settledAt,
  ...originRow(origin),
});

const settlementOf = (row: Row): Settlement => ({
  articleId: textOf(row, 'articleId'),
  seq: numberOf(row, 'seq'),
  change: textOf(row, 'change') as Change,
  settledAt: numberOf(row, 'settledAt'),
  ...originIn(row),
});

/**
 * Returns the card fields that repeat fields of the head. They are not stored twice: with them, most heads would cost a
 * second write unit.
 */
function impliedBy({ articleId, uri, path, versionCreated, place }: Partial<Head>): Partial<Card> {
  const implied = { articleId, uri, path, updated: versionCreated, firstPublished: place?.split('#')[0] };
  return Object.fromEntries(Object.entries(implied).filter(([, value]) => value !== undefined));
}

function leanCard(head: Head, card: Card): Partial<Card> {
  const implied: Readonly<Record<string, unknown>> = impliedBy(head);
  return Object.fromEntries(Object.entries(card).filter(([name, value]) => implied[name] !== value));
}

/** Rows keep the names `standing` and `dark` of the first release. */
const visibilityRow = (visibility: Head['visibility']): Row => ({
  standing: visibility === 'hidden' ? 'dark' : visibility,
});

function visibilityIn(row: Row): Head['visibility'] {
  const stored = textOf(row, 'standing');
  return stored === 'dark' ? 'hidden' : (stored as Head['visibility']);
}

export function headRow(head: Head): Row {
  const { uri, visibility, card, feeds, urgency, warnings } = head;
  return {
    ...settlementRow('head', head),
    uri,
    ...visibilityRow(visibility),
    ...Object.fromEntries(optionalTexts.map((name) => [name, head[name]])),
    card: card && JSON.stringify(leanCard(head, card)),
    feeds,
    urgency,
    warnings: warnings && JSON.stringify(warnings),
  };
}

export function headOf(row: Row): Head {
  const head = {
    ...settlementOf(row),
    uri: textOf(row, 'uri'),
    visibility: visibilityIn(row),
    ...Object.fromEntries(
      optionalTexts.flatMap((name) => (row[name] === undefined ? [] : [[name, textOf(row, name)]])),
    ),
    ...(row['feeds'] !== undefined && { feeds: textsOf(row, 'feeds') }),
    ...(row['urgency'] !== undefined && { urgency: numberOf(row, 'urgency') }),
    // Written by this adapter, so its shape is known.
    ...(row['warnings'] !== undefined && { warnings: JSON.parse(textOf(row, 'warnings')) as Warning[] }),
  };
  const card = optionalText(row, 'card');
  return card === undefined ? head : { ...head, card: { ...impliedBy(head), ...cardIn(card) } };
}

export function frontHeadRow(head: FrontHead): Row {
  const { name, visibility, version, versionCreated } = head;
  return { ...settlementRow('front-head', head), name, ...visibilityRow(visibility), version, versionCreated };
}

export function frontHeadOf(row: Row): FrontHead {
  return {
    ...settlementOf(row),
    name: textOf(row, 'name'),
    visibility: visibilityIn(row),
    ...(row['version'] !== undefined && { version: textOf(row, 'version') }),
    ...(row['versionCreated'] !== undefined && { versionCreated: textOf(row, 'versionCreated') }),
  };
}

/** The list of pulled pictures is stored as a head, so that the stream delivers its changes. */
export const picturesPartition = 'pictures';

export function pulledRow({ seq, ids, origin }: PulledPictures): Row {
  // DynamoDB has no empty sets.
  return {
    articleId: picturesPartition,
    sk: headKey,
    type: 'pulled-pictures' satisfies RowKind,
    seq,
    ids: ids.size === 0 ? undefined : new Set(ids),
    ...originRow(origin),
  };
}

export function pulledOf(row: Row): PulledPictures {
  const ids: unknown = row['ids'];
  return { seq: numberOf(row, 'seq'), ids: new Set(ids instanceof Set ? [...ids].map(String) : []), ...originIn(row) };
}

/** Sorts below every other row of its article, so a query from the oldest end returns it first. */
export const synthesisJobKey = 'audio';

export function synthesisJobRow(articleId: string, { seq, rendition, tasks, startingAt }: SynthesisJob): Row {
  return {
    articleId,
    sk: synthesisJobKey,
    type: 'audio' satisfies RowKind,
    seq,
    // The name of the first release.
    reading: rendition && JSON.stringify(rendition),
    tasks: tasks && JSON.stringify(tasks),
    startingAt,
  };
}

export function synthesisJobOf(row: Row): SynthesisJob {
  const [rendition, tasks] = [optionalText(row, 'reading'), optionalText(row, 'tasks')];
  return {
    seq: numberOf(row, 'seq'),
    ...(rendition !== undefined && { rendition: JSON.parse(rendition) as AudioRendition }),
    ...(tasks !== undefined && { tasks: JSON.parse(tasks) as Record<string, string> }),
    ...(row['startingAt'] !== undefined && { startingAt: numberOf(row, 'startingAt') }),
  };
}

/** Parses a card of a row. Pressrun wrote it, so its shape is known. */
export function cardIn(json: string): Card {
  return JSON.parse(json) as Card;
}
