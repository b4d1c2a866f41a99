import { createHash } from 'node:crypto';
import slugify from '@sindresorhus/slugify';
import { base32 } from './article.ts';

const longest = 64;

/** A name as it stands in URLs and feed ids: ASCII, lower case, at most 64 characters; a name without any becomes a short hash. */
export function slugOf(name: string): string {
  const slug = slugify(name.slice(0, 4 * longest), { decamelize: false })
    .slice(0, longest)
    .replace(/-+$/, '');
  return slug === '' ? base32(createHash('sha256').update(name).digest()).slice(0, 8) : slug;
}
