import { createHash } from 'node:crypto';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import type { Article } from './article.ts';
import { canonicalJson } from '../canonical.ts';
import type { Origin } from './origin.ts';
import type { Front } from '../front/front.ts';
import type { Live, Post } from './post.ts';
import type { Profile } from './profile.ts';
import type { Warning } from './warning.ts';

/** The events about articles that editors send (`detail-type` on the bus). */
export const articleEvents = [
  'article.published',
  'article.updated',
  'article.unpublished',
  'article.deleted',
  'article.held',
  'article.unheld',
  'article.erased',
] as const;
export type ArticleEvent = (typeof articleEvents)[number];

/** The events about fronts that editors send. */
export const frontEvents = ['front.published', 'front.unpublished'] as const;
export type FrontEvent = (typeof frontEvents)[number];

/** `usable` may be shown; `withheld` answers 404; `canceled` (also unpublished, deleted) answers 410. */
export type Status = 'usable' | 'withheld' | 'canceled';

/** One immutable state of an article (or of a front), as it was received. Instants are epoch milliseconds. */
export interface Version<C = Content> {
  /** For a front: `front#<name>`. */
  readonly articleId: string;
  readonly versionCreated: number;
  /** Orders versions within one millisecond of `versionCreated`; 0 when the CMS gives none. */
  readonly revision: number;
  readonly receivedAt: number;
  /**
   * Hexadecimal sha256 of the canonical detail-type and detail as received, without `receivedAt`, `correlationId` and
   * `warnings`.
   */
  readonly digest: string;
  readonly status: Status;
  readonly embargoedUntil?: number | undefined;
  /** Absent in versions stored by early releases. */
  readonly origin?: Origin | undefined;
  readonly content: C;
}

/** The content of an article's version, apart from the fields of the version order. */
export interface Content {
  readonly event: ArticleEvent;
  readonly article: Article;
  readonly path?: string | undefined;
  readonly live?: Live | undefined;
  readonly post?: Post | undefined;
  readonly profile?: Profile | undefined;
  /** The revision of the sanitiser that cleaned `article` (see `markupRevision`); absent for the first one. */
  readonly markup?: number | undefined;
  /** What was left out of the article; absent if nothing was. */
  readonly warnings?: readonly Warning[] | undefined;
  /** The `source` of the event; absent in withdrawals, and in most versions of earlier releases. */
  readonly source?: string | undefined;
  /** Of a withdrawal: the uri of the article that continues this one. */
  readonly continuedBy?: string | undefined;
  readonly actor?: string | undefined;
  readonly reason?: string | undefined;
}

/** The content of a front's version, apart from the fields of the version order. */
export interface FrontContent {
  readonly event: FrontEvent;
  readonly front: Front;
  readonly actor?: string | undefined;
  readonly reason?: string | undefined;
}

/** A hold, the end of a hold, or an erasure. Holds are stored beside the versions and have no place in their order. */
export interface Hold {
  readonly articleId: string;
  readonly uri: string;
  readonly receivedAt: number;
  readonly digest: string;
  readonly kind: 'held' | 'unheld' | 'erased';
  readonly origin?: Origin | undefined;
  readonly actor?: string | undefined;
  readonly reason?: string | undefined;
}

/**
 * Returns the identity of a message: sha256 of its canonical JSON (RFC 8785). It is computed before sanitising, so that
 * changing the sanitiser does not change identities.
 */
export function digestOf(detailType: string, detail: Record<string, unknown>): string {
  const said: Record<string, unknown> = { ...detail };
  delete said['receivedAt'];
  delete said['correlationId'];
  delete said['warnings'];
  return createHash('sha256')
    .update(canonicalJson({ detailType, detail: said }))
    .digest('hex');
}

const pad = (value: number, digits: number): string => String(value).padStart(digits, '0');

/**
 * Returns the sort key of a version. Ascending keys are ascending versions, except for ties that only `status` decides
 * (see `inOrder`).
 */
export function versionKey(version: Pick<Version, 'versionCreated' | 'revision' | 'receivedAt' | 'digest'>): string {
  return `v#${pad(version.versionCreated, 13)}#${pad(version.revision, 10)}#${pad(version.receivedAt, 13)}#${version.digest.slice(0, 12)}`;
}

/** Returns the sort key of the row that stores the path named by a version. These rows sort above all versions. */
export function pathKey(version: Parameters<typeof versionKey>[0]): string {
  return `vp#${versionKey(version).slice('v#'.length)}`;
}

/** Returns when the version with this key was received, epoch ms. */
export function receivedAtOf(key: string): number {
  return Number(key.split('#')[3]);
}

/** Returns the sort key of a hold. Holds are ordered by receipt. */
export function holdKey(hold: Pick<Hold, 'receivedAt' | 'digest'>): string {
  return `h#${pad(hold.receivedAt, 13)}#${hold.digest.slice(0, 12)}`;
}

/** Compares by the version order: `versionCreated`, `revision`, `receivedAt`, not-usable above usable, digest. */
export function compareVersions(a: Version<unknown>, b: Version<unknown>): number {
  return (
    a.versionCreated - b.versionCreated ||
    a.revision - b.revision ||
    a.receivedAt - b.receivedAt ||
    Number(a.status !== 'usable') - Number(b.status !== 'usable') ||
    (a.digest < b.digest ? -1 : Number(a.digest > b.digest))
  );
}

/**
 * Turns rows in key order into versions in version order. The key has no room for "not-usable above usable" between
 * receipt and digest, so rows with equal `versionCreated`, `revision` and `receivedAt` are sorted before they are
 * yielded.
 */
export async function* inOrder<C>(
  rows: AsyncIterable<Version<C>>,
  direction: 'newest' | 'oldest',
): AsyncGenerator<Version<C>> {
  let tied: Version<C>[] = [];
  const sorted = (): Version<C>[] =>
    tied.sort((a, b) => (direction === 'oldest' ? compareVersions(a, b) : compareVersions(b, a)));
  for await (const row of rows) {
    const last = tied[0];
    if (
      last &&
      (last.versionCreated !== row.versionCreated ||
        last.revision !== row.revision ||
        last.receivedAt !== row.receivedAt)
    ) {
      yield* sorted();
      tied = [];
    }
    tied.push(row);
  }
  yield* sorted();
}

export function packContent(content: Content | FrontContent): Uint8Array {
  return brotliCompressSync(JSON.stringify(content), { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
}

export function unpackContent(packed: Uint8Array): unknown {
  return JSON.parse(brotliDecompressSync(packed).toString());
}
