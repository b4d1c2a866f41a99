/** What a pass over the archive does with what it finds: tells, mends, or writes every entry anew whatever stands there. */
export const jobModes = ['verify', 'repair', 'rebuild'] as const;
export type JobMode = (typeof jobModes)[number];

/**
 * Where what stands was not what the articles say: a head; the ownership of a path; an erased text that is still there; a wake-up
 * call that is on no list, or was lost; audio that no reader is offered; an entry that a feed lacks, has wrong, or has too many; and what
 * could not be looked at.
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

/** One thing that was not as it should be. */
export interface Finding {
  readonly kind: DriftKind;
  readonly articleId: string;
  readonly feed?: string;
  readonly mended: boolean;
}

/** How far a pass has come, and what it found so far. Instants are epoch milliseconds. */
export interface Job {
  readonly passId: string;
  readonly mode: JobMode;
  /** Of a rebuild that tells every live article again: the name that announcements are marked by. */
  readonly announcedAs?: string;
  /** First every article and front, then every row of the feeds table. */
  readonly phase: 'articles' | 'entries' | 'done';
  /** Rises with each page: of two that work on one pass, one goes on. */
  readonly step: number;
  /** Where the phase goes on. */
  readonly cursor?: string;
  readonly startedAt: number;
  readonly advancedAt: number;
  /** Articles and fronts looked at. */
  readonly articles: number;
  /** Rows of the feeds table looked at. */
  readonly entries: number;
  /** Rows of the feeds table written. */
  readonly written: number;
  readonly drift: Readonly<Partial<Record<DriftKind, number>>>;
  /** The first of what was found. */
  readonly examples: readonly Finding[];
}

/** A pass's record outlives whoever asks for it. */
export const jobRecordSeconds = 30 * 24 * 60 * 60;

const maxExamples = 20;

export function newJob(passId: string, mode: JobMode, now: number, announcedAs?: string): Job {
  return {
    passId,
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

/** The pass after one more page. */
export function advanced(
  { cursor, ...job }: Job,
  page: {
    readonly seen: number;
    readonly written: number;
    readonly findings: readonly Finding[];
    readonly next: string | undefined;
    readonly now: number;
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
  };
}

export function driftOf({ drift }: Pick<Job, 'drift'>): number {
  return Object.values(drift).reduce((sum, count) => sum + count, 0);
}
