import type { Content } from './version.ts';

/** Returns what remains of a version's content after an erasure: its identity, its order, and who sent it. */
export function stripped(content: Content): Content {
  const { uri, versionCreated, pubStatus } = content.article;
  return {
    event: content.event,
    article: { uri, versionCreated, ...(pubStatus !== undefined && { pubStatus }) },
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
