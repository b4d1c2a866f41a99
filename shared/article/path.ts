import { reservedSegmentOf } from '../site/routes.ts';
import { slugOf } from './slug.ts';
import { trimmedEnd } from '../trim.ts';

const strayPercent = /%(?![0-9a-f]{2})/i;
const longestBytes = 300;
/** Nobody's path: what is longer is not even looked at. */
const longestGiven = 2048;

/** The path an article has when it claims none or lost the one it claimed. Needs no row: it names its owner. */
export function defaultPath(articleId: string, headline: string): string {
  return `/articles/${articleId}/${slugOf(headline)}`;
}

/**
 * The one form of a path that is stored, linked and looked up: percent-encoded as browsers send it (WHATWG URL),
 * without a trailing slash. `undefined` where it is no absolute path. The canonical path of a canonical path is itself:
 * a `%` that begins no escape is refused, since decoding what follows it could make it begin one.
 */
export function canonicalPath(path: string): string | undefined {
  if (
    path.length > longestGiven ||
    !path.startsWith('/') ||
    path.startsWith('//') ||
    !URL.canParse(path, 'http://site.invalid')
  )
    return undefined;
  if (strayPercent.test(path)) return undefined;
  const url = new URL(path, 'http://site.invalid');
  const trimmed = trimmedEnd(url.pathname, /\//).replaceAll(/%[0-9a-f]{2}/gi, normalised);
  // Once dots are resolved, a path may begin with two slashes: to a browser that is another site's address.
  return url.host !== 'site.invalid' || trimmed.startsWith('//') ? undefined : trimmed || '/';
}

/** RFC 3986 §6.2.2: hex digits in upper case, and what needs no encoding without it. */
function normalised(encoded: string): string {
  const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
  return /[A-Za-z0-9._~-]/.test(character) ? character : encoded.toUpperCase();
}

/** Why a path can't be an article's, in words for the person who sent it; `undefined` when it can. */
export function pathFault(path: string): string | undefined {
  if (path.length > longestGiven) return `must be at most ${longestBytes} bytes once percent-encoded`;
  const canonical = canonicalPath(path);
  const isAbsolute = /^\/(?!\/)/.test(path);
  if (isAbsolute && strayPercent.test(path)) return 'must not have a % that is not followed by two hexadecimal digits';
  if (isAbsolute && (canonical === undefined || canonical.includes('//'))) return 'must not have an empty segment';
  if (canonical === undefined) return 'must be an absolute path such as /news/world/a-story';
  if (canonical === '/') return 'must not be the home page';
  if (/%(?:[01][0-9A-F]|7F)/.test(canonical)) return 'must not have control characters';
  if (/[?#\\]/.test(path)) return 'must have neither a query, a fragment nor a backslash';
  // Servers on the way decode it, and the path becomes another.
  if (/%(?:2F|5C)/.test(canonical)) return 'must not have an encoded slash or backslash';
  if (Buffer.byteLength(canonical) > longestBytes) return `must be at most ${longestBytes} bytes once percent-encoded`;
  const reserved = reservedSegmentOf(canonical);
  if (reserved !== undefined) return `must not begin with /${reserved}, which is reserved for the site itself`;
  return undefined;
}
