import type { Fault } from '../field-schema.ts';
import { canaryUri } from '../trace/publish-trace.ts';

/** The prefixes of the uris that a source alone may write, by the `source` of its bus events; a longer prefix wins over a shorter one. */
export type Owners = Readonly<Record<string, readonly string[]>>;

/** Sources of orders of the newsroom itself (`npm run pressrun`), which may be about any uri. */
const operatorSources: readonly string[] = ['pressrun-cli'];

/** What Pressrun sends about stories of its own. */
export const ownTests: Owners = { 'pressrun.canary': [canaryUri], 'pressrun-smoke': ['urn:pressrun:smoke:'] };

/**
 * Why a source may not write a uri: another source owns it, or this source owns others. A uri that nobody owns may be written by every
 * source that owns nothing. Upper and lower case are alike, as they are in the scheme of a URI (RFC 3986 §3.1).
 */
export function ownershipFault(owners: Owners, source: string, uri: string): Omit<Fault, 'path'> | undefined {
  if (operatorSources.includes(source)) return undefined;
  const written = uri.toLowerCase();
  let longest = 0;
  let owning: string[] = [];
  for (const [owner, prefixes] of Object.entries(owners)) {
    for (const prefix of prefixes) {
      if (prefix.length < longest || !written.startsWith(prefix.toLowerCase())) continue;
      owning = prefix.length > longest ? [owner] : [...owning, owner];
      longest = prefix.length;
    }
  }
  if (owning.includes(source)) return undefined;
  if (owning.length > 0)
    return {
      message: 'must not be a uri of another source: this one begins as those that another source owns (context owns)',
    };
  return Object.hasOwn(owners, source)
    ? { message: 'must begin with one of the prefixes that its source owns (context owns)' }
    : undefined;
}
