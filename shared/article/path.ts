import { reservedSegmentOf } from '../site/routes.ts';
import { slugOf } from './slug.ts';
import { withNormalEscapes } from '../normal-escapes.ts';
import { trimmedEnd } from '../trim.ts';

const strayPercent = /%(?![0-9a-f]{2})/i;
const longestBytes = 300;
/** The maximum length of a given path. No stored path is longer, so longer ones are not looked up. */
const longestGiven = 2048;
const longestCanonical = 1024;

/**
 * Returns the path of an article that claims no path, or lost the path that it claimed. It needs no row, because it
 * contains the articleId.
 */
export function defaultPath(articleId: string, headline: string): string {
  return `/articles/${articleId}/${slugOf(headline)}`;
}

export function isDefaultPath(articleId: string, path: string): boolean {
  return path.startsWith(`/articles/${articleId}/`);
}

/**
 * Returns the one form of a path that is stored, linked and looked up: percent-encoded as browsers send it (WHATWG
 * URL), without a trailing slash. Returns `undefined` if the text is not an absolute path. The function is idempotent:
 * a `%` that begins no escape is rejected, because decoding what follows it could turn it into one.
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
  const trimmed = withNormalEscapes(trimmedEnd(url.pathname, /\//));
  // After dot segments are resolved, a path may begin with two slashes, which browsers read as another site's address.
  // Encoded it may be longer than given, and a key of DynamoDB has 2,048 bytes at most.
  const isPath = url.host === 'site.invalid' && !trimmed.startsWith('//') && trimmed.length <= longestCanonical;
  return isPath ? trimmed || '/' : undefined;
}

/** Returns why an article cannot have this path, in words for its sender; `undefined` if it can. */
export function pathIssue(path: string): string | undefined {
  const canonical = canonicalPath(path);
  if (path.length > (canonical === undefined ? longestCanonical / 3 : longestGiven))
    return `must be at most ${longestBytes} bytes once percent-encoded`;
  const isAbsolute = /^\/(?!\/)/.test(path);
  if (isAbsolute && strayPercent.test(path)) return 'must not have a % that is not followed by two hexadecimal digits';
  if (isAbsolute && (canonical === undefined || canonical.includes('//'))) return 'must not have an empty segment';
  if (canonical === undefined) return 'must be an absolute path such as /news/world/a-story';
  if (canonical === '/') return 'must not be the home page';
  if (/%(?:[01][0-9A-F]|7F)/.test(canonical)) return 'must not have control characters';
  if (/[?#\\]/.test(path)) return 'must have neither a query, a fragment nor a backslash';
  // Intermediate servers decode an encoded slash, which makes it another path.
  if (/%(?:2F|5C)/.test(canonical)) return 'must not have an encoded slash or backslash';
  if (Buffer.byteLength(canonical) > longestBytes) return `must be at most ${longestBytes} bytes once percent-encoded`;
  const reserved = reservedSegmentOf(canonical);
  if (reserved !== undefined) return `must not begin with /${reserved}, which is reserved for the site itself`;
  return undefined;
}
