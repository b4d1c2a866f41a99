import type { Issue } from '../field-schema.ts';

/** Who may see a story according to the CMS: everybody; everybody from an instant on (ISO 8601); or not everybody. */
export type Publication =
  | { readonly state: 'published'; readonly since?: string }
  | { readonly state: 'scheduled'; readonly at: string }
  | { readonly state: 'not public' };

/** The states in which readers see a story, now or later. */
export type Shown = Exclude<Publication, { readonly state: 'not public' }>;

/** A CMS's words for its two public states. Every other word means that a story is not public. */
export interface StatusWords {
  readonly published: string;
  readonly scheduled?: string;
}

/**
 * Returns the publication of a story, by one rule for every source: a story that is not known to be published is not
 * shown. A story without a status, with an unknown status, or with a schedule without a date is not public. `date` is
 * the time at which readers were or will be first shown the story.
 */
export function publicationOf(
  status: unknown,
  { published, scheduled }: StatusWords,
  date: string | null | undefined,
): Publication {
  if (status === published) return { state: 'published', ...(date && { since: date }) };
  return scheduled !== undefined && status === scheduled && date
    ? { state: 'scheduled', at: date }
    : { state: 'not public' };
}

/**
 * Returns the issue of a payload without the field that decides about publication. The payload is rejected: showing the
 * story could leak a draft, and withdrawing it would remove a live story only because the webhook lacks a field.
 */
export function withoutStatus(path: readonly string[], remedy: string): { readonly issues: readonly Issue[] } {
  return {
    issues: [{ path: path.join('.'), message: `is missing, and decides whether readers may see the story: ${remedy}` }],
  };
}
