import { slugOf } from './slug.ts';

/**
 * The fields that make an item the profile of an author, whose name is its headline. A profile has no address or feed
 * of its own.
 */
export interface Profile {
  readonly jobTitle?: string | undefined;
  /** The author's own pages elsewhere. */
  readonly links?: readonly { readonly label: string; readonly href: string }[] | undefined;
}

/** Returns the feed of an author's stories. */
export function authorFeed(name: string): string {
  return `author/${slugOf(name)}`;
}

/** Returns the feed that has the profiles of an author, given the feed of the author's stories. */
export function profileFeed(feedOfAuthor: string): string {
  return `${feedOfAuthor}/profile`;
}

/** Returns only these fields: the sender may have added others. */
export function profileOf({ jobTitle, links }: Profile): Profile {
  return {
    ...(jobTitle !== undefined && { jobTitle }),
    ...(links && links.length > 0 && { links: links.map(({ label, href }) => ({ label, href })) }),
  };
}
