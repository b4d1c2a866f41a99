import type { Content } from './version.ts';

/**
 * Returns what remains of a version's content after an erasure: its identity, its order, who sent it, and whether it was
 * a post or a profile, because neither has an address that could answer 410.
 */
export function stripped(content: Content): Content {
  const { uri, versionCreated, pubStatus } = content.article;
  return {
    event: content.event,
    article: { uri, versionCreated, ...(pubStatus !== undefined && { pubStatus }) },
    ...(content.post && { post: content.post }),
    ...(content.profile && { profile: {} }),
    ...(content.actor !== undefined && { actor: content.actor }),
  };
}

export function isStripped(content: Content): boolean {
  return (
    content.article.headlines === undefined &&
    content.article.bodies === undefined &&
    content.path === undefined &&
    content.reason === undefined
  );
}
