import { statusHeader } from '../../shared/site/cdn-headers.ts';
import type { Response } from './http.ts';

/** The path that the reader asked for. The distribution's viewer function writes `~` for `%`, and `~7E` for `~`. */
export function pathOf(rawPath: string): string {
  return rawPath.replaceAll(/~([0-9A-F]{2})/g, '%$1').replaceAll('%7E', '~');
}

/** What a function URL takes as an answer. */
export interface CdnAnswer {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/**
 * Returns an answer in the form in which CloudFront caches it. It caches no 410: it gets a 200 that names the status, and
 * the distribution's viewer function gives readers that.
 */
export function forCdn({ status, headers, body }: Response): CdnAnswer {
  if (status !== 410) return { statusCode: status, headers: { ...headers }, body };
  return { statusCode: 200, headers: { ...headers, [statusHeader]: String(status) }, body };
}
