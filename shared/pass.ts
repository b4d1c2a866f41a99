/** What a pass over the archive does with what it finds: tells, mends, or writes every entry anew whatever stands there. */
export const passModes = ['verify', 'repair', 'rebuild'] as const;
export type PassMode = (typeof passModes)[number];

/**
 * Where what stands was not what the articles say: a head; the ownership of a path; an erased text that is still there; a wake-up
 * call that is on no list, or was lost; audio that no reader is offered; an entry that a feed lacks, has wrong, or has too many; and what
 * could not be looked at.
 */
export const driftKinds = ['head', 'path', 'erasure', 'wakeUp', 'audio', 'missing', 'stale', 'extra', 'failed'] as const;
export type DriftKind = (typeof driftKinds)[number];

/** One thing that was not as it should be. */
export interface Finding {
  readonly kind: DriftKind;
  readonly articleId: string;
  readonly feed?: string;
  readonly mended: boolean;
}

/** How far a pass has come, and what it found so far. Instants are epoch milliseconds. */
export interface Pass {
  readonly passId: string;
  readonly mode: PassMode;
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
export const passRecordSeconds = 30 * 24 * 60 * 60;

const mostExamples = 20;

export function newPass(passId: string, mode: PassMode, now: number, announcedAs?: string): Pass {
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
  { cursor, ...pass }: Pass,
  page: {
    readonly seen: number;
    readonly written: number;
    readonly findings: readonly Finding[];
    readonly next: string | undefined;
    readonly now: number;
  },
): Pass {
  const looked = pass.phase === 'articles' ? 'articles' : 'entries';
  const phaseAfter = pass.phase === 'articles' ? 'entries' : 'done';
  const drift = { ...pass.drift };
  for (const { kind } of page.findings) drift[kind] = (drift[kind] ?? 0) + 1;
  return {
    ...pass,
    phase: page.next === undefined ? phaseAfter : pass.phase,
    step: pass.step + 1,
    ...(page.next !== undefined && { cursor: page.next }),
    advancedAt: page.now,
    [looked]: pass[looked] + page.seen,
    written: pass.written + page.written,
    drift,
    examples: [...pass.examples, ...page.findings].slice(0, mostExamples),
  };
}

export function driftOf({ drift }: Pick<Pass, 'drift'>): number {
  return Object.values(drift).reduce((sum, count) => sum + count, 0);
}
