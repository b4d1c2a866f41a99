import type { Fault } from '../field-schema.ts';
import { canaryUri } from '../trace/publish-trace.ts';

/**
 * For each `source` of bus events, the uri prefixes that only this source may write. The longest matching prefix wins.
 */
export type Owners = Readonly<Record<string, readonly string[]>>;

/** Sources of the newsroom's own commands (`npm run pressrun`). They may write any uri. */
const operatorSources: readonly string[] = ['pressrun-cli'];

/** The uris of Pressrun's own test articles. */
export const ownTests: Owners = { 'pressrun.canary': [canaryUri], 'pressrun-smoke': ['urn:pressrun:smoke:'] };

/**
 * Returns why a source may not write a uri, or undefined if it may. A source with prefixes writes only uris with these
 * prefixes; a uri without an owner may be written by every source without prefixes. The comparison ignores case, as the
 * scheme of a URI does (RFC 3986 §3.1).
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
