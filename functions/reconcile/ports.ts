import type { Announcer } from '../../shared/events/ports.ts';
import type { Archive, ScheduleIndex } from '../../shared/article/ports.ts';
import type { DriftMeter, Jobs } from '../../shared/job.ts';
import type { FeedRows } from '../../shared/feed/ports.ts';
import type { NarrationQueue } from '../../shared/audio/ports.ts';
import type { PurgeRequests } from '../../shared/purge/ports.ts';
import type { SettlePorts } from '../../shared/article/settle-article.ts';
import type { DryRunPorts } from './dry-run.ts';

export interface ReconcilePorts extends SettlePorts, DryRunPorts {
  readonly archive: Archive;
  readonly feedRows: FeedRows;
  readonly scheduleIndex: ScheduleIndex;
  readonly jobs: Jobs;
  readonly purgeRequests: PurgeRequests;
  readonly driftMeter: DriftMeter;
  readonly announcer: Announcer;
  /** Absent if there is no text-to-speech. */
  readonly narrationQueue?: NarrationQueue | undefined;
  /** Called for each article that could not be checked. */
  readonly report: (error: unknown, articleId: string) => void;
}
