import type { AttributeValue, QueryCommandInput } from '@aws-sdk/client-dynamodb';
import type { Fault } from '../announcement.ts';
import type { Change } from '../head.ts';
import type { Clock, Trails } from '../ports.ts';
import { dayMilliseconds, trailDays, type LateStep, type Refusal, type Sighting, type Trail } from '../trail.ts';
import type { Warning } from '../warning.ts';
import type { DynamoDb, RowPage } from './dynamodb.ts';
import { numberOf, textOf, type Row } from './rows.ts';

const texts = ['uri', 'correlationId', 'source'] as const;
const instants = ['receivedAt', 'settledAt', 'announcedAt', 'purgedAt', 'freshAt', 'lateAt'] as const;
const lists = ['feeds', 'late'] as const;

/** Trails in the articles table: a partition for each day, a row for each change. They go by themselves. */
export class DynamoDbTrails implements Trails {
  readonly #dynamoDb: DynamoDb;
  readonly #table: string;
  readonly #clock: Clock;

  constructor(dynamoDb: DynamoDb, table: string, clock: Clock) {
    this.#dynamoDb = dynamoDb;
    this.#table = table;
    this.#clock = clock;
  }

  async note(articleId: string, seq: number, sighting: Sighting): Promise<Trail> {
    const seen = Object.entries({ ...attributesOf(sighting), story: { S: articleId }, expiresAt: expiryOf(seq) });
    const row = await this.#dynamoDb.updateItem({
      TableName: this.#table,
      Key: { articleId: { S: partitionOf('trail', seq) }, sk: { S: `${instantText(seq)}#${articleId}` } },
      UpdateExpression: `SET ${seen.map((_, index) => `#${index} = if_not_exists(#${index}, :${index})`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(seen.map(([name], index) => [`#${index}`, name])),
      ExpressionAttributeValues: Object.fromEntries(seen.map(([, value], index) => [`:${index}`, value])),
      ReturnValues: 'ALL_NEW',
    });
    return trailOf(row);
  }

  async noteRefusal({ eventId, source, uri, errors, refusedAt }: Refusal): Promise<void> {
    await this.#dynamoDb.putItem({
      TableName: this.#table,
      Item: {
        articleId: { S: partitionOf('refused', refusedAt) },
        sk: { S: `${instantText(refusedAt)}#${eventId}` },
        source: { S: source },
        ...(uri !== undefined && { uri: { S: uri } }),
        errors: { S: JSON.stringify(errors) },
        expiresAt: expiryOf(refusedAt),
      },
    });
  }

  latest(limit: number): Promise<readonly Trail[]> {
    return this.#newest('trail', limit, trailOf);
  }

  refusals(limit: number): Promise<readonly Refusal[]> {
    return this.#newest('refused', limit, refusalOf);
  }

  async of(articleId: string): Promise<readonly Trail[]> {
    const days = await Promise.all(
      this.#days().map(async (day) =>
        this.#rows(day, {
          // A filter may not look at keys.
          FilterExpression: 'story = :story',
          ExpressionAttributeValues: { ':story': { S: articleId } },
        }),
      ),
    );
    return days.flat().map(trailOf);
  }

  async #newest<Kept>(kind: Kind, limit: number, keptIn: (row: Row) => Kept): Promise<readonly Kept[]> {
    const newest: Row[] = [];
    for (const day of this.#days(kind)) {
      if (newest.length >= limit) break;
      newest.push(...(await this.#rows(day, { Limit: limit - newest.length })));
    }
    return newest.map(keptIn);
  }

  /** From tomorrow: a hurried change is ahead of the clock. */
  #days(kind: Kind = 'trail'): string[] {
    return Array.from({ length: trailDays + 2 }, (_, day) => partitionOf(kind, this.#clock.now() + (1 - day) * dayMilliseconds));
  }

  /** Newest first; with a limit, no more than that. */
  async #rows(partition: string, { ExpressionAttributeValues, ...query }: Partial<QueryCommandInput>): Promise<Row[]> {
    const rows: Row[] = [];
    let next: Row | undefined;
    do {
      const page: RowPage = await this.#dynamoDb.query({
        TableName: this.#table,
        ScanIndexForward: false,
        KeyConditionExpression: 'articleId = :partition',
        ExpressionAttributeValues: { ':partition': { S: partition }, ...ExpressionAttributeValues },
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

function expiryOf(instant: number): AttributeValue {
  return { N: String(Math.ceil((instant + trailDays * dayMilliseconds) / 1000)) };
}

function attributesOf(sighting: Sighting): Row {
  const row: Row = {};
  for (const name of [...texts, 'change'] as const) if (sighting[name] !== undefined) row[name] = { S: sighting[name] };
  if (sighting.audio) row['audio'] = { BOOL: true };
  for (const name of instants) if (sighting[name] !== undefined) row[name] = { N: String(sighting[name]) };
  for (const name of lists) if (sighting[name] !== undefined) row[name] = { L: sighting[name].map((text) => ({ S: text })) };
  if (sighting.warnings) row['warnings'] = { S: JSON.stringify(sighting.warnings) };
  return row;
}

function trailOf(row: Row): Trail {
  const [seq = '', articleId = ''] = textOf(row, 'sk').split('#');
  return {
    articleId,
    seq: Number(seq),
    ...(row['change']?.S !== undefined && { change: row['change'].S as Change }),
    ...(row['audio']?.BOOL === true && { audio: true as const }),
    ...Object.fromEntries(texts.flatMap((name) => (row[name] === undefined ? [] : [[name, textOf(row, name)]]))),
    ...Object.fromEntries(instants.flatMap((name) => (row[name] === undefined ? [] : [[name, numberOf(row, name)]]))),
    ...(row['feeds']?.L && { feeds: textsIn(row['feeds'].L) }),
    // Written by this adapter, so its shape is known.
    ...(row['warnings']?.S !== undefined && { warnings: JSON.parse(row['warnings'].S) as Warning[] }),
    ...(row['late']?.L && { late: textsIn(row['late'].L) as LateStep[] }),
  };
}

function textsIn(list: readonly AttributeValue[]): string[] {
  return list.map(({ S = '' }) => S);
}

function refusalOf(row: Row): Refusal {
  const [refusedAt = '', eventId = ''] = textOf(row, 'sk').split('#');
  return {
    eventId,
    source: textOf(row, 'source'),
    ...(row['uri']?.S !== undefined && { uri: row['uri'].S }),
    // Written by this adapter, so its shape is known.
    errors: JSON.parse(textOf(row, 'errors')) as Fault[],
    refusedAt: Number(refusedAt),
  };
}
