import type { IncomingMessage, ServerResponse } from 'node:http';
import { askOrigin, type Asked } from './ask-origin.ts';
import { EdgeCache, isUnder, type Entry } from './edge-cache.ts';
import type { EdgeOptions } from './edge-options.ts';
import { entryOf, functionEntry, ownEntry, type CacheTarget, type EntryContext } from './entry.ts';
import { errorCachingSeconds } from './lifetime.ts';
import type { OriginResponse } from './origin.ts';
import { isResponse, isThenable, viewerFunction, viewerResponseFunction } from './viewer-function.ts';
import type { ViewerFunction, ViewerRequest, ViewerResponse } from './viewer-function.ts';
import { acceptedOf, joinValues, keptQuery, readerRequest, viewerEvent, type ReaderRequest } from './viewer-request.ts';
import { writeEntry, type Writing, type XCache } from './write-entry.ts';

/** One request to the origin, shared by all readers who ask for its key meanwhile. A later fill has a higher number. */
interface Fill {
  readonly number: number;
  readonly target: CacheTarget;
  pathPurged: boolean;
  /** Tags purged since it began. Its own tags are unknown until it ends. */
  readonly purgedTags: Set<string>;
  /** Whether a fill that began later has ended. */
  superseded: boolean;
}

interface Outcome {
  readonly entry: Entry;
  readonly xCache: XCache;
  /** Whether readers other than the one it was made for may have it. */
  readonly isShared: boolean;
}

const maxUrlBytes = 8192;

/**
 * A caching proxy that treats one distribution's readers as CloudFront would, on one machine.
 *
 * After `invalidate` returns, no request is answered from earlier entries, nor by waiting for a fill that began before.
 * Of two fills of one key, the one that began later wins, whichever ends first. See `storesFillsPurgedInFlight` for fills
 * that began before a purge of theirs.
 *
 * Unlike CloudFront it does not compress. It cuts parts from the whole body, if the origin supports ranges.
 */
export class Edge {
  readonly #options: EdgeOptions;
  readonly #cache: EdgeCache;
  readonly #now: () => number;
  readonly #viewerRequest: ViewerFunction | undefined;
  readonly #context: EntryContext;
  readonly #writing: Writing;
  readonly #queryNames: ReadonlySet<string> | 'all';
  /** The fills that a new request for their key may wait for. */
  readonly #joinable = new Map<string, { readonly fill: Fill; readonly outcome: Promise<Outcome> }>();
  /** Every fill under way, also those that a purge closed to new requests. */
  readonly #running = new Set<Fill>();
  #fills = 0;

  /** @throws {Error} the viewer function's code has no handler or does not parse. */
  constructor(options: EdgeOptions) {
    this.#options = options;
    this.#cache = new EdgeCache(options.maxBytes ?? 64 * 1024 * 1024);
    this.#now = options.now ?? Date.now;
    this.#viewerRequest = options.viewerRequest === undefined ? undefined : viewerFunction(options.viewerRequest);
    const { viewerResponse } = options;
    this.#writing = {
      now: this.#now,
      viewerResponse: viewerResponse === undefined ? undefined : viewerResponseFunction(viewerResponse),
      functionFailed: this.#functionFailed.bind(this),
    };
    this.#context = { options, tagHeader: options.tagHeader.toLowerCase(), now: this.#now };
    const { queryStrings } = options.cachePolicy;
    this.#queryNames = queryStrings === 'all' ? 'all' : new Set(queryStrings === 'none' ? [] : queryStrings);
  }

  /** Resolves when the answer is written; a hit is written before this returns. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (Buffer.byteLength(request.url ?? '') > maxUrlBytes) {
      this.#send(request, response, ownEntry(414, 'The URL is longer than 8,192 bytes.', this.#context), 'Error');
      return;
    }
    const isOptions =
      request.method === 'OPTIONS' && this.#options.allowsOptions === true && this.#viewerRequest !== undefined;
    if (request.method !== 'GET' && request.method !== 'HEAD' && !isOptions) {
      this.#send(
        request,
        response,
        ownEntry(
          403,
          'This distribution is not configured to allow the HTTP request method that was used.',
          this.#context,
        ),
        'Error',
      );
      return;
    }
    if (!this.#viewerRequest) {
      await this.#serve(request, response, readerRequest(request));
      return;
    }
    let result: ViewerRequest | ViewerResponse;
    try {
      const returned = this.#viewerRequest(viewerEvent(request), request.socket.remoteAddress ?? '');
      result = isThenable(returned) ? await returned : returned;
    } catch (error) {
      this.#functionFailed(request, response, error);
      return;
    }
    await this.#afterFunction(request, response, result);
  }

  /**
   * Removes what matches `/path?and=query`, `/path*` or `#tag` (in any case), before it returns. The tags of a fill
   * under way are unknown until it ends, so the purge of any tag closes all fills to later requests.
   */
  invalidate(paths: readonly string[]): void {
    for (const path of paths) {
      if (path.startsWith('#')) {
        const tag = path.slice(1).toLowerCase();
        this.#cache.deleteTag(tag);
        this.#joinable.clear();
        for (const fill of this.#running) fill.purgedTags.add(tag);
      } else {
        const absolute = path.startsWith('/') ? path : `/${path}`;
        this.#cache.deletePath(absolute);
        for (const fill of this.#running) {
          if (!isUnder(absolute, fill.target.path)) continue;
          fill.pathPurged = true;
          this.#joinable.delete(fill.target.key);
        }
      }
    }
  }

  async #afterFunction(
    request: IncomingMessage,
    response: ServerResponse,
    result: ViewerRequest | ViewerResponse,
  ): Promise<void> {
    if (isResponse(result)) {
      this.#send(request, response, functionEntry(result, this.#context), 'FunctionGeneratedResponse');
      return;
    }
    if (request.method === 'OPTIONS') {
      this.#send(request, response, ownEntry(501, 'On a laptop no origin is asked OPTIONS.', this.#context), 'Error');
      return;
    }
    const cookie = joinValues(result.cookies, '; ');
    const headers = Object.fromEntries<string>([
      ...Object.entries(result.headers).map(([name, { value }]) => [name.toLowerCase(), value] as const),
      ...(cookie === '' ? [] : [['cookie', cookie] as const]),
    ]);
    const rawQueryString = joinValues(result.querystring, '&');
    await this.#serve(request, response, { rawPath: result.uri, rawQueryString, headers });
  }

  #send(request: IncomingMessage, response: ServerResponse, entry: Entry, xCache: XCache): void {
    writeEntry(request, response, { entry, xCache }, this.#writing);
  }

  #functionFailed(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#send(
      request,
      response,
      ownEntry(503, `A function failed: ${reason}`, this.#context),
      'FunctionExecutionError',
    );
  }

  async #serve(request: IncomingMessage, response: ServerResponse, reader: ReaderRequest): Promise<void> {
    const rawQueryString = keptQuery(reader.rawQueryString, this.#queryNames);
    const encodings = acceptedOf(request, reader, this.#options.cachePolicy.encodings ?? []);
    const asked = { ...reader, rawQueryString, encodings };
    const path = rawQueryString === '' ? reader.rawPath : `${reader.rawPath}?${rawQueryString}`;
    const target = {
      path,
      key: JSON.stringify([
        path,
        encodings,
        ...this.#options.cachePolicy.headers.map((name) => reader.headers[name.toLowerCase()]),
      ]),
    };
    const entry = this.#cache.get(target.key);
    if (entry && this.#mayServe(entry)) {
      const now = this.#now();
      const isDue = now >= entry.freshUntil && now >= entry.retryAt;
      const refresh = isDue && !this.#joinable.has(target.key) ? this.#startFill(target, asked, entry) : undefined;
      this.#send(request, response, entry, 'Hit');
      await refresh;
      return;
    }
    const joined = this.#joinable.get(target.key);
    const { entry: filled, xCache, isShared } = await (joined?.outcome ?? this.#startFill(target, asked, entry));
    if (!joined) this.#send(request, response, filled, xCache);
    else if (isShared) this.#send(request, response, filled, xCache === 'Miss' ? 'Hit' : xCache);
    else await this.#passThrough(request, response, target, asked);
  }

  #mayServe(entry: Entry): boolean {
    const now = this.#now();
    return (
      now < entry.freshUntil ||
      now < entry.staleWhileRevalidateUntil ||
      (now < entry.retryAt && now < entry.staleIfErrorUntil)
    );
  }

  /** Answers one reader alone, and stores nothing. */
  async #passThrough(
    request: IncomingMessage,
    response: ServerResponse,
    target: CacheTarget,
    asked: Asked,
  ): Promise<void> {
    const { entry } = entryOf(target, await askOrigin(this.#options, asked, undefined), undefined, this.#context);
    this.#send(request, response, entry, entry.statusCode >= 400 ? 'Error' : 'Miss');
  }

  #startFill(target: CacheTarget, asked: Asked, base: Entry | undefined): Promise<Outcome> {
    const fill: Fill = { number: ++this.#fills, target, pathPurged: false, purgedTags: new Set(), superseded: false };
    this.#running.add(fill);
    const outcome = askOrigin(this.#options, asked, base).then((answer) => this.#finish(fill, answer, base));
    this.#joinable.set(target.key, { fill, outcome });
    return outcome;
  }

  #finish(fill: Fill, answer: OriginResponse, base: Entry | undefined): Outcome {
    this.#running.delete(fill);
    const { key } = fill.target;
    if (this.#joinable.get(key)?.fill === fill) this.#joinable.delete(key);
    const now = this.#now();
    const isCurrent = base !== undefined && this.#cache.holds(base);
    if (
      isCurrent &&
      answer.statusCode >= 500 &&
      now < Math.max(base.staleWhileRevalidateUntil, base.staleIfErrorUntil)
    ) {
      base.retryAt = now + 1000 * errorCachingSeconds(answer.statusCode, this.#options);
      return { entry: base, xCache: 'Hit', isShared: true };
    }
    for (const other of this.#running) {
      if (other.target.key === key && other.number < fill.number) other.superseded = true;
    }
    const { entry, isStorable, isShared } = entryOf(fill.target, answer, base, this.#context);
    const isPurged = fill.pathPurged || entry.tags.some((tag) => fill.purgedTags.has(tag));
    if (!fill.superseded) {
      if (isStorable && (!isPurged || this.#options.storesFillsPurgedInFlight !== false)) this.#cache.put(entry);
      else if (isCurrent) this.#cache.delete(base);
    }
    return {
      entry,
      xCache: entry.statusCode >= 400 ? 'Error' : answer.statusCode === 304 && base ? 'RefreshHit' : 'Miss',
      isShared,
    };
  }
}
