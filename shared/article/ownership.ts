import type { Issue } from '../field-schema.ts';
import { pictureAddress } from '../picture/picture.ts';
import { canaryUri } from '../trace/publish-trace.ts';

/**
 * For each `source` of bus events, the uri prefixes that only this source may write. The longest matching prefix wins.
 * Prefixes that begin with `front:` name fronts.
 */
export type Owners = Readonly<Record<string, readonly string[]>>;

/** Sources of the newsroom's own commands (`npm run pressrun`). They may write any uri. */
const operatorSources: readonly string[] = ['pressrun-cli'];

/** The uris of Pressrun's own test articles. */
export const ownTests: Owners = { 'pressrun.canary': [canaryUri], 'pressrun-smoke': ['urn:pressrun:smoke:'] };

const frontPrefix = 'front:';

/**
 * Returns why a source may not write a uri, or undefined if it may. A source with prefixes may write only uris that
 * begin with one of them. A uri without an owner may be written by every source that has no prefixes. The comparison
 * ignores case, as the scheme of a URI does (RFC 3986 §3.1). The id of a picture is computed from its address as a
 * browser reads it, so that spelling is compared too.
 */
export function ownershipIssue(owners: Owners, source: string, uri: string): Omit<Issue, 'path'> | undefined {
  const ofUris = only(owners, (prefix) => !prefix.startsWith(frontPrefix));
  for (const written of new Set([uri, pictureAddress(uri)])) {
    const right = rightTo(ofUris, source, written);
    if (right === 'another’s')
      return {
        message: 'must not be a uri of another source: another source owns uris with this beginning (context owns)',
      };
    if (right === 'nobody’s' && ofUris.has(source))
      return { message: 'must begin with one of the prefixes that its source owns (context owns)' };
  }
  return undefined;
}

/**
 * Returns why a source may not write a front, or undefined if it may. A front without an owner may be written by every
 * source that owns no front and is not a webhook endpoint.
 */
export function frontOwnershipIssue(owners: Owners, source: string, name: string): Omit<Issue, 'path'> | undefined {
  const ofFronts = only(owners, (prefix) => prefix.startsWith(frontPrefix));
  const right = rightTo(ofFronts, source, frontPrefix + name);
  if (right === 'another’s') return { message: 'must not be a front that another source owns (context owns)' };
  return right === 'nobody’s' && (ofFronts.has(source) || source.startsWith('cms.'))
    ? { message: 'must be a front that its source owns (context owns)' }
    : undefined;
}

/**
 * Returns whether an address that a story of `owner` has left may not go to a story of `claimant`. Rows of earlier
 * releases name no source.
 */
export function isAnothers(owner: string | undefined, claimant: string | undefined): boolean {
  return (
    owner !== undefined &&
    claimant !== undefined &&
    owner !== claimant &&
    ![owner, claimant].some((source) => operatorSources.includes(source))
  );
}

/**
 * Returns the owners that have prefixes of this kind, and the owners that have no prefixes at all: those may write
 * nothing.
 */
function only(owners: Owners, isOfKind: (prefix: string) => boolean): ReadonlyMap<string, readonly string[]> {
  return new Map(
    Object.entries(owners)
      .filter(([, prefixes]) => prefixes.length === 0 || prefixes.some(isOfKind))
      .map(([owner, prefixes]) => [owner, prefixes.filter(isOfKind)]),
  );
}

function rightTo(
  owners: ReadonlyMap<string, readonly string[]>,
  source: string,
  written: string,
): 'its own' | 'another’s' | 'nobody’s' {
  if (operatorSources.includes(source)) return 'its own';
  const text = written.toLowerCase();
  let longest = 0;
  let owning: string[] = [];
  for (const [owner, prefixes] of owners) {
    for (const prefix of prefixes.flatMap((given) => [given, pictureAddress(given)])) {
      if (prefix.length < longest || !text.startsWith(prefix.toLowerCase())) continue;
      owning = prefix.length > longest ? [owner] : [...owning, owner];
      longest = prefix.length;
    }
  }
  if (owning.length === 0) return 'nobody’s';
  return owning.includes(source) ? 'its own' : 'another’s';
}
