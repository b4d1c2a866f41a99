import type { ApiAnswer, ApiRequest } from './source-api.ts';

/** The secrets that a CMS shares with its webhook endpoint. */
export interface Secrets {
  /** Returns the secret as stored (see `secretsIn`); undefined if none was ever set. */
  secretOf(source: string): Promise<string | undefined>;
}

/** The API of a CMS. Returns every response, whatever its status; throws if there was none. */
export interface CmsApi {
  ask(request: ApiRequest): Promise<ApiAnswer>;
}

/** The state of a list when it was last read, as its site names it (RFC 9110 §8.8). */
export interface ListValidator {
  readonly readAt: string;
  readonly etag?: string;
  readonly lastModified?: string;
}

/** The progress of a source's sweep. Times are ISO 8601. */
export interface SweepMark {
  /** When the last complete walk through the list began. */
  readonly sweptAt?: string | undefined;
  /** The walk in progress: since when changes are requested, and the next page. */
  readonly walk?:
    | {
        readonly since: string;
        readonly startedAt: string;
        readonly page: number;
        readonly seen: number;
        readonly total: number;
      }
    | undefined;
  /** Short digests of the names that stories carry (tags, authors), by id. */
  readonly names?: Readonly<Record<string, string>> | undefined;
  /** The place in Latest News after which live stories are checked next. */
  readonly checkedAfter?: string | undefined;
  /** Validators of lists that are only requested if they changed, by a digest of the request. */
  readonly validators?: Readonly<Record<string, ListValidator>> | undefined;
}

export interface SweepMarks {
  read(source: string): Promise<SweepMark | undefined>;
  write(source: string, mark: SweepMark): Promise<void>;
}
