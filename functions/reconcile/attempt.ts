import type { Finding } from '../../shared/job.ts';
import type { ReconcilePorts } from './ports.ts';

/** The number of articles processed at the same time. It is small, so that jobs leave capacity to the newsroom. */
export const maxAtOnce = 8;

/** The result of checking one article: its findings, and the feeds in which rows were written. */
export interface Outcome {
  readonly findings: readonly Finding[];
  readonly written: readonly string[];
  /** Articles that could not be announced again. */
  readonly unannounced?: readonly string[];
}

export const nothing: Outcome = { findings: [], written: [] };

/**
 * Checks one article. If that fails, the article is counted and logged, the job continues, and the next job checks it
 * again.
 */
export async function attempt(
  { report }: ReconcilePorts,
  articleId: string,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    report(error, articleId);
    return { ...nothing, findings: [{ kind: 'failed', articleId, mended: false }] };
  }
}
