/**
 * How the ids of each CMS are written. An id that is written otherwise was made up by whoever put it on the bus: it must not
 * get into a request that carries a key of the CMS (as a path such as `../admin`, or as a filter of its query language).
 */
export const cmsIds = {
  /** An ObjectID; filters are in NQL, which letters and digits cannot leave. */
  ghost: /^[\da-z]{1,64}$/i,
  wordpress: /^\d{1,20}$/,
  /** The document's id and, where the content type is localised, the locale as a BCP 47 tag. */
  strapi: /^[\w-]{1,64}(?:\.[a-z]{2,8}(?:-[\da-z]{1,8}){0,4})?$/i,
  /** A UUID, a number, or a key that the newsroom chose. */
  directus: /^[\w-][\w.-]{0,99}$/,
} as const;

/** Whether a uri names a CMS whose ids are written otherwise. */
export function hasForeignId(uri: string): boolean {
  const [, name = '', id = ''] = /^([a-z]+):[^/]*\/(.*)$/s.exec(uri) ?? [];
  return isCms(name) && !cmsIds[name].test(id);
}

function isCms(name: string): name is keyof typeof cmsIds {
  return Object.hasOwn(cmsIds, name);
}
