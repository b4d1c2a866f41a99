import { dollarsAPath } from '../../shared/purge/purge-budget.ts';

/** A national newsroom: 1,600 changes a day, of which in a burst so many a second; readers ask the CDN for so much a second when news breaks. */
export interface NationalLoad {
  readonly changesASecond: number;
  readonly readsASecond: number;
}

/** The work of one change and of one second of reading, as measured in the newsroom day and on the local stack. */
export interface Measured {
  readonly pathsAChange: number;
  /** Of readers' requests, those that the CDN asks the origin. */
  readonly fillShare: number;
  readonly milliseconds: { readonly deliver: number; readonly project: number; readonly store: number };
  readonly eventsAChange: number;
  /** Of a change, to the articles table: all to one partition. */
  readonly writeUnitsAChange: number;
  readonly readUnitsAList: number;
}

export interface Limit {
  readonly what: string;
  /** AWS’s default quota, or the stack’s own bound. */
  readonly limit: number;
  readonly unit: string;
  /** The part of the limit that a multiple of the load uses. */
  readonly used: (times: number) => number;
  readonly turn: string;
  readonly costs: string;
}

/** CloudFront completes an invalidation within 25 s (p95). */
const completionSeconds = 25;
const windowSeconds = 2;
const listSeconds = 10;
/** CloudFront asks once for an address, from each of its regions, until the answer is purged or runs out: fills don't grow with readers for ever. */
const regions = 13;
const listAddresses = 300;
const latestAddresses = 6;
/** Of the fills, those that read the feed `latest`. */
const latestShare = 0.4;

/** Each of AWS's quotas, the part of it that these newsrooms use together in a burst, and the setting to change. */
export function limitsOf({ changesASecond, readsASecond }: NationalLoad, measured: Measured): Limit[] {
  const { pathsAChange, fillShare, milliseconds, eventsAChange, writeUnitsAChange, readUnitsAList } = measured;
  const changes = (times: number): number => times * changesASecond;
  const flushes = (times: number): number => Math.min(changes(times), 1 / windowSeconds);
  const fills = (times: number, addresses: number, share: number): number =>
    Math.min(times * readsASecond * fillShare * share, addresses * regions * (flushes(times) + 1 / listSeconds));
  return [
    {
      what: 'writes to one partition: the feed `latest`',
      limit: 1000,
      unit: 'write units/s',
      used: changes,
      turn: 'split `latest` by the hour: a list then reads two partitions',
      costs: 'a read unit a list',
    },
    {
      what: 'writes to one story, if the whole burst is one live blog',
      limit: 1000,
      unit: 'write units/s',
      used: (times) => changes(times) * writeUnitsAChange,
      turn: 'nothing: a thousand newsrooms do not write to one story',
      costs: '–',
    },
    {
      what: 'the stream: ten batches of a shard at the same time',
      limit: 10 / (milliseconds.project / 1000),
      unit: 'changes/s a shard',
      used: changes,
      turn: 'nothing: the number of shards grows with the partitions of the table, and a batch has up to 100 changes',
      costs: '–',
    },
    {
      what: '`store`: 50 functions of ten events',
      limit: 50 / (milliseconds.store / 1000),
      unit: 'changes/s',
      used: changes,
      turn: 'raise `maxConcurrency` in `infra/store.ts`, up to 1,000',
      costs: 'nothing by itself',
    },
    {
      what: 'PutEvents of a bus in us-east-1',
      limit: 10_000,
      unit: 'events/s',
      used: (times) => changes(times) * eventsAChange,
      turn: 'ask AWS for a higher quota',
      costs: '$1 a million events',
    },
    {
      what: 'invalidations in progress',
      limit: 3000,
      unit: 'paths',
      // All lists are one path a flush; pages add up.
      used: (times) => (changes(times) * Math.max(0, pathsAChange - 1) + flushes(times)) * completionSeconds,
      turn: 'set `lists=ttl`: only withdrawals are purged. Until then purges wait in their queue, and readers see a change up to 90 s late',
      costs: `nothing: it saves $${dollarsAPath} a path`,
    },
    {
      what: 'functions at the same time, in a rush of readers',
      limit: 1000,
      unit: 'functions',
      used: (times) => fills(times, listAddresses, 1) * (milliseconds.deliver / 1000),
      turn: 'use Origin Shield (`lists=ttl`), then ask AWS for a higher quota',
      costs: '$0.75 a million fills',
    },
    {
      what: 'reads of one partition: the feed `latest`',
      limit: 3000,
      unit: 'read units/s',
      used: (times) => fills(times, latestAddresses, latestShare) * readUnitsAList,
      turn: 'use Origin Shield (`lists=ttl`)',
      costs: '$0.75 a million fills',
    },
  ];
}

export interface LimitRow extends Limit {
  /** Of the limit, at so many times the load: above 1 it gives. */
  readonly at: Readonly<Record<number, number>>;
}

export const multiples = [1, 10, 100, 1000] as const;

/** Sorted by the share of the quota in use: the first to be exceeded comes first. */
export function limitTable(load: NationalLoad, measured: Measured): LimitRow[] {
  return limitsOf(load, measured)
    .map((limit) => ({
      ...limit,
      at: Object.fromEntries(multiples.map((times) => [times, limit.used(times) / limit.limit])),
    }))
    .sort((a, b) => (b.at[1000] ?? 0) - (a.at[1000] ?? 0));
}
