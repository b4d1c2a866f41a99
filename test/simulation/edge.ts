import type { Response } from '../../functions/deliver/http.ts';

/** An answer as the edge keeps it. */
export interface Kept {
  readonly url: string;
  readonly response: Response;
  readonly tags: readonly string[];
  readonly keptAt: number;
  /** When it runs out by itself; those whose tags reach them only run out when the promise says so. */
  readonly expiresAt: number;
  /** A purge of its tags took effect while it was being made. */
  readonly raced: boolean;
}

export interface Fill {
  readonly url: string;
  /** Tags purged since it began. */
  readonly purged: Set<string>;
  /**
   * Tags that no purge is promised for, since their object was unknown when the answer began: a 404 lives five seconds.
   */
  readonly unseen: ReadonlySet<string> | undefined;
}

/**
 * A CDN with cache tags that keeps answers for ever, so that every missing purge is found. Only times that are part of
 * the promise expire: errors that no purge is promised for (5 s), and answers that were under way while their tag was
 * purged (`s-maxage`).
 */
export class Edge {
  readonly kept = new Map<string, Kept>();
  /** A table was restored: rows differ from the stream's images, so lists are bounded by their seconds alone. */
  listsRunOut = false;
  readonly #fills = new Set<Fill>();

  get(url: string, now: number): Kept | undefined {
    const kept = this.kept.get(url);
    if (kept && kept.expiresAt > now) return kept;
    this.kept.delete(url);
    return undefined;
  }

  begin(url: string, unseen: ReadonlySet<string> | undefined): Fill {
    const fill: Fill = { url, purged: new Set(), unseen };
    this.#fills.add(fill);
    return fill;
  }

  abandon(fill: Fill): void {
    this.#fills.delete(fill);
  }

  end(fill: Fill, response: Response, now: number): void {
    this.#fills.delete(fill);
    const tags = (response.headers['x-amz-meta-cache-tag'] ?? '').split(',').filter((tag) => tag !== '');
    const raced = tags.some((tag) => fill.purged.has(tag));
    const maxAgeSeconds = Number(/s-maxage=(\d+)/.exec(response.headers['cache-control'] ?? '')?.[1] ?? 0);
    const isBoundByTime =
      raced ||
      (this.listsRunOut && tags.includes('feeds')) ||
      (response.status === 404 && fill.unseen !== undefined && tags.every((tag) => fill.unseen?.has(tag)));
    this.kept.set(fill.url, {
      url: fill.url,
      response,
      tags,
      keptAt: now,
      expiresAt: isBoundByTime ? now + maxAgeSeconds * 1000 : Infinity,
      raced,
    });
  }

  /** Returns the addresses that were purged. */
  purge(tags: readonly string[]): string[] {
    const forgotten = [...this.kept.values()]
      .filter((kept) => kept.tags.some((tag) => tags.includes(tag)))
      .map(({ url }) => url);
    for (const url of forgotten) this.kept.delete(url);
    for (const fill of this.#fills) for (const tag of tags) fill.purged.add(tag);
    return forgotten;
  }

  forgetEverything(): void {
    this.kept.clear();
    for (const fill of this.#fills) fill.purged.add('feeds');
  }
}
