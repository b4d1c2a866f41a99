import { accept } from '../../../shared/article/accept.ts';
import type { Accepted } from '../../../shared/article/bus-event.ts';
import type { Version } from '../../../shared/article/version.ts';
import { busEvent } from '../story.ts';

export function version(accepted: Accepted): Version {
  if (accepted.kind !== 'version') throw new Error(`not a version: ${JSON.stringify(accepted)}`);
  return accepted.version;
}

export const published = (article: unknown, more: Record<string, unknown> = {}): Accepted =>
  accept(busEvent('article.published', { article, ...more }), 'delivery');

export function warned(accepted: Accepted): string[] {
  return (version(accepted).content.warnings ?? []).map(({ path }) => path);
}

export function issues(accepted: Accepted): string[] {
  return accepted.kind === 'rejected' ? accepted.errors.map(({ path }) => path) : [];
}

/** The value at a path of names and positions. */
export function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (inner, step) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, step) : undefined),
      value,
    );
}
