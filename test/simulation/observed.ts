import type { Response } from '../../functions/deliver/http.ts';
import type { MemoryArticles, MemoryFronts } from '../fakes/memory-articles.ts';
import type { MemoryFeeds } from '../fakes/memory-feeds.ts';
import type { Edge } from './edge.ts';
import type { Oracle } from './oracle/oracle.ts';

/** The parts of a simulated world that the checks compare with the oracle. */
export interface Observed {
  readonly now: number;
  readonly oracle: Oracle;
  readonly articles: MemoryArticles;
  readonly fronts: MemoryFronts;
  readonly feeds: MemoryFeeds;
  readonly edge: Edge;
  /** Bodies that must be rejected, by event id. */
  readonly nonsense: ReadonlyMap<string, string>;
  /** Bodies in the dead-letter queue of rejected events. */
  readonly rejected: readonly string[];
  readonly hasProfile: boolean;
  /** Writes a line of the trace, if somebody will read it. */
  readonly note: (line: () => string) => void;
  /** Asks the origin. */
  see(url: string): Promise<Response>;
}
