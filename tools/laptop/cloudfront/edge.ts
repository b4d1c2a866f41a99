import type { OriginRequest, OriginResponse } from './origin.ts';
import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseCacheControl } from './cache-control.ts';
import { EdgeCache, isUnder } from './edge-cache.ts';
import { errorCachingSeconds, lifetimeSeconds } from './lifetime.ts';
import type { Entry } from './edge-cache.ts';
import { isResponse, isThenable, viewerFunction, viewerResponseFunction } from './viewer-function.ts';
import type { ViewerFunction, ViewerRequest, ViewerResponse, ViewerResponseFunction } from './viewer-function.ts';
import { acceptedOf, type ReaderRequest, readerRequest, viewerEvent, joinValues, keptQuery } from './viewer-request.ts';
import {
  tagsIn,
  isUnchanged,
  partOf,
  isAboutBody,
  pairsWithout,
  errorDocument,
  changedPairs,
  viewerResponseEvent,
} from './responses.ts';

export interface EdgeOptions {
  /** The distribution's `CacheTagConfig.HeaderName`. */
  readonly tagHeader: string;
  /** Whether the distribution's `AllowedMethods` name OPTIONS, which the viewer function then answers. */
  readonly allowsOptions?: boolean;
  /** The distribution's `CustomErrorResponses`: `ErrorCachingMinTTL` by status. */
  readonly errorCachingMinimumSeconds: ReadonlyMap<number, number>;
  readonly cachePolicy: {
    readonly queryStrings: 'all' | 'none' | readonly string[];
    /** Request headers of the cache key, as the viewer function leaves them. They are sent to the origin. */
    readonly headers: readonly string[];
    /** Encodings of `EnableAcceptEncoding…`: those that a reader accepts are in the cache key and in the origin's request. */
    readonly encodings?: readonly string[];
    readonly minTtlSeconds: number;
    readonly defaultTtlSeconds: number;
    readonly maxTtlSeconds: number;
  };
  /** Code of a CloudFront Function for viewer requests. */
  readonly viewerRequest?: string;
  /** Code of a CloudFront Function for viewer responses. It runs unless the origin answered 400 or higher. */
  readonly viewerResponse?: string;
  /** More of them that go on to the origin. */
  readonly originRequestHeaders: readonly string[];
  readonly origin: (request: OriginRequest) => Promise<OriginResponse>;
  readonly originTimeoutMilliseconds: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** Cache size. Default: 64 MiB. */
  readonly maxBytes?: number;
  /**
   * Whether the edge stores a response that the origin was still making when its tag or path was purged, although its
   * content may be old. CloudFront promises nothing else, which is why withdrawals are purged again after the origin's
   * timeout. Default: true.
   */
  readonly storesFillsPurgedInFlight?: boolean;
}

/**
 * One request to the origin, shared by all readers who ask for its key meanwhile. A fill with a higher number began
 * later.
 */
interface Fill {
  readonly number: number;
  readonly target: CacheTarget;
  pathPurged: boolean;
  /** Tags purged since it began; which of them are its own turns out when it ends. */
  readonly purgedTags: Set<string>;
  /** A fill that began later is done already. */
  superseded: boolean;
}

/** An invalidation names `path` with its query. `key` also has the headers of the cache policy. */
interface CacheTarget {
  readonly path: string;
  readonly key: string;
}

/** A reader's request as the cache knows it. */
interface Asked extends ReaderRequest {
  /** The normalised `Accept-Encoding`. */
  readonly encodings: string;
}

interface Outcome {
  readonly entry: Entry;
  readonly xCache: XCache;
  /** Whether readers other than the one it was made for may have it. */
  readonly isShared: boolean;
}

type XCache = 'Hit' | 'Miss' | 'RefreshHit' | 'Error' | 'FunctionGeneratedResponse' | 'FunctionExecutionError';

const via = '1.1 local.cloudfront.net (CloudFront)';

/** Connection-specific fields (RFC 9110 §7.6.1), and those that the edge writes itself. */
const notKept = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer'],
  ...['transfer-encoding', 'upgrade', 'content-length', 'via', 'x-cache', 'age'],
]);

/**
 * Conditional and range headers of a reader: the edge sends its own, since a 304 or 206 for one reader must not be
 * stored for all.
 */
const notForwarded = new Set([
  ...['if-none-match', 'if-modified-since', 'if-match', 'if-unmodified-since', 'if-range', 'range'],
  ...['accept-encoding', 'expect', 'via'],
]);

const maxUrlBytes = 8192;

/** Memory of an entry beside its headers and body: key, indexes, object. */
const entryOverheadBytes = 512;

/**
 * A caching proxy that treats one distribution's readers as CloudFront would, on one machine.
 *
 * After `invalidate` returns, no request is answered from what was stored before, nor by waiting for a fill that began
 * before. Of two fills of one key the one that began later wins, whichever ends first. Fills that a purge overtook:
 * see `storesFillsPurgedInFlight`.
 *
 * Unlike CloudFront it does not compress; parts are cut from the whole, where the origin says that it knows parts; and stale content covers for an error of
 * the origin only where `stale-if-error` or `stale-while-revalidate` says so.
 */
export class Edge {
  readonly #options: EdgeOptions;
  readonly #cache: EdgeCache;
  readonly #now: () => number;
  readonly #viewerRequest: ViewerFunction | undefined;
  readonly #viewerResponse: ViewerResponseFunction | undefined;
  readonly #tagHeader: string;
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
    this.#viewerResponse = viewerResponse === undefined ? undefined : viewerResponseFunction(viewerResponse);
    this.#tagHeader = options.tagHeader.toLowerCase();
    const { queryStrings } = options.cachePolicy;
    this.#queryNames = queryStrings === 'all' ? 'all' : new Set(queryStrings === 'none' ? [] : queryStrings);
  }

  /** Resolves when the answer is written; a hit is written before this returns. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (Buffer.byteLength(request.url ?? '') > maxUrlBytes) {
      this.#send(request, response, this.#ownAnswer(414, 'The URL is longer than 8,192 bytes.'), 'Error');
      return;
    }
    const isOptions =
      request.method === 'OPTIONS' && this.#options.allowsOptions === true && this.#viewerRequest !== undefined;
    if (request.method !== 'GET' && request.method !== 'HEAD' && !isOptions) {
      this.#send(
        request,
        response,
        this.#ownAnswer(403, 'This distribution is not configured to allow the HTTP request method that was used.'),
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
      this.#send(request, response, this.#functionAnswer(result), 'FunctionGeneratedResponse');
      return;
    }
    if (request.method === 'OPTIONS') {
      this.#send(request, response, this.#ownAnswer(501, 'On a laptop no origin is asked OPTIONS.'), 'Error');
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

  #functionFailed(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#send(request, response, this.#ownAnswer(503, `A function failed: ${reason}`), 'FunctionExecutionError');
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

  /** For one reader alone, never stored. */
  async #passThrough(
    request: IncomingMessage,
    response: ServerResponse,
    target: CacheTarget,
    asked: Asked,
  ): Promise<void> {
    const { entry } = this.#entryOf(target, await this.#ask(asked, undefined), undefined);
    this.#send(request, response, entry, entry.statusCode >= 400 ? 'Error' : 'Miss');
  }

  /** Never rejects: an origin that fails is an answer too. */
  #startFill(target: CacheTarget, asked: Asked, base: Entry | undefined): Promise<Outcome> {
    const fill: Fill = { number: ++this.#fills, target, pathPurged: false, purgedTags: new Set(), superseded: false };
    this.#running.add(fill);
    const outcome = this.#ask(asked, base).then((answer) => this.#finish(fill, answer, base));
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
    const { entry, isStorable, isShared } = this.#entryOf(fill.target, answer, base);
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

  async #ask(asked: Asked, base: Entry | undefined): Promise<OriginResponse> {
    const headers: Record<string, string> = {
      'accept-encoding': asked.encodings,
      'user-agent': 'Amazon CloudFront',
      via,
    };
    for (const listed of [...this.#options.cachePolicy.headers, ...this.#options.originRequestHeaders]) {
      const name = listed.toLowerCase();
      const value = asked.headers[name];
      if (value !== undefined && !notKept.has(name) && !notForwarded.has(name)) headers[name] = value;
    }
    const validators = base?.statusCode === 200 ? base.headers : undefined;
    const etag = validators?.get('etag');
    const modified = validators?.get('last-modified');
    if (etag !== undefined) headers['if-none-match'] = etag;
    if (modified !== undefined) headers['if-modified-since'] = modified;
    const { rawPath, rawQueryString } = asked;
    const timeout = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      timeout.reject(new OriginTimeout());
    }, this.#options.originTimeoutMilliseconds);
    try {
      const answer = await Promise.race([
        this.#options.origin({ method: 'GET', rawPath, rawQueryString, headers }),
        timeout.promise,
      ]);
      if (!Number.isInteger(answer.statusCode) || answer.statusCode < 200 || answer.statusCode > 599) {
        throw new RangeError(`${answer.statusCode} is no status of a final answer`);
      }
      for (const [name, value] of Object.entries(answer.headers)) {
        validateHeaderName(name);
        validateHeaderValue(name, value);
      }
      return answer;
    } catch (error) {
      if (error instanceof OriginTimeout)
        return errorDocument(504, `The origin did not answer within ${this.#options.originTimeoutMilliseconds} ms.`);
      return errorDocument(502, `The origin failed: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The entry for the origin's answer. A 304 gives the base a new lifetime (RFC 9111 §4.3.4). */
  #entryOf(
    { path, key }: CacheTarget,
    answer: OriginResponse,
    base: Entry | undefined,
  ): { entry: Entry; isStorable: boolean; isShared: boolean } {
    const revalidated = answer.statusCode === 304 ? base : undefined;
    const now = this.#now();
    const statusCode = revalidated?.statusCode ?? answer.statusCode;
    const body = revalidated?.body ?? answer.body;
    const headers = new Map(revalidated?.headers);
    if (!revalidated || !('date' in answer.headers)) headers.set('date', new Date(now).toUTCString());
    const dropped = new Set((answer.headers['connection'] ?? '').toLowerCase().split(/\s*,\s*/));
    for (const [field, value] of Object.entries(answer.headers)) {
      const name = field.toLowerCase();
      if (!notKept.has(name) && !dropped.has(name) && !(revalidated && isAboutBody(name))) headers.set(name, value);
    }
    const control = parseCacheControl(headers.get('cache-control'));
    const isPrivate = control.noStore || control.private || headers.has('set-cookie');
    const keptSeconds = lifetimeSeconds(statusCode, headers, control, this.#options);
    const freshUntil = now + 1000 * keptSeconds;
    const mayBeStale = statusCode < 400 && !control.mustRevalidate && !isPrivate && !control.noCache;
    const canRevalidate =
      statusCode === 200 && !isPrivate && !control.noCache && (headers.has('etag') || headers.has('last-modified'));
    const tags = tagsIn(headers.get(this.#tagHeader));
    const hitHeaders = [...headers].flat();
    if (statusCode !== 204 && statusCode !== 304) hitHeaders.push('content-length', String(body.length));
    hitHeaders.push('via', via, 'x-cache', `${statusCode >= 400 ? 'Error' : 'Hit'} from cloudfront`, 'age', '0');
    const entry: Entry = {
      path,
      key,
      statusCode,
      headers,
      body,
      tags,
      validatedAt: now,
      freshUntil,
      staleWhileRevalidateUntil: mayBeStale ? freshUntil + 1000 * (control.staleWhileRevalidate ?? 0) : 0,
      // Where the origin names no bound, CloudFront serves what it has for as long as the origin fails.
      staleIfErrorUntil: mayBeStale ? freshUntil + 1000 * (control.staleIfError ?? Infinity) : 0,
      retryAt: 0,
      hitHeaders,
      bytes:
        body.length +
        path.length +
        key.length +
        hitHeaders.reduce((sum, text) => sum + text.length, 0) +
        entryOverheadBytes,
    };
    return { entry, isStorable: keptSeconds > 0 || canRevalidate, isShared: keptSeconds > 0 };
  }

  #ownAnswer(statusCode: number, message: string): Entry {
    return this.#entryOf(nowhere, errorDocument(statusCode, message), undefined).entry;
  }

  #functionAnswer(answer: ViewerResponse): Entry {
    const headers = Object.fromEntries(Object.entries(answer.headers ?? {}).map(([name, { value }]) => [name, value]));
    const { body } = answer;
    const bytes =
      typeof body === 'object'
        ? Buffer.from(body.data, body.encoding === 'base64' ? 'base64' : 'utf8')
        : Buffer.from(body ?? '');
    return this.#entryOf(nowhere, { statusCode: answer.statusCode, headers, body: bytes }, undefined).entry;
  }

  #send(request: IncomingMessage, response: ServerResponse, entry: Entry, xCache: XCache): void {
    // The reader may have left while the origin was asked.
    if (response.destroyed) return;
    const headers = this.#headersOf(entry, xCache);
    if (this.#viewerResponse && entry.statusCode < 400 && xCache !== 'FunctionGeneratedResponse') {
      let changed: ViewerResponse;
      try {
        changed = this.#viewerResponse(
          viewerEvent(request),
          viewerResponseEvent(entry.statusCode, headers),
          request.socket.remoteAddress ?? '',
        );
      } catch (error) {
        this.#functionFailed(request, response, error);
        return;
      }
      if (changed.statusCode !== entry.statusCode) {
        response.writeHead(changed.statusCode, changedPairs(headers, changed));
        response.end(request.method === 'HEAD' ? undefined : entry.body);
        return;
      }
    }
    if (entry.statusCode === 200 && isUnchanged(request, entry)) {
      response.writeHead(304, pairsWithout(headers, isAboutBody));
      response.end();
      return;
    }
    const part = entry.statusCode === 200 ? partOf(request, entry) : undefined;
    if (part) {
      const { from, to } = part;
      const { length } = entry.body;
      const isThere = from < length;
      const body = isThere ? entry.body.subarray(from, to + 1) : Buffer.alloc(0);
      const range = [
        'content-range',
        isThere ? `bytes ${from}-${to}/${length}` : `bytes */${length}`,
        'content-length',
        String(body.length),
      ];
      response.writeHead(isThere ? 206 : 416, [
        ...pairsWithout(headers, (name) => name === 'content-length'),
        ...range,
      ]);
      response.end(request.method === 'HEAD' ? undefined : body);
      return;
    }
    response.writeHead(entry.statusCode, headers);
    if (request.method === 'HEAD') response.end();
    else response.end(entry.body);
  }

  /** Hits share one array: it is read before this returns to the event loop, so bringing its age up to date is safe. */
  #headersOf(entry: Entry, xCache: XCache): string[] {
    const { hitHeaders } = entry;
    if (xCache === 'Hit') {
      hitHeaders[hitHeaders.length - 1] = String(Math.max(0, Math.floor((this.#now() - entry.validatedAt) / 1000)));
      return hitHeaders;
    }
    const headers = hitHeaders.slice(0, -2);
    headers[headers.length - 1] = `${xCache} from cloudfront`;
    return headers;
  }
}

/** Of answers that are not stored. */
const nowhere: CacheTarget = { path: '', key: '' };

class OriginTimeout extends Error {}
