import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Issue } from '../field-schema.ts';
import type { Change } from '../article/head.ts';
import type { Clock } from '../clock.ts';
import type { PublishTraces } from '../trace/ports.ts';
import {
  dayMilliseconds,
  publishTraceDays,
  type FrontTrace,
  type LateStep,
  type Rejection,
  type TraceUpdate,
  type PublishTrace,
} from '../trace/publish-trace.ts';
import type { Warning } from '../article/warning.ts';
import { numberOf, textOf, textsOf } from './rows.ts';
import type { RowKind } from './row-kind.ts';
import type { Row, RowPage, Table } from './table.ts';

const texts = ['uri', 'correlationId', 'source'] as const;
const instants = ['receivedAt', 'settledAt', 'announcedAt', 'purgedAt', 'freshAt', 'lateAt'] as const;
const lists = ['feeds', 'late'] as const;

/** Named like the partitions of the days, so that the same IAM condition allows writing it. */
const frontsPartition = 'trail#fronts';

/** Publish traces in the articles table: a partition for each day, a row for each change, with a TTL. */
export class DynamoDbPublishTraces implements PublishTraces {
  readonly #table: Table;
  readonly #clock: Clock;

  constructor(table: Table, clock: Clock) {
    this.#table = table;
    this.#clock = clock;
  }

  async note(articleId: string, seq: number, update: TraceUpdate): Promise<PublishTrace> {
    const seen = Object.entries({ ...attributesOf(update), story: articleId, expiresAt: expiryOf(seq) });
    const row = await this.#table.update({
      type: 'trace',
      Key: { articleId: partitionOf('trail', seq), sk: `${instantText(seq)}#${articleId}` },
      UpdateExpression: `SET ${seen.map((_, index) => `#${index} = if_not_exists(#${index}, :${index})`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(seen.map(([name], index) => [`#${index}`, name])),
      ExpressionAttributeValues: Object.fromEntries(seen.map(([, value], index) => [`:${index}`, value])),
      ReturnValues: 'ALL_NEW',
    });
    return publishTraceOf(row);
  }

  async noteRejection({ eventId, source, uri, front, file, errors, refusedAt }: Rejection): Promise<void> {
    await this.#table.put({
      articleId: partitionOf('refused', refusedAt),
      sk: `${instantText(refusedAt)}#${eventId}`,
      type: 'rejection' satisfies RowKind,
      source,
      uri,
      front,
      file,
      errors: JSON.stringify(errors),
      expiresAt: expiryOf(refusedAt),
    });
  }

  async noteFront({ name, seq, change, changedAt }: FrontTrace): Promise<void> {
    await this.#table.putIf(
      { articleId: frontsPartition, sk: name, type: 'front-trace' satisfies RowKind, seq, change, changedAt },
      { expression: 'attribute_not_exists(sk) OR #seq < :seq', names: { '#seq': 'seq' }, values: { ':seq': seq } },
    );
  }

  async fronts(): Promise<readonly FrontTrace[]> {
    const rows = await this.#rows(frontsPartition, { ScanIndexForward: true });
    return rows.map((row) => ({
      name: textOf(row, 'sk'),
      seq: numberOf(row, 'seq'),
      change: textOf(row, 'change') as Change,
      changedAt: numberOf(row, 'changedAt'),
    }));
  }

  latest(limit: number, since?: number): Promise<readonly PublishTrace[]> {
    return this.#newest('trail', limit, publishTraceOf, since);
  }

  rejections(limit: number): Promise<readonly Rejection[]> {
    return this.#newest('refused', limit, rejectionOf);
  }

  async of(articleId: string): Promise<readonly PublishTrace[]> {
    const days = await Promise.all(
      this.#days().map(async (day) =>
        this.#rows(day, {
          // A filter expression must not use key attributes.
          FilterExpression: 'story = :story',
          ExpressionAttributeValues: { ':story': articleId },
        }),
      ),
    );
    return days.flat().map(publishTraceOf);
  }

  async #newest<Kept>(kind: Kind, limit: number, keptIn: (row: Row) => Kept, since = 0): Promise<readonly Kept[]> {
    const newest: Row[] = [];
    for (const day of this.#days(kind)) {
      if (newest.length >= limit || day < partitionOf(kind, since)) break;
      newest.push(
        ...(await this.#rows(day, {
          Limit: limit - newest.length,
          KeyConditionExpression: 'articleId = :partition AND sk >= :since',
          ExpressionAttributeValues: { ':since': instantText(since) },
        })),
      );
    }
    return newest.map(keptIn);
  }

  /** Starts with tomorrow: the `seq` of changes in quick succession can be ahead of the clock. */
  #days(kind: Kind = 'trail'): string[] {
    return Array.from({ length: publishTraceDays + 2 }, (_, day) =>
      partitionOf(kind, this.#clock.now() + (1 - day) * dayMilliseconds),
    );
  }

  /** Yields rows newest first, at most `limit` if it is given. */
  async #rows(partition: string, { ExpressionAttributeValues, ...query }: Partial<QueryCommandInput>): Promise<Row[]> {
    const rows: Row[] = [];
    let next: Row | undefined;
    do {
      const page: RowPage = await this.#table.query({
        ScanIndexForward: false,
        KeyConditionExpression: 'articleId = :partition',
        ExpressionAttributeValues: { ':partition': partition, ...ExpressionAttributeValues },
        ...query,
        ...(next && { ExclusiveStartKey: next }),
      });
      rows.push(...page.rows);
      next = page.next;
    } while (next && (query.Limit === undefined || rows.length < query.Limit));
    return rows;
  }
}

type Kind = 'trail' | 'refused';

function partitionOf(kind: Kind, instant: number): string {
  return `${kind}#${new Date(instant).toISOString().slice(0, 10)}`;
}

function instantText(instant: number): string {
  return String(instant).padStart(13, '0');
}

function expiryOf(instant: number): number {
  return Math.ceil((instant + publishTraceDays * dayMilliseconds) / 1000);
}

function attributesOf(update: TraceUpdate): Row {
  const row: Row = {};
  for (const name of [...texts, ...instants, ...lists, 'change'] as const)
    if (update[name] !== undefined) row[name] = update[name];
  if (update.audio) row['audio'] = true;
  if (update.warnings) row['warnings'] = JSON.stringify(update.warnings);
  return row;
}

function publishTraceOf(row: Row): PublishTrace {
  const [seq = '', articleId = ''] = textOf(row, 'sk').split('#');
  return {
    articleId,
    seq: Number(seq),
    ...(row['change'] !== undefined && { change: textOf(row, 'change') as Change }),
    ...(row['audio'] === true && { audio: true as const }),
    ...Object.fromEntries(texts.flatMap((name) => (row[name] === undefined ? [] : [[name, textOf(row, name)]]))),
    ...Object.fromEntries(instants.flatMap((name) => (row[name] === undefined ? [] : [[name, numberOf(row, name)]]))),
    ...(row['feeds'] !== undefined && { feeds: textsOf(row, 'feeds') }),
    // Written by this adapter, so its shape is known.
    ...(row['warnings'] !== undefined && { warnings: JSON.parse(textOf(row, 'warnings')) as Warning[] }),
    ...(row['late'] !== undefined && { late: textsOf(row, 'late') as LateStep[] }),
  };
}

function rejectionOf(row: Row): Rejection {
  const [refusedAt = '', eventId = ''] = textOf(row, 'sk').split('#');
  return {
    eventId,
    source: textOf(row, 'source'),
    ...(row['uri'] !== undefined && { uri: textOf(row, 'uri') }),
    ...(row['front'] !== undefined && { front: textOf(row, 'front') }),
    ...(row['file'] !== undefined && { file: textOf(row, 'file') }),
    // Written by this adapter, so its shape is known.
    errors: JSON.parse(textOf(row, 'errors')) as Issue[],
    refusedAt: Number(refusedAt),
  };
}
