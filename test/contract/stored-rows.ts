import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { DynamoDbArticles, DynamoDbFronts, DynamoDbPictures } from '../../shared/aws/dynamodb-articles.ts';
import type { DynamoDbFeeds } from '../../shared/aws/dynamodb-feeds.ts';
import { packContent, unpackContent, type Content } from '../../shared/article/version.ts';

/** A row as DynamoDB's own client has it. */
export type RawRow = Record<string, AttributeValue>;

/** A row as JSON. Binary values are in base64. */
export type StoredRow = Record<string, AttributeValue | { readonly B64: string }>;

export interface StoredRows {
  readonly articles: readonly StoredRow[];
  readonly feeds: readonly StoredRow[];
  /** The results of that day's adapters for these rows. */
  readonly readings: unknown;
}

export function storedRow(row: RawRow): StoredRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value.B === undefined ? value : { B64: Buffer.from(value.B).toString('base64') },
    ]),
  );
}

export function rowOf(stored: StoredRow): RawRow {
  return Object.fromEntries(
    Object.entries(stored).map(([name, value]) => [
      name,
      'B64' in value ? { B: Buffer.from(value.B64, 'base64') } : value,
    ]),
  );
}

export const fieldsOfTomorrow = { novelty: 'said by a release to come' };

/** The row as a later release may write it: with a higher schema number, and unknown fields in every object. */
export function rowOfTomorrow(row: RawRow): RawRow {
  const { content, card } = row;
  return {
    ...row,
    schema: { N: '2' },
    novelty: { M: { text: { S: fieldsOfTomorrow.novelty }, numbers: { L: [{ N: '7' }] } } },
    ...(content?.B && {
      content: { B: packContent(withFieldsOfTomorrow(JSON.stringify(unpackContent(content.B))) as Content) },
    }),
    ...(card?.S !== undefined && { card: { S: JSON.stringify(withFieldsOfTomorrow(card.S)) } }),
  };
}

/** The value of this JSON, with an unknown field in each of its objects. */
export function withFieldsOfTomorrow(json: string): unknown {
  return JSON.parse(json, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value, ...fieldsOfTomorrow } : value,
  );
}

interface Adapters {
  readonly articles: DynamoDbArticles;
  readonly fronts: DynamoDbFronts;
  readonly pictures: DynamoDbPictures;
  readonly feeds: DynamoDbFeeds;
}

/** Everything that the adapters say of these rows, as JSON. */
export async function readingsOf(
  { articles, fronts, pictures, feeds }: Adapters,
  rows: { readonly articles: readonly RawRow[]; readonly feeds: readonly RawRow[] },
): Promise<unknown> {
  const partitions = [...new Set(rows.articles.map((row) => row['articleId']?.S ?? ''))].sort();
  const readings: Record<string, unknown> = {};
  for (const id of partitions) {
    if (id.startsWith('path#')) readings[id] = await articles.pathOwner(id.slice('path#'.length));
    else if (id.startsWith('front#')) readings[id] = await dossierOf(fronts, id);
    else if (id === 'pictures') readings[id] = [...(await pictures.pulled()).ids].sort();
    else if (!id.includes('#')) readings[id] = await dossierOf(articles, id);
  }
  for (const feed of [...new Set(rows.feeds.map((row) => row['feedId']?.S ?? ''))]
    .filter((feed) => !feed.includes('#'))
    .sort())
    readings[feed] = await feeds.page(feed, 100, undefined);
  return JSON.parse(JSON.stringify(readings));
}

async function dossierOf(store: DynamoDbArticles | DynamoDbFronts, id: string): Promise<object> {
  const { head, holds, oldestFirst } = await store.open(id);
  const versions: object[] = [];
  for await (const version of oldestFirst) versions.push({ ...version, content: version.content });
  return { head, holds, versions };
}
