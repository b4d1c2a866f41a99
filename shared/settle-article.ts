import { isDeepStrictEqual } from 'node:util';
import { isStripped } from './erasure.ts';
import { changeOf, headStateOf, type Claim, type Head, type HeadState } from './head.ts';
import type { Articles, Clock, WakeUpCalls } from './ports.ts';
import { settle } from './settle.ts';
import { inOrder } from './version.ts';

export interface SettlePorts {
  readonly articles: Articles;
  readonly wakeUpCalls: WakeUpCalls;
  readonly clock: Clock;
}

/**
 * Brings an article's head in line with its versions and the clock; every command ends in it. The head is read before
 * the versions and written on condition that its `seq` is still the one read: whoever loses that race does all of it
 * again, so the head that stands was made from everything that had been stored by then.
 */
export async function settleArticle(ports: SettlePorts, articleId: string): Promise<void> {
  while (!(await settleOnce(ports, articleId)));
}

async function settleOnce({ articles, wakeUpCalls, clock }: SettlePorts, articleId: string): Promise<boolean> {
  const dossier = await articles.open(articleId);
  const now = Math.max(clock.now(), dossier.head?.settledAt ?? 0);
  const { standing, wakeAt } = await settle(
    { holds: dossier.holds, newestFirst: inOrder(dossier.newestFirst, 'newest'), oldestFirst: inOrder(dossier.oldestFirst, 'oldest') },
    now,
  );

  const claimed = standing.standing === 'live' ? standing.version.content.path : undefined;
  const claim = claimed === undefined ? undefined : await claimPath(articles, claimed, articleId);
  const uri = standing.version?.content.article.uri ?? dossier.head?.uri;
  const state = uri === undefined ? undefined : headStateOf(uri, articleId, standing, claim, now);

  if (state && !unchanged(dossier.head, state)) {
    const head: Head = {
      ...state,
      articleId,
      seq: Math.max((dossier.head?.seq ?? 0) + 1, now),
      change: changeOf(dossier.head, state),
      settledAt: now,
    };
    if (!(await articles.writeHead(head, dossier.head?.seq))) return false;
  }
  if (claim?.owned === true && claimed !== undefined && (await articles.pathOwner(claimed))?.articleId !== articleId) {
    // Withdrawn until this head was written, the article yielded its path to another in the meantime.
    return false;
  }
  // After the head, so that no reader is shown a version without its text.
  if (dossier.holds.some((hold) => hold.kind === 'erased')) await erase(articles, articleId);
  if (wakeAt !== undefined) await wakeUpCalls.wakeAt(articleId, wakeAt);
  return true;
}

function unchanged(head: Head | undefined, state: HeadState): boolean {
  if (!head) return state.standing === 'dark';
  const { articleId, seq, change, settledAt, ...before } = head;
  return isDeepStrictEqual(before, state);
}

/** A live owner keeps its path, a withdrawn one yields it. */
async function claimPath(articles: Articles, path: string, articleId: string): Promise<Claim> {
  for (;;) {
    const owner = await articles.pathOwner(path);
    if (owner?.articleId === articleId) return { owned: true, takenFrom: owner.takenFrom };
    if (owner && (await articles.head(owner.articleId))?.standing === 'live') return { owned: false };
    const takenFrom = owner?.articleId;
    if (await articles.claimPath({ path, articleId, takenFrom }, takenFrom)) return { owned: true, takenFrom };
  }
}

/** An erasure reaches every version there is, and by settling again every one that comes. */
async function erase(articles: Articles, articleId: string): Promise<void> {
  const { newestFirst } = await articles.open(articleId);
  for await (const version of newestFirst) if (!isStripped(version.content)) await articles.strip(version);
}

