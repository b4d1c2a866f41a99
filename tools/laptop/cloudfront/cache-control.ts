/** Directives of `Cache-Control` for a shared cache, in seconds. Absent directives are undefined. */
export interface CacheControl {
  readonly noStore: boolean;
  readonly noCache: boolean;
  readonly private: boolean;
  /** Forbids every use of a stale response (RFC 9111 §5.2.2.2, §5.2.2.8). */
  readonly mustRevalidate: boolean;
  readonly sharedMaxAge?: number;
  readonly maxAge?: number;
  readonly staleWhileRevalidate?: number;
  readonly staleIfError?: number;
}

/**
 * Reads a response's `Cache-Control` (RFC 9111 §5.2, RFC 5861).
 *
 * Of a repeated directive the first counts; a time that is no number counts as 0, so that a typing error makes a
 * response stale instead of making it last (RFC 9111 §4.2.1).
 */
export function parseCacheControl(header: string | undefined): CacheControl {
  const directives = new Map<string, string>();
  for (const [, name = '', quoted, token] of (header ?? '').matchAll(
    /([^\s,;=]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;]*)))?/g,
  )) {
    const directive = name.toLowerCase();
    if (!directives.has(directive)) directives.set(directive, quoted ?? token ?? '');
  }
  const seconds = <Name extends string>(property: Name, directive: string): Partial<Record<Name, number>> => {
    const value = directives.get(directive);
    if (value === undefined) return {};
    return { [property]: /^\d+$/.test(value) ? Number(value) : 0 } as Record<Name, number>;
  };
  return {
    noStore: directives.has('no-store'),
    noCache: directives.has('no-cache'),
    private: directives.has('private'),
    mustRevalidate: directives.has('must-revalidate') || directives.has('proxy-revalidate'),
    ...seconds('sharedMaxAge', 's-maxage'),
    ...seconds('maxAge', 'max-age'),
    ...seconds('staleWhileRevalidate', 'stale-while-revalidate'),
    ...seconds('staleIfError', 'stale-if-error'),
  };
}
