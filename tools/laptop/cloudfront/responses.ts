import type { IncomingMessage } from 'node:http';
import type { Entry } from './edge-cache.ts';
import type { OriginResponse } from './origin.ts';
import type { ViewerResponse } from './viewer-function.ts';

/** CloudFront ignores further tags of an object, and longer ones. */
const tagsPerObject = 50;

const tagCharacters = 256;

export function tagsIn(header: string | undefined): string[] {
  const tags = (header ?? '').split(',').map((tag) => tag.trim().toLowerCase());
  return [...new Set(tags.filter((tag) => tag !== '' && tag.length <= tagCharacters))].slice(0, tagsPerObject);
}

/** Returns the seconds from `Date` to `Expires`, 0 if a date is invalid (RFC 9111 §5.3). */
export function secondsToExpiry(headers: ReadonlyMap<string, string>): number | undefined {
  const expires = headers.get('expires');
  if (expires === undefined) return undefined;
  const seconds = (Date.parse(expires) - Date.parse(headers.get('date') ?? '')) / 1000;
  return seconds > 0 ? seconds : 0;
}

/** Whether the reader has this already (RFC 9110 §13.1.2, §13.1.3). */
export function isUnchanged(request: IncomingMessage, entry: Entry): boolean {
  const known = request.headers['if-none-match'];
  if (known !== undefined) {
    const etag = entry.headers.get('etag');
    if (known.trim() === '*') return true;
    return etag !== undefined && (known.match(/(?:W\/)?"[^"]*"/g) ?? []).some((each) => weak(each) === weak(etag));
  }
  const since = request.headers['if-modified-since'];
  const modified = entry.headers.get('last-modified');
  return since !== undefined && modified !== undefined && Date.parse(modified) <= Date.parse(since);
}

/** Returns the range that a reader asks for, last byte included (RFC 9110 §14). Several ranges are answered with the whole body. */
export function partOf(
  { headers, method }: IncomingMessage,
  { headers: said, body }: Entry,
): { readonly from: number; readonly to: number } | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? '') ?? [];
  if (
    method !== 'GET' ||
    first === undefined ||
    last === undefined ||
    (first === '' && last === '') ||
    said.get('accept-ranges') !== 'bytes'
  )
    return undefined;
  const condition = headers['if-range'];
  if (condition !== undefined && condition !== said.get('etag')) return undefined;
  const end = body.length - 1;
  if (first === '') return { from: Math.max(0, body.length - Number(last)), to: end };
  const to = last === '' ? end : Math.min(end, Number(last));
  return Number(first) > to && Number(first) <= end ? undefined : { from: Number(first), to };
}

function weak(etag: string): string {
  return etag.startsWith('W/') ? etag.slice(2) : etag;
}

/** Fields that describe the body, which a 304 does not have and must not change (RFC 9110 §15.4.5). */
export function isAboutBody(name: string): boolean {
  return (
    name === 'content-type' ||
    name === 'content-length' ||
    name === 'content-encoding' ||
    name === 'content-language' ||
    name === 'content-range'
  );
}

export function pairsWithout(flat: readonly string[], isDropped: (name: string) => boolean): string[] {
  return flat.filter((_, index) => !isDropped(flat[index - (index % 2)] ?? ''));
}

export function errorDocument(statusCode: number, message: string): OriginResponse {
  const text = message.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
  return {
    statusCode,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: Buffer.from(
      `<!DOCTYPE html>\n<title>ERROR: The request could not be satisfied</title>\n<h1>${statusCode} ERROR</h1>\n<p>${text}</p>\n`,
    ),
  };
}

/** A response as a CloudFront function sees it: without its body. */
export function viewerResponseEvent(statusCode: number, flat: readonly string[]): ViewerResponse {
  const headers = Object.fromEntries(
    flat.flatMap((name, index) => (index % 2 === 0 ? [[name, { value: flat[index + 1] ?? '' }]] : [])),
  );
  return { statusCode, headers };
}

/** Header fields that a function at the viewer-response event reads and cannot change. */
const readOnly = new Set(['content-length', 'content-encoding', 'transfer-encoding', 'via', 'warning']);

/** The header fields of a response after a function changed it. */
export function changedPairs(flat: readonly string[], { headers = {} }: ViewerResponse): string[] {
  return [
    ...pairsWithout(flat, (name) => !readOnly.has(name)),
    ...Object.entries(headers).flatMap(([name, { value }]) => (readOnly.has(name) ? [] : [name, value])),
  ];
}
