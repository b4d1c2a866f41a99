import { LRUCache } from 'lru-cache';

/** A response as the edge keeps it. Instants are epoch milliseconds. */
export interface Entry {
  /** Path and query, as an invalidation names them. */
  readonly path: string;
  /** The cache key: the path, and the headers that the cache policy names. */
  readonly key: string;
  readonly statusCode: number;
  /** Without fields of one connection or one answer. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  /** Lower case. */
  readonly tags: readonly string[];
  readonly validatedAt: number;
  readonly freshUntil: number;
  readonly staleWhileRevalidateUntil: number;
  readonly staleIfErrorUntil: number;
  /** After a failed refresh, the origin is not asked before this instant. */
  retryAt: number;
  /** Names and values in turn, ready to be sent with a hit; the last value is the age, which is updated in place. */
  readonly hitHeaders: string[];
  readonly bytes: number;
}

/** Entries by key, tag and path. The least recently used are evicted when the cache is full. */
export class EdgeCache {
  readonly #entries: LRUCache<string, Entry>;
  readonly #byTag = new Map<string, Set<Entry>>();

  constructor(maxBytes: number) {
    this.#entries = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: ({ bytes }) => bytes,
      dispose: (entry) => {
        this.#untag(entry);
      },
    });
  }

  get(key: string): Entry | undefined {
    return this.#entries.get(key);
  }

  put(entry: Entry): void {
    this.#entries.set(entry.key, entry);
    // An entry that is larger than the cache is not kept.
    if (!this.holds(entry)) return;
    for (const tag of entry.tags) {
      const tagged = this.#byTag.get(tag);
      if (tagged) tagged.add(entry);
      else this.#byTag.set(tag, new Set([entry]));
    }
  }

  /** Whether this entry is still stored: not purged, replaced or evicted. */
  holds(entry: Entry): boolean {
    return this.#entries.peek(entry.key) === entry;
  }

  deleteTag(tag: string): void {
    for (const entry of this.#byTag.get(tag) ?? []) this.delete(entry);
  }

  deletePath(path: string): void {
    for (const entry of [...this.#entries.values()]) {
      if (isUnder(path, entry.path)) this.delete(entry);
    }
  }

  delete(entry: Entry): void {
    this.#entries.delete(entry.key);
  }

  #untag(entry: Entry): void {
    for (const tag of entry.tags) {
      const tagged = this.#byTag.get(tag);
      tagged?.delete(entry);
      if (tagged?.size === 0) this.#byTag.delete(tag);
    }
  }
}

/**
 * Whether an invalidation path covers a path with its query. An asterisk is a wildcard at the end only; without
 * it the query must be the same.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-objects.html
 */
export function isUnder(path: string, key: string): boolean {
  return path.endsWith('*') ? key.startsWith(path.slice(0, -1)) : key === path;
}
