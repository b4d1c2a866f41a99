import type { Announcement } from '../contracts/announcements.ts';
import { MemorySeen } from './memory-seen.ts';

/** An announcement about an article as `GET /changes` lists it. */
export type Change = {
  readonly [Listed in Extract<
    Announcement,
    { type: `article.${'live' | 'revised' | 'withdrawn'}` }
  > as Listed['type']]: {
    readonly type: Listed['type'];
  } & Omit<Listed['detail'], 'feeds'> &
    Partial<Pick<Listed['detail'], 'feeds'>>;
}[`article.${'live' | 'revised' | 'withdrawn'}`];

/** One page of changes, and where to resume after it. */
export interface ChangesPage {
  readonly changes: readonly Change[];
  /** Pass it as `from` after a restart. */
  readonly next: string;
}

export interface ChangesOptions {
  /** Where to begin: the `next` of an earlier page. Without it, at the changes of the last two minutes. */
  readonly from?: string | undefined;
  /** The wait between requests once every change is read. Answers are cached for 5 s. */
  readonly pollMilliseconds?: number;
  /** Ends the iteration. */
  readonly signal?: AbortSignal;
  readonly fetch?: typeof globalThis.fetch;
}

/** Thrown when `from` is older than the 14 days that changes are listed: read the feeds, then begin without `from`. */
export class ChangesExpired extends Error {
  override readonly name = 'ChangesExpired';
}

/** Thrown for a response that is not a page of changes. Call `changes` again with the last `next`. */
export class ChangesUnavailable extends Error {
  override readonly name = 'ChangesUnavailable';
}

/**
 * Yields pages of new changes until `signal` aborts. The server repeats the changes of the last two minutes; this
 * iterator leaves out those that it has yielded. After a restart with `from` they come once more.
 *
 * @param site The address of the site, such as `https://news.example.com`.
 * @throws {ChangesExpired} `from` is too old.
 * @throws {ChangesUnavailable} the site answered with another status than 200.
 */
export async function* changes(
  site: string,
  // eslint-disable-next-line no-restricted-globals -- programs outside Pressrun call this without a port for requests
  { from, pollMilliseconds = 5000, signal, fetch = globalThis.fetch }: ChangesOptions = {},
): AsyncGenerator<ChangesPage, void> {
  const yielded = new MemorySeen();
  let url = from ?? new URL('/changes', site).href;
  while (signal?.aborted !== true) {
    const response = await fetch(url, signal && { signal });
    if (response.status === 410) throw new ChangesExpired(`the changes since ${url} are no longer listed`);
    if (response.status !== 200) throw new ChangesUnavailable(`${url} answered ${response.status}`);
    const page = (await response.json()) as { changes: readonly Change[]; next: string; more: boolean };
    const fresh: Change[] = [];
    for (const change of page.changes) {
      if ((await yielded.highest(change.id)) > 0) continue;
      await yielded.note(change.id, 1);
      fresh.push(change);
    }
    url = page.next;
    if (fresh.length > 0) yield { changes: fresh, next: url };
    if (!page.more) await elapsed(pollMilliseconds, signal);
  }
}

async function elapsed(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const end = (): void => {
    resolve(undefined);
  };
  const timer = setTimeout(end, milliseconds);
  signal?.addEventListener('abort', end, { once: true });
  await promise;
  clearTimeout(timer);
  signal?.removeEventListener('abort', end);
}
