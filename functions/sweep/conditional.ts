import { createHash } from 'node:crypto';
import { canonicalJson } from '../../shared/canonical.ts';
import type { ListValidator } from '../../shared/cms/ports.ts';
import type { ApiAnswer, ApiRequest } from '../../shared/cms/source-api.ts';
import type { SourceSettings } from '../../shared/cms/source-settings.ts';

/**
 * A list that is said to be unchanged is read again after a day: its events may have been lost, and a new release may
 * read its entries differently.
 */
const longestUnreadMilliseconds = 24 * 3_600_000;
/** A site can put anything into its headers. */
const maxValidatorLength = 500;

/** Asks for lists on condition that they changed since they were last read (RFC 9110 §13.1). */
export class ConditionalRequests {
  readonly #known: Readonly<Record<string, ListValidator>>;
  readonly #settings: SourceSettings;
  readonly #kept = new Map<string, ListValidator>();

  constructor(known: Readonly<Record<string, ListValidator>> | undefined, settings: SourceSettings) {
    this.#known = known ?? {};
    this.#settings = settings;
  }

  /** Returns the validators of the lists that need not be read again; undefined if there are none. */
  get validators(): Readonly<Record<string, ListValidator>> | undefined {
    return this.#kept.size === 0 ? undefined : Object.fromEntries(this.#kept);
  }

  /** Returns the request at `now` (epoch ms). Without a validator of its list, it has no condition. */
  onlyIfChanged(request: ApiRequest, now: number): ApiRequest {
    if (!request.isConditional) return request;
    const { etag, lastModified, readAt } = this.#known[this.#keyOf(request)] ?? {};
    if (readAt === undefined || now - Date.parse(readAt) > longestUnreadMilliseconds) return request;
    const conditions = {
      ...(etag !== undefined && { 'if-none-match': etag }),
      ...(lastModified !== undefined && { 'if-modified-since': lastModified }),
    };
    return { ...request, headers: { ...request.headers, ...conditions } };
  }

  /** Returns whether the list is as it was when it was read. */
  isUnchanged(request: ApiRequest, { status }: ApiAnswer): boolean {
    if (status !== 304) return false;
    const key = this.#keyOf(request);
    const validator = this.#known[key];
    if (validator === undefined) return false;
    this.#kept.set(key, validator);
    return true;
  }

  /** Keeps the validator of a list that was read, if its site named one. */
  keep(request: ApiRequest, { headers }: ApiAnswer, now: number): void {
    if (!request.isConditional) return;
    const [etag, lastModified] = ['etag', 'last-modified'].map((name) => {
      const value = headers[name];
      return value !== undefined && value.length <= maxValidatorLength ? value : undefined;
    });
    if (etag === undefined && lastModified === undefined) return;
    this.#kept.set(this.#keyOf(request), {
      readAt: new Date(now).toISOString(),
      ...(etag !== undefined && { etag }),
      ...(lastModified !== undefined && { lastModified }),
    });
  }

  /** With other settings, a list is read differently. */
  #keyOf({ url }: ApiRequest): string {
    return createHash('sha256')
      .update(canonicalJson({ url, settings: this.#settings }))
      .digest('hex')
      .slice(0, 16);
  }
}
