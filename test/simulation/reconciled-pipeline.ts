import { reconcile } from '../../functions/reconcile/reconcile.ts';
import { IndexedSettleSchedule } from '../../shared/article/indexed-settle-schedule.ts';
import { MemoryArchive, MemoryDriftMeter, MemoryScheduleIndex, MemoryJobs } from '../fakes/memory-reconcile.ts';
import { MemorySettleSchedule } from '../fakes/memory-messages.ts';
import { MemoryNarrationQueue } from '../fakes/memory-speech.ts';
import type { Job, JobMode } from '../../shared/job.ts';
import type { ScheduleIndex } from '../../shared/article/ports.ts';
import { Pipeline } from './pipeline.ts';

/** Schedules settles as the functions do: in the schedule index first, then the settle itself. */
class ListedMemoryCalls extends MemorySettleSchedule {
  readonly #listed: IndexedSettleSchedule;

  constructor(scheduleIndex: ScheduleIndex) {
    super();
    this.#listed = new IndexedSettleSchedule(scheduleIndex, {
      settleAt: async (articleId, instant) => super.settleAt(articleId, instant),
    });
  }

  override async settleAt(articleId: string, instant: number): Promise<void> {
    await this.#listed.settleAt(articleId, instant);
  }
}

/** The pipeline with `reconcile` in it. */
export class ReconciledPipeline extends Pipeline {
  readonly scheduleIndex = new MemoryScheduleIndex();
  override readonly settleSchedule = new ListedMemoryCalls(this.scheduleIndex);
  readonly archive = new MemoryArchive(this.articles, this.fronts);
  readonly feedRows = this.feeds;
  readonly jobs = new MemoryJobs();
  readonly driftMeter = new MemoryDriftMeter();
  readonly narrationQueue = new MemoryNarrationQueue();
  readonly reported: string[] = [];
  readonly report = (_: unknown, articleId: string): void => {
    this.reported.push(articleId);
  };

  #messages = 0;

  /** Processes one message and the stream's records of its changes. Every invocation ends after one page. */
  async message(body: unknown, { messageId = `m${(this.#messages += 1)}`, again = false } = {}): Promise<void> {
    await reconcile(this, JSON.stringify(body), { messageId, again }, -Infinity);
    await this.projectNews(true);
  }

  /** Runs a job from its first page to its last. */
  async walk(start: JobMode, { announce = false } = {}): Promise<Job> {
    const messageId = `pass-${(this.#messages += 1)}`;
    await this.message({ start, announce }, { messageId });
    for (let jobId = this.jobs.toContinue.shift(); jobId !== undefined; jobId = this.jobs.toContinue.shift())
      await this.message({ passId: jobId });
    const job = this.jobs.jobs.get(messageId);
    if (job?.phase !== 'done') throw new Error('the pass did not end');
    return job;
  }
}
