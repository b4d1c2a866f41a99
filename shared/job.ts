/**
 * The mode of a job. `verify` reports drift, `repair` also repairs it, and `rebuild` writes every entry again, whatever
 * is stored.
 */
export const jobModes = ['verify', 'repair', 'rebuild'] as const;
export type JobMode = (typeof jobModes)[number];

/**
 * The kinds of rows that can differ from the stored versions: a head; the owner of a path; an erased text that is still
 * stored; a scheduled settle that is not indexed or did not run; audio that readers are not offered; a feed entry that
 * is missing, wrong or superfluous. `failed` counts articles that could not be checked.
 */
export const driftKinds = [
  'head',
  'path',
  'erasure',
  'wakeUp',
  'audio',
  'missing',
  'stale',
  'extra',
  'failed',
] as const;
export type DriftKind = (typeof driftKinds)[number];

/** One row that drifted, or one article that could not be checked. */
export interface Finding {
  readonly kind: DriftKind;
  readonly articleId: string;
  readonly feed?: string;
  readonly mended: boolean;
}

/** The progress and findings of a job. Instants are epoch milliseconds. */
export interface Job {
  /** The job's id, under the name that stored records and messages use. */
  readonly passId: string;
  readonly mode: JobMode;
  /** For a rebuild that announces every live article again: the `replay` of these announcements. */
  readonly announcedAs?: string;
  /** Articles and fronts come first, then every row of the feeds table. */
  readonly phase: 'articles' | 'entries' | 'done';
  /** Rises with each page. If two invocations work on the same job, one of them fails to write its step and stops. */
  readonly step: number;
  /** The cursor of the phase. */
  readonly cursor?: string;
  readonly startedAt: number;
  readonly advancedAt: number;
  /** Articles and fronts checked. */
  readonly articles: number;
  /** Rows of the feeds table checked. */
  readonly entries: number;
  /** Rows of the feeds table written. */
  readonly written: number;
  readonly drift: Readonly<Partial<Record<DriftKind, number>>>;
  /** The first findings. */
  readonly examples: readonly Finding[];
  /** The articles whose announcement failed. They are announced again at the end. */
  readonly unannounced?: readonly string[];
}

/** The lifetime of the record. It must outlive the person or process that asks for it. */
export const jobRecordSeconds = 30 * 24 * 60 * 60;

const maxExamples = 20;

export function newJob(jobId: string, mode: JobMode, now: number, announcedAs?: string): Job {
  return {
    passId: jobId,
    mode,
    ...(announcedAs !== undefined && { announcedAs }),
    phase: 'articles',
    step: 0,
    startedAt: now,
    advancedAt: now,
    articles: 0,
    entries: 0,
    written: 0,
    drift: {},
    examples: [],
  };
}

/** Returns the job after one more page. */
export function advanced(
  { cursor, unannounced: _, ...job }: Job,
  page: {
    readonly seen: number;
    readonly written: number;
    readonly findings: readonly Finding[];
    readonly next: string | undefined;
    readonly now: number;
    readonly unannounced?: readonly string[];
  },
): Job {
  const looked = job.phase === 'articles' ? 'articles' : 'entries';
  const phaseAfter = job.phase === 'articles' ? 'entries' : 'done';
  const drift = { ...job.drift };
  for (const { kind } of page.findings) drift[kind] = (drift[kind] ?? 0) + 1;
  return {
    ...job,
    phase: page.next === undefined ? phaseAfter : job.phase,
    step: job.step + 1,
    ...(page.next !== undefined && { cursor: page.next }),
    advancedAt: page.now,
    [looked]: job[looked] + page.seen,
    written: job.written + page.written,
    drift,
    examples: [...job.examples, ...page.findings].slice(0, maxExamples),
    ...(page.unannounced && page.unannounced.length > 0 && { unannounced: page.unannounced }),
  };
}

export function driftOf({ drift }: Pick<Job, 'drift'>): number {
  return Object.values(drift).reduce((sum, count) => sum + count, 0);
}

/** The stored progress of the jobs of `reconcile`. */
export interface Jobs {
  read(jobId: string): Promise<Job | undefined>;
  /**
   * Writes the job if its `step` still equals `previousStep` (`undefined`: if there is none). Returns false if another
   * writer was faster.
   */
  write(job: Job, previousStep: number | undefined): Promise<boolean>;
  /** Requests another invocation that continues the job. */
  continueJob(jobId: string): Promise<void>;
}

/** Counts drift as a metric and logs each finding. */
export interface DriftMeter {
  count(findings: readonly Finding[]): void;
}
