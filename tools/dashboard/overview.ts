import type { PublishTrace } from '../../shared/trace/publish-trace.ts';
import type { Connection } from '../cli/connection.ts';
import { explained } from '../cli/explained.ts';
import { statusOf, type NamedPublishTrace, type Status } from '../cli/status.ts';
import { warningCounts, type WarningCount } from '../cli/warnings.ts';
import type { EdgeMetrics, EdgeMetricsOf } from './edge-metrics.ts';
import { bucketsOf, type Buckets } from './figures.ts';
import { choicesIn, isOf, isRejectionOf, waitsFor, type Filter, type Waiting } from './filter.ts';

/** How many changes are read for the charts. */
export const maxTraces = 1000;
const maxChanges = 100;

/** Everything that the overview shows: of the changes that the filter names, and the queues. */
export interface Overview {
  readonly filter: Filter;
  readonly choices: ReturnType<typeof choicesIn>;
  readonly buckets: Buckets;
  readonly now: number;
  /** Newest first. */
  readonly traces: readonly PublishTrace[];
  /** Whether there may be older changes of the period that were not read. */
  readonly isCut: boolean;
  /** The newest of them, with the stories' present headlines. */
  readonly changes: readonly NamedPublishTrace[];
  /** Those on their way, oldest first, and what they wait for. */
  readonly inFlight: readonly { readonly change: NamedPublishTrace; readonly waiting: Waiting }[];
  readonly rejections: Status['rejections'];
  readonly queues: Status['queues'];
  readonly warnings: readonly WarningCount[];
  /** Undefined: nothing counts, or the counts could not be read. */
  readonly edge: EdgeMetrics | undefined;
  readonly edgeError?: string;
}

export interface OverviewSources {
  readonly connection: Connection;
  readonly edgeMetrics: EdgeMetricsOf;
}

export async function overviewOf(
  { connection, edgeMetrics }: OverviewSources,
  filter: Filter,
  now: number,
  when: (instant: number) => string,
): Promise<Overview> {
  const buckets = bucketsOf(filter.hours, now);
  const counts = edgeMetrics(filter.hours, buckets.minutes, now).then(
    (edge) => ({ edge }),
    (error: unknown) => ({ edge: undefined, edgeError: explained(error).message }),
  );
  // A change is settled after it began, so those that began in the period have their `seq` in it.
  const read = await connection.publishTraces.latest(maxTraces, now - filter.hours * 3_600_000);
  const traces = read.filter((trace) => isOf(filter, trace, now));
  const { changes, rejections, queues } = await statusOf(connection, when, traces.slice(0, maxChanges));
  return {
    filter,
    choices: choicesIn(read, rejections),
    buckets,
    now,
    traces,
    isCut: read.length === maxTraces,
    changes,
    inFlight: changes.toReversed().flatMap((change) => {
      const waiting = waitsFor(change, now);
      return waiting === undefined ? [] : [{ change, waiting }];
    }),
    rejections: rejections.filter((rejection) => isRejectionOf(filter, rejection, now)),
    queues,
    warnings: warningCounts(traces),
    ...(await counts),
  };
}
