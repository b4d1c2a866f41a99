import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Entry } from './edge-cache.ts';
import { changedPairs, isAboutBody, isUnchanged, pairsWithout, partOf, viewerResponseEvent } from './responses.ts';
import type { ViewerResponse, ViewerResponseFunction } from './viewer-function.ts';
import { viewerEvent } from './viewer-request.ts';

export type XCache = 'Hit' | 'Miss' | 'RefreshHit' | 'Error' | 'FunctionGeneratedResponse' | 'FunctionExecutionError';

export interface Writing {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** It runs unless the answer is 400 or higher, or another function's. */
  readonly viewerResponse: ViewerResponseFunction | undefined;
  /** Answers a request whose function threw. */
  readonly functionFailed: (request: IncomingMessage, response: ServerResponse, error: unknown) => void;
}

/** Writes an entry as the answer to one reader: changed by the viewer-response function, as a 304, in part, or whole. */
export function writeEntry(
  request: IncomingMessage,
  response: ServerResponse,
  { entry, xCache }: { readonly entry: Entry; readonly xCache: XCache },
  { now, viewerResponse, functionFailed }: Writing,
): void {
  // The reader may have left while the origin was asked.
  if (response.destroyed) return;
  let headers = headersOf(entry, xCache, now);
  if (viewerResponse && entry.statusCode < 400 && xCache !== 'FunctionGeneratedResponse') {
    let changed: ViewerResponse;
    try {
      changed = viewerResponse(
        viewerEvent(request),
        viewerResponseEvent(entry.statusCode, headers),
        request.socket.remoteAddress ?? '',
      );
    } catch (error) {
      functionFailed(request, response, error);
      return;
    }
    headers = changedPairs(headers, changed);
    if (changed.statusCode !== entry.statusCode) {
      response.writeHead(changed.statusCode, headers);
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
    response.writeHead(isThere ? 206 : 416, [...pairsWithout(headers, (name) => name === 'content-length'), ...range]);
    response.end(request.method === 'HEAD' ? undefined : body);
    return;
  }
  response.writeHead(entry.statusCode, headers);
  if (request.method === 'HEAD') response.end();
  else response.end(entry.body);
}

/** Hits share one array, whose age is updated in place: `writeHead` reads it before the next request is handled. */
function headersOf(entry: Entry, xCache: XCache, now: () => number): string[] {
  const { hitHeaders } = entry;
  if (xCache === 'Hit') {
    hitHeaders[hitHeaders.length - 1] = String(Math.max(0, Math.floor((now() - entry.validatedAt) / 1000)));
    return hitHeaders;
  }
  const headers = hitHeaders.slice(0, -2);
  headers[headers.length - 1] = `${xCache} from cloudfront`;
  return headers;
}
