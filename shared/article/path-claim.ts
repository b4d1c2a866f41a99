import type { PathClaim } from './head.ts';
import { isAnothers } from './ownership.ts';
import type { Articles, PathOwner } from './ports.ts';
import { holdInForce } from './settle.ts';

interface Claimant {
  readonly articleId: string;
  /** The source of the version that claims the path. */
  readonly source: string | undefined;
}

/**
 * Claims a path. An owner keeps its present path and yields a former one. An article that does not get the path becomes
 * its rival, and is settled when the owner leaves it. The owner's head is read after the rival is recorded, and the
 * rivals are read after the owner's head is written, so one of the two always sees the other. After the claim, the
 * former owner's head is read again: it may have gone live in between, and it checks its own path only once, right
 * after writing its head. If a path has no row and this article had lost it before (`hadLost`), it claims nothing: the
 * row was lost, and its owner restores it.
 */
export async function claimPath(
  articles: Articles,
  path: string,
  { articleId, source }: Claimant,
  hadLost: boolean,
): Promise<PathClaim> {
  for (;;) {
    const owner = await articles.pathOwner(path);
    if (owner === undefined && hadLost) return { path, owned: false };
    let own = owner;
    if (owner?.articleId !== articleId) {
      const { rivals = [] } = owner ?? {};
      if (owner && (await keepsPath(articles, owner, source))) {
        if (rivals.includes(articleId)) return { path, owned: false };
        await articles.claimPath({ ...owner, rivals: [...rivals, articleId].slice(-maxRivals) }, owner);
        continue;
      }
      own = { path, articleId, takenFrom: owner?.articleId, source, ...withRivals(rivals, articleId) };
      if (!(await articles.claimPath(own, owner))) continue;
    }
    const takenFrom = own?.takenFrom;
    const before = takenFrom === undefined || takenFrom === articleId ? undefined : await articles.head(takenFrom);
    if (takenFrom === undefined || before?.visibility !== 'live' || before.path !== path)
      return { path, owned: true, takenFrom };
    const { source: sourceBefore } = owner?.articleId === takenFrom ? owner : {};
    await articles.claimPath(
      { path, articleId: takenFrom, takenFrom: articleId, source: sourceBefore, rivals: own?.rivals },
      own,
    );
  }
}

/** Further articles that claim the path get it at their next settle after it is free. */
const maxRivals = 10;

function withRivals(rivals: readonly string[], without: string): Pick<PathOwner, 'rivals'> {
  const others = rivals.filter((rival) => rival !== without);
  return others.length > 0 ? { rivals: others } : {};
}

/**
 * Returns whether the owner of a path keeps it against a claim of `source`: while it is live there; while a legal order
 * holds it, because the order may end; and, once withdrawn, against every other source.
 */
async function keepsPath(articles: Articles, owner: PathOwner, source: string | undefined): Promise<boolean> {
  const { holds, head } = await articles.open(owner.articleId);
  if (head?.visibility === 'live') return head.path === owner.path;
  const isForEver = holds.some(({ kind }) => kind === 'erased');
  if (!isForEver && holdInForce(holds)?.kind === 'held') return true;
  return isAnothers(owner.source, source);
}
