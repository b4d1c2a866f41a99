import { saySame } from './canonical.ts';
import { isTold } from './cause.ts';
import { withCurrentMarkup } from './current-markup.ts';
import { isStripped } from './erasure.ts';
import { frontIdOf } from './front.ts';
import { changeOf, frontHeadStateOf, headStateOf, sayingOf, type Claim, type Head, type HeadState, type Settlement } from './head.ts';
import { picturePartition, pulledBy } from './picture.ts';
import type { Articles, Clock, Dossier, Fronts, Pictures, VersionStore, WakeUpCalls } from './ports.ts';
import { settle, type News, type Settled, type Standing } from './settle.ts';
import { inOrder, versionKey, type Content, type FrontContent, type Version } from './version.ts';

export interface SettlePorts {
  readonly articles: Articles;
  readonly wakeUpCalls: WakeUpCalls;
  readonly clock: Clock;
}

/**
 * Brings an article's head in line with its versions and the clock; every command ends in it. The head is read before
 * the versions and written on condition that its `seq` is still the one read, then all of it is done again until there is
 * nothing to write: whoever finds nothing to write leaves no trace, so somebody who had read less may write after it,
 * and must find out by looking again.
 */
export async function settleArticle(ports: SettlePorts, articleId: string): Promise<void> {
  while (!(await settleArticleOnce(ports, articleId)));
}

/** The same for a front, which knows neither embargo nor hold nor path. */
export async function settleFront({ fronts, clock }: { readonly fronts: Fronts; readonly clock: Clock }, name: string): Promise<void> {
  const frontId = frontIdOf(name);
  for (;;) {
    const dossier = await fronts.open(frontId);
    const { standing, ...settled } = await standingOf(dossier, clock);
    if (await isWritten(fronts, dossier.head, frontId, frontHeadStateOf(name, standing), settled)) return;
  }
}

/** The same for a picture, of which there is nothing to settle but whether it is on the list of those pulled. */
export async function settlePicture(
  { articles, pictures, clock }: { readonly articles: Pick<Articles, 'open'>; readonly pictures: Pictures; readonly clock: Clock },
  pictureId: string,
): Promise<void> {
  for (;;) {
    const pulled = await pictures.pulled();
    const { holds } = await articles.open(picturePartition(pictureId));
    const next = pulledBy(pulled, pictureId, holds, clock.now());
    if (next === undefined || (await pictures.writePulled(next, pulled.seq))) return;
  }
}

/** Whatever has this partition of the articles table: an article, a front or a picture. */
export async function settleAny(ports: SettlePorts & { readonly fronts: Fronts; readonly pictures: Pictures }, id: string): Promise<void> {
  const [, kind, name = ''] = /^(front|picture)#(.*)$/s.exec(id) ?? [];
  if (kind === 'front') await settleFront(ports, name);
  else if (kind === 'picture') await settlePicture(ports, name);
  else await settleArticle(ports, id);
}

async function settleArticleOnce({ articles, wakeUpCalls, clock }: SettlePorts, articleId: string): Promise<boolean> {
  const dossier = await articles.open(articleId);
  const { standing: found, wakeAt, ...settled } = await standingOf(dossier, clock);
  const standing = found.standing === 'live' ? { ...found, version: await withCurrent(found.version) } : found;
  const claimed = standing.standing === 'live' ? standing.version.content.path : undefined;
  // A clash is settled once for each version: else a message sent anew could move a story to another address.
  const lost =
    standing.version !== undefined && dossier.head?.version === versionKey(standing.version) && dossier.head.pathClash === claimed;
  const claim = claimed === undefined ? undefined : await claimPath(articles, claimed, articleId, lost);
  const uri = standing.version?.content.article.uri ?? dossier.head?.uri;
  const state = uri === undefined ? undefined : headStateOf(uri, articleId, standing, claim, settled.now, dossier.reading);
  if (state && !(await isWritten<Content, HeadState, Head>(articles, dossier.head, articleId, state, settled))) return false;

  // After the head, so that no reader is shown a version without its text.
  if (dossier.holds.some((hold) => hold.kind === 'erased')) await erase(articles, articleId);
  if (wakeAt !== undefined) await wakeUpCalls.wakeAt(articleId, wakeAt);
  return true;
}

async function withCurrent(version: Version): Promise<Version> {
  const content = await withCurrentMarkup(version.content);
  return content === version.content ? version : { ...version, content };
}

async function standingOf<C extends Content | FrontContent, H extends Settlement>(
  { head, holds, newestFirst, oldestFirst }: Dossier<C, H>,
  clock: Clock,
): Promise<Settled<C> & { readonly now: number }> {
  const now = Math.max(clock.now(), head?.settledAt ?? 0);
  return {
    ...(await settle({ holds, newestFirst: inOrder(newestFirst, 'newest'), oldestFirst: inOrder(oldestFirst, 'oldest') }, now)),
    now,
  };
}

/**
 * Whether the head says so already; else it is written, unless somebody was faster. No head at all says what a dark one says.
 * What a silent replay brings about is written in silence. What consumers know is kept beside it, and as soon as anything else
 * would have changed that, they are told: of the event itself, where the replay was faster, or of a hold that it knew nothing of.
 */
async function isWritten<C, S extends Shown, H extends S & Settlement>(
  store: VersionStore<C, H>,
  head: H | undefined,
  articleId: string,
  state: S,
  { news, silent, reason, now }: Pick<Settled, 'news' | 'silent' | 'reason'> & { readonly now: number },
): Promise<boolean> {
  const isSame = head ? saySame(shownIn(head), shownIn(state)) : state.standing === 'dark';
  const says = sayingOf(state.standing, state.version);
  const before = head && (head.told ?? sayingOf(head.standing, head.version));
  const saying = knownAfter(news, before);
  const withoutHold = saying.replace(/^held/, 'dark');
  // A head that consumers know does not say whether a hold is what keeps it dark.
  const next = head?.told === undefined ? withoutHold : saying;
  const known = head || news.standing === 'live' ? before : next;
  if (isSame && (!head || next === known)) return true;
  const isNews = next !== known || (head?.told === undefined && next === says);
  // Consumers may have known it as withdrawn all the time: of a live story that goes, they are told once too often rather than not.
  const isPulled = head?.standing === 'live' && state.standing !== 'live' && isTold(reason);
  const cause = isNews || !silent ? news.cause : isPulled ? reason : isOfTheClock(head, state) ? { ...(news.cause ?? silent), replay: undefined } : silent;
  const settlement: Settlement = {
    articleId,
    seq: Math.max((head?.seq ?? 0) + 1, now),
    change: isSame && head ? head.change : changeOf(head, state),
    settledAt: now,
    ...(cause && { cause: { correlationId: cause.correlationId, ...(cause.replay !== undefined && { replay: cause.replay }) } }),
    ...(withoutHold !== says && { told: saying }),
  };
  await store.writeHead({ ...state, ...settlement } as H, head?.seq);
  return false;
}

/** What consumers know once they have been told the news. Of what lies below more of a silent replay's than is read, that is what they knew `before`. */
function knownAfter({ standing, version }: News, before = 'dark'): string {
  const [wasHeld, wasLight] = [before.startsWith('held'), !/^(?:held|dark)/.test(before)];
  // That a hold ended, they must hear, whatever it was that came back.
  if (standing === 'unknown') return wasHeld ? 'unknown' : before;
  if (standing === 'held' && version === undefined) return wasLight ? 'held' : before.replace(/^dark/, 'held');
  return sayingOf(standing, version);
}

/** What every head says to readers. */
interface Shown {
  readonly standing: Standing['standing'];
  readonly version?: string;
  readonly feeds?: readonly string[];
  readonly leftOut?: string;
}

/** Nothing but the clock takes a version out of the lists where it stood, or shows more or less of what goes with it. */
function isOfTheClock(head: Shown | undefined, state: Shown): boolean {
  if (head?.version !== state.version || state.standing !== 'live' || head?.standing !== 'live') return false;
  return (isIn(head) && !isIn(state)) || head.leftOut !== state.leftOut;
}

function isIn({ feeds = [] }: Shown): boolean {
  return feeds.length > 0;
}

/** The part of a head that readers can see: two heads that differ elsewhere only need no write, no purge and no announcement. */
function shownIn(head: Shown & Partial<Settlement> & Pick<HeadState, 'warnings' | 'source'>): object {
  const { articleId, seq, change, settledAt, cause, told, warnings, source, ...shown } = head;
  return shown;
}

/**
 * A live owner keeps its path, a withdrawn one yields it. Whether it is live is asked again once the path is taken: its head
 * may have been written in between, and it looks after its own path only once, right after that.
 * Who `lost` the path before takes it no more, but gives it back if a crash left it in its hands.
 */
async function claimPath(articles: Articles, path: string, articleId: string, lost: boolean): Promise<Claim> {
  for (;;) {
    const owner = await articles.pathOwner(path);
    const takenFrom = owner?.articleId === articleId ? owner.takenFrom : owner?.articleId;
    if (owner?.articleId !== articleId) {
      if (lost) return { owned: false };
      if (owner && (await articles.head(owner.articleId))?.standing === 'live') return { owned: false };
      if (!(await articles.claimPath({ path, articleId, takenFrom }, takenFrom))) continue;
    }
    const before = takenFrom === undefined || takenFrom === articleId ? undefined : await articles.head(takenFrom);
    if (takenFrom === undefined || before?.standing !== 'live' || before.path !== path) return { owned: true, takenFrom };
    await articles.claimPath({ path, articleId: takenFrom, takenFrom: articleId }, articleId);
  }
}

/** An erasure reaches every version there is, and by settling again every one that comes. */
async function erase(articles: Articles, articleId: string): Promise<void> {
  const { newestFirst } = await articles.open(articleId);
  for await (const version of newestFirst) if (!isStripped(version.content)) await articles.strip(version);
}
