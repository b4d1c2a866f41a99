import { articleIdOf } from '../../shared/article/article.ts';
import type { JobMode } from '../../shared/job.ts';

export const start = Date.parse('2026-05-01T12:00:00Z');

export const articleNames = ['a', 'b', 'c'] as const;
/** Posts of a live story, and the story. */
export const postNames = ['p', 'q', 'r'] as const;
export const liveName = 'a';
/** The profile of an author, and the authors whose name it may have. */
export const profileName = 'm';
export const authorNames = ['Ada Marlow', 'Jon Bright'] as const;
export const frontNames = ['home', 'sport'] as const;
export const paths = ['/news/x', '/news/y'] as const;
export const uriOf = (article: string): string => `urn:paper:${article}`;
const articleIds = new Map<string, string>(
  [...articleNames, ...postNames, profileName].map((article) => [article, articleIdOf(uriOf(article))]),
);
export const articleIdNamed = (article: string): string => articleIds.get(article) ?? '';
export const liveId = articleIdNamed(liveName);

/** A statement of the CMS about an article. Instants are milliseconds after the start. */
export interface Said {
  readonly does: 'send';
  readonly at: number;
  readonly kind: 'published' | 'updated' | 'unpublished' | 'deleted' | 'held' | 'unheld' | 'erased';
  readonly article: string;
  readonly versionCreated: number;
  readonly revision?: number;
  readonly text: string;
  readonly body: string;
  readonly section?: string;
  readonly topic?: string;
  readonly by?: string;
  readonly path?: string;
  readonly embargo?: number;
  readonly expires?: number;
  readonly firstCreated?: number;
  readonly firstPublished?: number;
  readonly urgency?: number;
  readonly pubStatus?: 'withheld' | 'canceled';
  /** Spelled as this major version of ninjs has it; 3 where absent. */
  readonly ninjs?: 1 | 2;
  readonly pictures?: readonly SaidPicture[];
  /** Whether it makes the article a live story. */
  readonly live?: true;
  /** Makes the item a post of a live story. */
  readonly post?: { readonly story: string; readonly key?: true; readonly pinned?: true };
  /** Makes it the profile of the author of this name. */
  readonly profileOf?: string;
  /** Sent to a webhook endpoint, which stamps receipt to the millisecond. Otherwise the bus's whole seconds count. */
  readonly endpoint: boolean;
}

/** A picture among an article's associations, with a status and times of its own. */
export interface SaidPicture {
  /** Unlike that of any other picture of the history. */
  readonly number: number;
  readonly embargo?: number;
  readonly expires?: number;
  readonly pubStatus?: 'usable' | 'withheld' | 'canceled';
  readonly pictures?: readonly SaidPicture[];
}

export interface SaidOfFront {
  readonly does: 'front';
  readonly at: number;
  readonly kind: 'published' | 'unpublished';
  readonly name: string;
  readonly versionCreated: number;
  readonly boxes: readonly { readonly pins: readonly string[]; readonly backfill?: string; readonly limit: number }[];
}

/** One thing that happens to the pipeline from outside. */
export type Command =
  | Said
  | SaidOfFront
  /** An earlier statement is sent again as a new event. */
  | { readonly does: 'again'; readonly at: number; readonly of: Said }
  | { readonly does: 'nonsense'; readonly at: number; readonly article: string }
  | { readonly does: 'replay'; readonly at: number; readonly since: number }
  | { readonly does: 'redrive'; readonly at: number }
  /** A job of `reconcile` starts, and runs beside later commands. */
  | { readonly does: 'reconcile'; readonly at: number; readonly mode: JobMode }
  /** A table is restored to an hour or more ago. If it is the articles table, the archive is replayed from there. */
  | { readonly does: 'restore'; readonly at: number; readonly table: 'articles' | 'feeds' }
  /** All messages are processed, and everything is compared with the oracle. */
  | { readonly does: 'rest'; readonly at: number };

/** Kinds of faults. A seed draws some of them, since faults can hide each other. */
export const faultKinds = [
  'late',
  'double',
  'kill',
  'throttle',
  'lost answer',
  'retried',
  'stall',
  'slow stream',
  'repeated batch',
  'skew',
  'schedules',
  'lost event',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Everything that a run depends on. */
export interface Plan {
  readonly seed: number;
  /** Another order of the same history; shrinking tries some. */
  readonly salt: number;
  readonly commands: readonly Command[];
  readonly faults: readonly FaultKind[];
  /** Of every call of a port. */
  readonly faultProbability: number;
  /** Calls of this name fail far more often. */
  readonly weakSpot: string;
  readonly maxFaults: number;
}

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
