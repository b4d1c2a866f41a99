import type { Fault } from '../field-schema.ts';

/** What a CMS says of who may see a story: everybody, everybody from an instant on (ISO 8601), or not everybody as far as is known. */
export type Publication =
  | { readonly state: 'published'; readonly since?: string }
  | { readonly state: 'scheduled'; readonly at: string }
  | { readonly state: 'not public' };

/** What readers are shown, now or at an instant. */
export type Shown = Exclude<Publication, { readonly state: 'not public' }>;

/** A CMS's own words for its two public states; every other word means that a story is not public. */
export interface StatusWords {
  readonly published: string;
  readonly scheduled?: string;
}

/**
 * The one rule for every source: a story that is not known to be published is not shown. An unknown status, no status, and
 * a schedule without a date are not public. `date` is when readers were, or are to be, first shown the story.
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
 * A payload without the field that decides about publication. It is refused: to show the story could leak a draft, and to
 * withdraw it would take a live story from readers only because a webhook does not send the field.
 */
export function withoutStatus(path: readonly string[], remedy: string): { readonly faults: readonly Fault[] } {
  return {
    faults: [{ path: path.join('.'), message: `is missing, and decides whether readers may see the story: ${remedy}` }],
  };
}
