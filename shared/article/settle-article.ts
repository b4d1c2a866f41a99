import { saySame } from '../canonical.ts';
import { articleIdOf } from './article.ts';
import { withCurrentMarkup } from './current-markup.ts';
import { isStripped } from './erasure.ts';
import { frontIdOf } from '../front/front.ts';
import {
  changeOf,
  frontHeadStateOf,
  headStateOf,
  type Claim,
  type FrontHeadState,
  type Head,
  type HeadState,
  type Settlement,
} from './head.ts';
import { picturePartition } from '../picture/picture.ts';
import { pulledBy } from '../picture/pulled-pictures.ts';
import type { Articles, Clock, StoredState, Fronts, Pictures, VersionStore, SettleSchedule } from '../ports.ts';
import { settle, type Settled } from './settle.ts';
import { inOrder, versionKey, type Content, type FrontContent, type Hold, type Version } from './version.ts';

export interface SettlePorts {
  readonly articles: Articles;
  readonly settleSchedule: SettleSchedule;
  readonly clock: Clock;
}

/**
 * Brings an article's head in line with its versions and the clock. Every command ends with this.
 * The head is read before the versions and written if its `seq` is unchanged. Then everything is read again, until
 * there is nothing to write: a settle without changes writes nothing, so a concurrent settle that read fewer versions
 * may still write its head after it.
 */
export async function settleArticle(
  ports: SettlePorts,
  articleId: string,
  passedOn: readonly string[] = [],
): Promise<void> {
  for (;;) {
    const holds = await settleArticleOnce(ports, articleId);
    if (holds === undefined) continue;
    const of = continuedBy(holds);
    if (of === undefined || passedOn.includes(articleId)) return;
    await passOn(ports.articles, articleId, holds, of);
    await settleArticle(ports, articleIdOf(of), [...passedOn, articleId]);
    return;
  }
}

/** Returns the uri of the article that an article with these holds continues. */
function continuedBy(holds: readonly Hold[]): string | undefined {
  return holds.flatMap(({ kind, of }) => (kind === 'continued' && of !== undefined ? [of] : [])).sort()[0];
}

/**
 * Gives an article's versions and holds to the article that it continues. The text stays with that one alone, so that an
 * erasure finds all of it. Idempotent, and whatever arrived earlier is passed on too.
 */
async function passOn(articles: Articles, articleId: string, holds: readonly Hold[], of: string): Promise<void> {
  const to = { articleId: articleIdOf(of), uri: of };
  for (const hold of holds) if (hold.kind !== 'continued') await articles.putHold({ ...hold, ...to });
  const { oldestFirst } = await articles.open(articleId);
  for await (const version of oldestFirst) {
    const { status, content } = version;
    if (status === 'usable' && isStripped(content)) continue;
    const article = { ...content.article, uri: of };
    await articles.putVersion({ ...version, articleId: to.articleId, content: { ...content, article } });
    if (!isStripped(content)) await articles.strip(version);
  }
}

/** Brings a front's head in line with its versions and the clock. Fronts have no embargo, hold or path. */
export async function settleFront(
  { fronts, clock }: { readonly fronts: Fronts; readonly clock: Clock },
  name: string,
): Promise<void> {
  const frontId = frontIdOf(name);
  for (;;) {
    const stored = await fronts.open(frontId);
    const { outcome, ...settled } = await decide(stored, clock);
    if (await isWritten(fronts, stored.head, frontId, frontHeadStateOf(name, outcome), settled)) return;
  }
}

/** Puts a picture on the list of pulled pictures, or takes it off, as its holds say. */
export async function settlePicture(
  {
    articles,
    pictures,
    clock,
  }: { readonly articles: Pick<Articles, 'open'>; readonly pictures: Pictures; readonly clock: Clock },
  pictureId: string,
): Promise<void> {
  for (;;) {
    const pulled = await pictures.pulled();
    const { holds } = await articles.open(picturePartition(pictureId));
    const next = pulledBy(pulled, pictureId, holds, clock.now());
    if (next === undefined || (await pictures.writePulled(next, pulled.seq))) return;
  }
}

/** Settles the article, front or picture that has this partition of the articles table. */
export async function settleAny(
  ports: SettlePorts & { readonly fronts: Fronts; readonly pictures: Pictures },
  id: string,
): Promise<void> {
  const [, kind, name = ''] = /^(front|picture)#(.*)$/s.exec(id) ?? [];
  if (kind === 'front') await settleFront(ports, name);
  else if (kind === 'picture') await settlePicture(ports, name);
  else await settleArticle(ports, id);
}

/** Returns the article's holds if its head is settled, and undefined if another writer was faster. */
async function settleArticleOnce(
  { articles, settleSchedule, clock }: SettlePorts,
  articleId: string,
): Promise<readonly Hold[] | undefined> {
  const stored = await articles.open(articleId);
  const { outcome: found, settleAt, ...settled } = await decide(stored, clock);
  const outcome =
    found.visibility === 'live'
      ? { ...found, version: await withCurrent(found.version), first: await withCurrent(found.first) }
      : found;
  // An update that names no path keeps the article's path.
  const claimed =
    outcome.visibility === 'live'
      ? (outcome.version.content.path ?? (await articles.pathBefore(outcome.version)))
      : undefined;
  // A path clash is decided once for each version: otherwise a repeated message could move a story to another address.
  const lost =
    outcome.version !== undefined &&
    stored.head?.version === versionKey(outcome.version) &&
    stored.head.pathClash === claimed;
  const claim = claimed === undefined ? undefined : await claimPath(articles, claimed, articleId, lost);
  const uri = outcome.version?.content.article.uri ?? stored.head?.uri;
  const state =
    uri === undefined ? undefined : headStateOf(uri, articleId, outcome, claim, settled.now, stored.reading);
  if (state && !(await isWritten<Content, HeadState, Head>(articles, stored.head, articleId, state, settled)))
    return undefined;

  // Erases after the head is written, so that no reader gets a version without its text.
  if (stored.holds.some((hold) => hold.kind === 'erased')) await erase(articles, articleId);
  if (settleAt !== undefined) await settleSchedule.settleAt(articleId, settleAt);
  return stored.holds;
}

async function withCurrent(version: Version): Promise<Version> {
  const content = await withCurrentMarkup(version.content);
  return content === version.content ? version : { ...version, content };
}

async function decide<C extends Content | FrontContent, H extends Settlement>(
  { head, holds, newestFirst, oldestFirst }: StoredState<C, H>,
  clock: Clock,
): Promise<Settled<C> & { readonly now: number }> {
  const now = Math.max(clock.now(), head?.settledAt ?? 0);
  return {
    ...(await settle(
      { holds, newestFirst: inOrder(newestFirst, 'newest'), oldestFirst: inOrder(oldestFirst, 'oldest') },
      now,
    )),
    now,
  };
}

/**
 * Writes the head if readers would see a difference. Returns true if there was nothing to write, and false if the
 * caller must settle again to confirm the write.
 */
async function isWritten<C, S extends HeadState | FrontHeadState, H extends S & Settlement>(
  store: VersionStore<C, H>,
  head: H | undefined,
  articleId: string,
  state: S,
  { origin, now }: Pick<Settled, 'origin'> & { readonly now: number },
): Promise<boolean> {
  // A missing head means the same as a hidden one.
  if (head ? saySame(shownIn(head), shownIn(state)) : state.visibility === 'hidden') return true;
  const settlement: Settlement = {
    articleId,
    seq: Math.max((head?.seq ?? 0) + 1, now),
    change: changeOf(head, state),
    settledAt: now,
    origin,
  };
  await store.writeHead({ ...state, ...settlement } as H, head?.seq);
  return false;
}

/**
 * Returns the part of a head that readers can see. A difference elsewhere needs no write, no purge and no announcement.
 */
function shownIn(
  head: (HeadState | FrontHeadState) & Partial<Settlement> & Pick<HeadState, 'warnings' | 'source'>,
): object {
  const { articleId, seq, change, settledAt, origin, warnings, source, ...shown } = head;
  return shown;
}

/**
 * Claims a path. A live owner keeps its path, a withdrawn one yields it.
 * The former owner's head is read again after the claim, because it may have gone live in between, and it checks its
 * own path only once, right after writing its head. An article that `lost` the path before does not claim it again, but
 * returns it if a crash left it as the owner.
 */
async function claimPath(articles: Articles, path: string, articleId: string, lost: boolean): Promise<Claim> {
  for (;;) {
    const owner = await articles.pathOwner(path);
    const takenFrom = owner?.articleId === articleId ? owner.takenFrom : owner?.articleId;
    if (owner?.articleId !== articleId) {
      if (lost) return { path, owned: false };
      if (owner && (await articles.head(owner.articleId))?.visibility === 'live') return { path, owned: false };
      if (!(await articles.claimPath({ path, articleId, takenFrom }, takenFrom))) continue;
    }
    const before = takenFrom === undefined || takenFrom === articleId ? undefined : await articles.head(takenFrom);
    if (takenFrom === undefined || before?.visibility !== 'live' || before.path !== path)
      return { path, owned: true, takenFrom };
    await articles.claimPath({ path, articleId: takenFrom, takenFrom: articleId }, articleId);
  }
}

/** Strips every stored version. Versions that arrive later are stripped when they are settled. */
async function erase(articles: Articles, articleId: string): Promise<void> {
  await articles.forgetPaths(articleId);
  const { newestFirst } = await articles.open(articleId);
  for await (const version of newestFirst) if (!isStripped(version.content)) await articles.strip(version);
}
