import type { PublishTrace } from '../../shared/trace/publish-trace.ts';
import { pathWithoutPositions } from './text.ts';

/** One kind of field that articles were published without. */
export interface WarningCount {
  /** The source of the bus event: `cms.wordpress`, or the name that a sender of its own uses. */
  readonly source: string;
  /** Positions in lists are written as `*`. */
  readonly path: string;
  readonly message: string;
  /** Of warnings, and of the articles that have one. */
  readonly count: number;
  readonly articles: number;
  /** An article that has it, the one that changed last. */
  readonly uri: string;
  readonly lastAt: string;
}

/**
 * Counts the warnings that articles have now by source, path and message, the most frequent first. `publishTraces` are
 * newest first; an older change of the same article no longer matters.
 */
export function warningCounts(publishTraces: readonly PublishTrace[]): WarningCount[] {
  const counts = new Map<string, Omit<WarningCount, 'articles'> & { readonly ids: Set<string> }>();
  const seen = new Set<string>();
  for (const { articleId, seq, uri = articleId, source = 'unknown', warnings = [] } of publishTraces) {
    if (seen.has(articleId)) continue;
    seen.add(articleId);
    for (const { path: exact, message } of warnings) {
      const path = pathWithoutPositions(exact);
      const key = JSON.stringify([source, path, message]);
      const counted = counts.get(key) ?? {
        source,
        path,
        message,
        count: 0,
        ids: new Set<string>(),
        uri,
        lastAt: new Date(seq).toISOString(),
      };
      counts.set(key, { ...counted, count: counted.count + 1, ids: counted.ids.add(articleId) });
    }
  }
  return [...counts.values()]
    .map(({ ids, ...counted }) => ({ ...counted, articles: ids.size }))
    .sort((a, b) => b.count - a.count || (a.path < b.path ? -1 : 1));
}
