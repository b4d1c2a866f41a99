import { createHash } from 'node:crypto';

/** Matches an IRI (RFC 3987 §2.2), without the rules for its authority. */
const iri =
  /^[a-z][a-z0-9+.-]*:(?:[\w.~:/?#[\]@!$&'()*+,;=\u{a0}-\u{d7ff}\u{f900}-\u{fdcf}\u{fdf0}-\u{ffef}\u{10000}-\u{1fffd}\u{20000}-\u{2fffd}\u{30000}-\u{3fffd}-]|%[0-9a-f]{2})+$/iu;
/** Matches a urn (RFC 8141 §2), but not `urn:uuid:` with another text than a UUID. */
const urn = /^urn:(?!uuid:(?![0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$))[a-z0-9][a-z0-9-]{0,30}[a-z0-9]:[^#[\]]+$/i;
/** Matches a tag (RFC 4151 §2.1). */
const tag = /^tag:(?:[\w.-]+@)?[a-z0-9.-]+,\d{4}(?:-\d\d(?:-\d\d)?)?:/i;

/**
 * Returns the identifier of an article as an IRI, as Atom requires (RFC 4287 §4.2.6): its uri if it is one, else a UUID
 * that is computed from the uri (RFC 9562 §5.5). Characters outside ASCII are escaped (RFC 3987 §3.1), because feed
 * readers expect a URI.
 */
export function iriOf(uri: string): string {
  const rest = uri.toLowerCase();
  const isOne =
    iri.test(uri) &&
    (rest.startsWith('urn:')
      ? urn.test(uri)
      : rest.startsWith('tag:')
        ? tag.test(uri)
        : !/^https?:/.test(rest) || (/^https?:\/\/./.test(rest) && URL.canParse(uri)));
  return isOne ? uri.replaceAll(/[\u{80}-\u{10ffff}]+/gu, encodeURIComponent) : `urn:uuid:${nameBasedUuid(uri)}`;
}

/** The namespace of names that are URLs (RFC 9562 §6.6). */
const namespace = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex');

/** Returns a UUID of version 5 (RFC 9562 §5.5). */
function nameBasedUuid(name: string): string {
  const bytes = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
