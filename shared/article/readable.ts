import { createHash } from 'node:crypto';
import type { Article, Association } from './article.ts';
import { fileOf, withoutFiles } from '../picture/picture.ts';

/** An article as readers may see it at one instant. */
export interface Readable {
  readonly article: Article;
  /** A fingerprint of the associations left out; `undefined` if none is. */
  readonly leftOut: string | undefined;
  /** The next instant (epoch ms) at which an association's embargo or expiry changes the article. */
  readonly changesAt: number | undefined;
}

/**
 * Returns the article without the associations that may not be shown at `now` (epoch ms), at any depth. Their files are
 * also removed from the text and from the posters of videos. In ninjs each association is a whole item: it may be
 * withheld or canceled, have its own embargo, or have expired. An association that cannot be understood is not shown.
 */
export function readableAt(article: Article, now: number): Readable {
  const { associations, leftOut, files, changesAt } = shownAt(article, now);
  if (leftOut.length === 0) return { article, leftOut: undefined, changesAt };
  return {
    article: withoutFiles({ ...article, ...(associations && { associations }) }, ({ address }) =>
      files.has(fileOf(address)),
    ),
    leftOut: createHash('sha256').update(leftOut.join(' ')).digest('hex').slice(0, 12),
    changesAt,
  };
}

/** Returns the files of the associations that may not be shown at `now` (epoch ms), as `fileOf` writes them. */
export function hiddenFilesAt(article: Article, now: number): ReadonlySet<string> {
  return shownAt(article, now).files;
}

function shownAt(
  article: Article,
  now: number,
): Pick<Readable, 'changesAt'> & {
  readonly associations: Association[] | undefined;
  readonly leftOut: readonly string[];
  readonly files: ReadonlySet<string>;
} {
  const leftOut: string[] = [];
  const instants: number[] = [];
  const files = new Set<string>();
  const shown = (items: readonly Association[], under: string): Association[] =>
    items.flatMap((item, index) => {
      const at = `${under}${index}`;
      const { embargoedUntil, expires, associations } = item;
      const from = embargoedUntil === undefined ? -Infinity : Date.parse(embargoedUntil);
      const until = expires === undefined ? Infinity : Date.parse(expires);
      const mayEverBeShown = (item.pubStatus ?? 'usable') === 'usable' && until > now;
      if (!mayEverBeShown || !(from <= now)) {
        leftOut.push(at);
        if (mayEverBeShown && from > now && from < until) instants.push(from);
        for (const href of hrefsOf(item)) files.add(fileOf(href));
        return [];
      }
      if (until < Infinity) instants.push(until);
      return [associations ? { ...item, associations: shown(associations, `${at}.`) } : item];
    });
  const associations = article.associations && shown(article.associations, '');
  return { associations, leftOut, files, changesAt: instants.length > 0 ? Math.min(...instants) : undefined };
}

function hrefsOf({ renditions = [], associations = [] }: Association): string[] {
  return [...renditions.flatMap(({ href }) => href ?? []), ...associations.flatMap(hrefsOf)];
}
