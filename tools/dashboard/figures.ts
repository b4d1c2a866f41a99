import { beganAt, lagOf, percentile, type PublishTrace } from '../../shared/trace/publish-trace.ts';
import type { Period } from './filter.ts';

/** A value at an instant (epoch ms). Undefined: there was nothing to measure. */
export interface Point {
  readonly at: number;
  readonly value: number | undefined;
}

/** The width of the buckets of each period, in minutes: 60 to 72 buckets. */
const bucketMinutes: Readonly<Record<Period, number>> = { 1: 1, 6: 5, 24: 20 };

export interface Buckets {
  readonly from: number;
  readonly to: number;
  readonly minutes: number;
  /** The beginnings of the buckets, epoch ms. */
  readonly starts: readonly number[];
}

/** Returns the buckets of the period that ends now. They begin at whole minutes, so that they stay while time passes. */
export function bucketsOf(hours: Period, now: number): Buckets {
  const minutes = bucketMinutes[hours];
  const width = minutes * 60_000;
  const to = (Math.floor(now / width) + 1) * width;
  const from = to - hours * 3_600_000;
  return { from, to, minutes, starts: Array.from({ length: (to - from) / width }, (_, index) => from + index * width) };
}

/** Groups things by the bucket of their instant. */
function grouped<Thing>(
  { starts, minutes }: Buckets,
  things: readonly Thing[],
  instantOf: (thing: Thing) => number,
): readonly { readonly at: number; readonly things: readonly Thing[] }[] {
  const width = minutes * 60_000;
  const byStart = Map.groupBy(things, (thing) => Math.floor(instantOf(thing) / width) * width);
  return starts.map((at) => ({ at, things: byStart.get(at) ?? [] }));
}

/** Returns the changes that the newsroom waits for: all but audio, which Pressrun makes itself. */
export function published(traces: readonly PublishTrace[]): PublishTrace[] {
  return traces.filter(({ audio }) => audio !== true);
}

/** Returns the share of the times to the reader in each bucket, in seconds. */
export function latencies(buckets: Buckets, traces: readonly PublishTrace[], share: number): Point[] {
  return grouped(buckets, published(traces), beganAt).map(({ at, things }) => {
    const value = percentile(
      things.flatMap((trace) => lagOf(trace) ?? []),
      share,
    );
    return { at, value: value === undefined ? undefined : value / 1000 };
  });
}

/** Returns the number of changes a minute in each bucket. */
export function publishRates(buckets: Buckets, traces: readonly PublishTrace[]): Point[] {
  return grouped(buckets, published(traces), beganAt).map(({ at, things }) => ({
    at,
    value: things.length / buckets.minutes,
  }));
}

/** Requests of readers that came to the edge in one minute or more, and how many of them the origin answered. */
export interface EdgeRequests {
  readonly at: number;
  readonly requests: number;
  readonly fromOrigin: number;
}

/** Returns the share of the requests that the edge answered from its cache in each bucket, in per cent. */
export function hitRatios(buckets: Buckets, requests: readonly EdgeRequests[]): Point[] {
  return grouped(buckets, requests, ({ at }) => at).map(({ at, things }) => ({ at, value: hitRatioOf(things) }));
}

/** The same of all of them. Undefined without requests. */
export function hitRatioOf(requests: readonly EdgeRequests[]): number | undefined {
  const [all, origin] = requests.reduce(
    ([sum, missed], each) => [sum + each.requests, missed + each.fromOrigin],
    [0, 0],
  );
  // CloudWatch counts the two in different services, so a bucket may have more answers of the origin than requests.
  return all === 0 ? undefined : 100 * Math.max(0, 1 - origin / all);
}
