import type { SentArticle, SentFront, SentPost, SentProfile } from './sent.ts';

/** An accepted version. */
export interface Fact {
  readonly key: string;
  readonly digest: string;
  readonly order: readonly [number, number, number, number, string];
  readonly receivedAt: number;
  readonly usable: boolean;
  readonly withheld: boolean;
  readonly embargo: number;
  readonly expires: number;
  readonly article: SentArticle | undefined;
  readonly front: SentFront | undefined;
  readonly path: string | undefined;
  readonly isLive: boolean;
  readonly post: SentPost | undefined;
  readonly profile: SentProfile | undefined;
  /** Every event that said so. */
  readonly events: Set<string>;
  /** Instants at which associated items appear or disappear. */
  readonly instants: readonly number[];
}

export interface HoldFact {
  readonly key: string;
  readonly events: Set<string>;
  readonly receivedAt: number;
  readonly says: 'held' | 'unheld' | 'erased';
}

/** Compares versions in version order. */
export function compare(a: Fact['order'], b: Fact['order']): number {
  for (const [index, left] of a.entries()) {
    const right = b[index] ?? 0;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
