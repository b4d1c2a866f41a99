import type { Finding, Job } from '../../shared/job.ts';
import type { Archive, ScheduledSettle, ScheduleIndex } from '../../shared/article/ports.ts';
import type { DriftMeter, Jobs } from '../../shared/job.ts';
import type { MemoryArticles, MemoryFronts } from './memory-articles.ts';

export class MemoryScheduleIndex implements ScheduleIndex {
  readonly kept = new Map<string, ScheduledSettle>();

  keep(due: ScheduledSettle): Promise<void> {
    this.kept.set(nameOf(due), due);
    return Promise.resolve();
  }

  has(due: ScheduledSettle): Promise<boolean> {
    return Promise.resolve(this.kept.has(nameOf(due)));
  }

  async *between(from: number, to: number): AsyncGenerator<ScheduledSettle> {
    for (const due of [...this.kept.values()].sort((a, b) => a.instant - b.instant)) {
      await Promise.resolve();
      if (due.instant >= from && due.instant <= to) yield due;
    }
  }

  remove(due: ScheduledSettle): Promise<void> {
    this.kept.delete(nameOf(due));
    return Promise.resolve();
  }
}

function nameOf({ articleId, instant }: ScheduledSettle): string {
  return `${instant}#${articleId}`;
}

/** Small, so that readers need several pages. */
const pageLength = 3;

/** The articles and fronts in memory. */
export class MemoryArchive implements Archive {
  readonly #stores: readonly [MemoryArticles, MemoryFronts];

  constructor(articles: MemoryArticles, fronts: MemoryFronts) {
    this.#stores = [articles, fronts];
  }

  page(after: string | undefined): Promise<{ readonly ids: readonly string[]; readonly next: string | undefined }> {
    const tables = this.#stores.flatMap(({ versions, holds, heads }) => [versions, holds, heads]);
    const all = new Set(
      tables.flatMap((table: ReadonlyMap<string, unknown>) =>
        [...table].filter(([, rows]) => !(rows instanceof Map) || rows.size > 0).map(([id]) => id),
      ),
    );
    const left = [...all].sort().filter((id) => after === undefined || id > after);
    const ids = left.slice(0, pageLength);
    return Promise.resolve({ ids, next: left.length > pageLength ? ids.at(-1) : undefined });
  }
}

export class MemoryJobs implements Jobs {
  readonly jobs = new Map<string, Job>();
  readonly toContinue: string[] = [];

  read(jobId: string): Promise<Job | undefined> {
    return Promise.resolve(this.jobs.get(jobId));
  }

  write(job: Job, previousStep: number | undefined): Promise<boolean> {
    if (this.jobs.get(job.passId)?.step !== previousStep) return Promise.resolve(false);
    this.jobs.set(job.passId, structuredClone(job));
    return Promise.resolve(true);
  }

  continueJob(jobId: string): Promise<void> {
    this.toContinue.push(jobId);
    return Promise.resolve();
  }
}

export class MemoryDriftMeter implements DriftMeter {
  readonly counted: Finding[] = [];

  count(findings: readonly Finding[]): void {
    this.counted.push(...findings);
  }
}
