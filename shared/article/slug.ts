import { createHash } from 'node:crypto';
import slugify from '@sindresorhus/slugify';
import { base32 } from './article.ts';
import { trimmedEnd } from '../trim.ts';

const longest = 64;

/** Caches slugs: a newsroom uses the same few names all day, on every card of every list. */
const known = new Map<string, string>();
const maxKnown = 1000;

/**
 * Returns a name for URLs and feed ids: ASCII, lower case, at most 64 characters. A name without any ASCII letter or
 * digit becomes a short hash.
 */
export function slugOf(name: string): string {
  const before = known.get(name);
  if (before !== undefined) return before;
  if (known.size >= maxKnown) known.clear();
  const slug = slugIn(name);
  known.set(name, slug);
  return slug;
}

/** Returns a name made from a slug, for what has no name of its own. */
export function nameOfSlug(slug: string): string {
  return slug
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}

function slugIn(name: string): string {
  const slug = trimmedEnd(slugify(name.slice(0, 4 * longest), { decamelize: false }).slice(0, longest), /-/);
  return slug === '' ? base32(createHash('sha256').update(name).digest()).slice(0, 8) : slug;
}
