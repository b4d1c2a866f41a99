import type { Content } from './version.ts';

/** What stays of a version's content after an erasure: what identifies and orders it, and who asked. */
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
