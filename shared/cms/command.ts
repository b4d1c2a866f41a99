import type { Article } from '../article/article.ts';
import type { ArticleEvent } from '../article/version.ts';
import { boundedWarnings, type Warning } from '../article/warning.ts';
import type { Issue } from '../field-schema.ts';

/**
 * An event about one article, before it is put on the bus. `ingest` sets `receivedAt`, unless the CMS states when it
 * first sent the event.
 */
export interface Command {
  readonly type: ArticleEvent;
  readonly detail: {
    readonly article: Article;
    readonly path?: string;
    /** Of a withdrawal: the uri of the article that continues this one. */
    readonly continuedBy?: string;
    /** Orders states with the same `versionCreated`, where the CMS's clock makes it certain. */
    readonly revision?: number;
    /** Epoch milliseconds. */
    readonly receivedAt?: number;
    /** Fields of the payload that were left out of the article. */
    readonly warnings?: readonly Warning[];
  };
  /**
   * Whether the CMS states no time for this state, so that `versionCreated` is when it was received. `sweep` then tells
   * states apart by what readers see.
   */
  readonly isUndated?: true;
}

/** The detail of a command on the bus. */
export type ReceivedDetail = Command['detail'] & { readonly receivedAt: number; readonly correlationId?: string };

export interface Received {
  readonly type: ArticleEvent;
  readonly detail: ReceivedDetail;
}

/**
 * The result of reading a webhook or an item: commands (none if readers are not affected), or the fields at fault.
 * `unread` has the faults of other stories in the same request.
 */
export type ReadResult =
  | { readonly commands: readonly Command[]; readonly unread?: readonly Issue[] }
  | { readonly issues: readonly Issue[] };

export const nothing: ReadResult = { commands: [] };

/** The stories of one request, each a function that reads it, or the issues of the whole request. */
export type Divided = { readonly stories: readonly (() => ReadResult)[] } | { readonly issues: readonly Issue[] };

/** Reads all stories of a request. */
export function readAll(divided: Divided = { stories: [] }): ReadResult {
  return 'issues' in divided ? divided : merged(divided.stories.map((read) => read()));
}

/** Returns the result of a request from the results of its stories. */
export function merged(readings: readonly ReadResult[]): ReadResult {
  const commands = readings.flatMap((one) => ('commands' in one ? one.commands : []));
  const issues = readings.flatMap((one) => ('issues' in one ? one.issues : (one.unread ?? [])));
  if (commands.length === 0 && issues.length > 0) return { issues };
  return { commands, ...(issues.length > 0 && { unread: issues }) };
}

/** Returns the part of a command's detail that lists the warnings. */
export function warned(warnings: readonly Warning[]): Pick<Command['detail'], 'warnings'> {
  return warnings.length > 0 ? { warnings: boundedWarnings(warnings) } : {};
}
