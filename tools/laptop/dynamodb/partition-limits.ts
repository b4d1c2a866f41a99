import type { Input } from 'dynalite';
import { accountId, region } from '../cloudformation/template.ts';

/**
 * Units that one partition serves in a second, in on-demand mode too (DynamoDB's developer guide, "Designing partition
 * keys to distribute your workload"). Burst capacity does not raise them, AWS's knowledge centre says.
 */
const unitsEachSecond = { Read: 3000, Write: 1000 } as const;

type Kind = keyof typeof unitsEachSecond;

/** Operations on rows of one partition key value. */
const kinds: ReadonlyMap<string, Kind> = new Map([
  ['GetItem', 'Read'],
  ['Query', 'Read'],
  ['PutItem', 'Write'],
  ['UpdateItem', 'Write'],
  ['DeleteItem', 'Write'],
]);

/** The limit of one partition key value for one kind of request. */
export interface PartitionLimit {
  /** AWS's answer if the units of this second are used up. */
  readonly refusal: () => Readonly<Record<string, unknown>> | undefined;
  readonly charge: (units: number) => void;
}

/**
 * The limits of one partition under load, kept by partition key value. Units are counted by whole seconds. A request is
 * served while any unit is left, since its own units are only known afterwards.
 */
export class PartitionLimits {
  readonly #partitionKeys: ReadonlyMap<string, string>;
  readonly #now: () => number;
  #second = 0;
  readonly #used = new Map<string, number>();

  /** `partitionKeys`: names of the partition keys by table. */
  constructor(partitionKeys: ReadonlyMap<string, string>, now: () => number = Date.now) {
    this.#partitionKeys = partitionKeys;
    this.#now = now;
  }

  /** Returns no limit for requests that concern several partitions or an index. */
  of(operation: string, request: Input): PartitionLimit | undefined {
    const kind = kinds.get(operation);
    const { TableName: table = '', IndexName: index, Item, Key, KeyConditions } = request;
    const name = this.#partitionKeys.get(table);
    if (kind === undefined || name === undefined || index !== undefined) return undefined;
    const value = (Item ?? Key)?.[name] ?? KeyConditions?.[name]?.AttributeValueList[0];
    const partition = `${kind} ${table} ${JSON.stringify(value)}`;
    return {
      refusal: () => (this.#usedNow(partition) < unitsEachSecond[kind] ? undefined : throttled(kind, table)),
      charge: (units) => {
        this.#used.set(partition, this.#usedNow(partition) + units);
      },
    };
  }

  #usedNow(partition: string): number {
    const second = Math.floor(this.#now() / 1000);
    if (second !== this.#second) this.#used.clear();
    this.#second = second;
    return this.#used.get(partition) ?? 0;
  }
}

/** On-demand tables answer with this exception, which SDKs retry as throttling. */
function throttled(kind: Kind, table: string): Readonly<Record<string, unknown>> {
  return {
    __type: 'com.amazonaws.dynamodb.v20120810#ThrottlingException',
    message:
      'Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or index so please try again shortly. If exceptions persist, check if you have a hot key.',
    throttlingReasons: [
      {
        reason: `Table${kind}KeyRangeThroughputExceeded`,
        resource: `arn:aws:dynamodb:${region}:${accountId}:table/${table}`,
      },
    ],
  };
}
