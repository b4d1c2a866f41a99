/**
 * The grammar of each CMS's ids. They have a file of their own because `store` needs them and nothing else of a source.
 */
export const idGrammars = {
  /** Twenty-six letters and digits, or a UUID. */
  arc: /^[\w-]{1,128}$/,
  /** A UUID, a number, or a key that the newsroom chose. */
  directus: /^[\w-][\w.-]{0,99}$/,
  /** A UUID, and the language if the newsroom has several. */
  drupal: /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?:\.[a-z]{2,8}(?:-[\da-z]{1,8}){0,4})?$/i,
  /** A digest of the id that the feed gives an entry. */
  feed: /^[\da-f]{32}$/,
  /** An ObjectID. Filters are in NQL, in which letters and digits cannot escape from a value. */
  ghost: /^[\da-z]{1,64}$/i,
  /** The document's id, and the locale as a BCP 47 tag if the content type is localised. */
  strapi: /^[\w-]{1,64}(?:\.[a-z]{2,8}(?:-[\da-z]{1,8}){0,4})?$/i,
  wordpress: /^\d{1,20}$/,
} as const;

/** Returns whether a uri belongs to a CMS but its id does not match the CMS's grammar. */
export function hasForeignId(uri: string): boolean {
  const [, name = '', id = ''] = /^([a-z]+):[^/]*\/(.*)$/s.exec(uri) ?? [];
  const ids = new Map<string, RegExp>(Object.entries(idGrammars)).get(name);
  return ids !== undefined && !ids.test(id);
}
