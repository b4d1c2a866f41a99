import type { IncomingMessage } from 'node:http';
import type { EventValue, ViewerRequest } from './viewer-function.ts';

export interface ReaderRequest {
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export function readerRequest(request: IncomingMessage): ReaderRequest {
  const [rawPath, rawQueryString] = target(request);
  return { rawPath, rawQueryString, headers: request.headers as Record<string, string | undefined> };
}

/** Path and query; a client that takes the edge for a forward proxy names the whole URL (RFC 9112 §3.2.2). */
function target(request: IncomingMessage): [string, string] {
  const url = (request.url ?? '/').replace(/^https?:\/\/[^/?]*/i, '');
  const mark = url.indexOf('?');
  return mark === -1 ? [url === '' ? '/' : url, ''] : [mark === 0 ? '/' : url.slice(0, mark), url.slice(mark + 1)];
}

export function viewerEvent(request: IncomingMessage): ViewerRequest {
  const [uri, query] = target(request);
  const headers = Object.entries(request.headers).flatMap(([name, value]): [string, EventValue][] =>
    value === undefined || name === 'cookie'
      ? []
      : [[name, { value: Array.isArray(value) ? value.join(', ') : value }]],
  );
  return {
    method: request.method ?? 'GET',
    uri,
    querystring: splitValues(query, '&'),
    headers: Object.fromEntries(headers),
    cookies: splitValues(request.headers.cookie ?? '', /;\s*/),
  };
}

function splitValues(text: string, separator: string | RegExp): Record<string, EventValue> {
  const values = new Map<string, EventValue>();
  for (const part of text === '' ? [] : text.split(separator)) {
    const equals = part.indexOf('=');
    const name = equals === -1 ? part : part.slice(0, equals);
    const value = equals === -1 ? '' : part.slice(equals + 1);
    const before = values.get(name);
    if (before) (before.multiValue ??= [{ value: before.value }]).push({ value });
    else values.set(name, { value });
  }
  return Object.fromEntries(values);
}

export function joinValues(values: Readonly<Record<string, EventValue>>, separator: string): string {
  const parts = Object.entries(values).flatMap(([name, { value, multiValue }]) =>
    (multiValue ?? [{ value }]).map((each) => `${name}=${each.value}`),
  );
  return parts.join(separator);
}

export function keptQuery(query: string, names: ReadonlySet<string> | 'all'): string {
  if (query === '' || names === 'all') return query;
  return query
    .split('&')
    .filter((part) => names.has(part.split('=', 1)[0] ?? ''))
    .join('&');
}

/** The reader's `Accept-Encoding` as CloudFront normalises it. It removes the header of HTTP/1.0. */
export function acceptedOf(
  { httpVersion }: IncomingMessage,
  { headers }: ReaderRequest,
  encodings: readonly string[],
): string {
  const accepted = (httpVersion === '1.0' ? '' : (headers['accept-encoding'] ?? ''))
    .toLowerCase()
    .split(',')
    .map((coding) => coding.split(';').map((part) => part.trim()))
    .filter(([, weight = 'q=1']) => Number(weight.slice('q='.length)) !== 0)
    .map(([coding]) => coding);
  const kept = encodings.filter((encoding) => accepted.includes(encoding));
  return kept.length === 0 ? 'identity' : kept.join(',');
}
