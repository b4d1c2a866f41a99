import { articleIdNamed, articleNames, postNames, profileName } from '../plan.ts';

/** By as much may a machine's clock be ahead. */
export const skewMilliseconds = 2500;

/** The articles of a history, among them posts and a profile. */
export const names = [...articleNames, ...postNames, profileName];
export const profileId = articleIdNamed(profileName);
export const postIds: readonly string[] = postNames.map(articleIdNamed);

/** Returns the name that a history gives an article, or the id. */
export function named(id: string): string {
  return names.find((name) => articleIdNamed(name) === id) ?? id;
}
