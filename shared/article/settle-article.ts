import { saySame } from '../canonical.ts';
import { withCurrentMarkup } from './current-markup.ts';
import { isStripped } from './erasure.ts';
import { frontIdOf } from '../front/front.ts';
import {
  changeOf,
  frontHeadStateOf,
  headStateOf,
  type FrontHeadState,
  type Head,
  type HeadState,
  type Settlement,
} from './head.ts';
import { isDefaultPath } from './path.ts';
import { claimPath } from './path-claim.ts';
import type { Card } from './card.ts';
import { picturePartition } from '../picture/picture.ts';
import { pulledBy } from '../picture/pulled-pictures.ts';
import type { Articles, StoredState, Fronts, VersionStore, SettleSchedule } from './ports.ts';
import type { Clock } from '../clock.ts';
import type { Pictures } from '../picture/ports.ts';
import { hiddenSince, settle, type Settled } from './settle.ts';
import { inOrder, type Content, type FrontContent, type Version } from './version.ts';

export interface SettlePorts {
  readonly articles: Articles;
  readonly settleSchedule: SettleSchedule;
  readonly clock: Clock;
}

/**
 * Brings an article's head in line with its versions and the clock. Every function that writes versions, holds or audio
 * ends with this. The head is read before the versions, and written if its `seq` is unchanged. After a write everything
 * is read again, until there is nothing to write. Without that, a version could be missed: a settle that finds no
 * difference writes nothing, so it does not stop a concurrent settle that read fewer versions.
 */
export async function settleArticle(ports: SettlePorts, articleId: string): Promise<void> {
  while (!(await settleArticleOnce(ports, articleId, async (path) => settleRivals(ports, path, articleId))));
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
    if (!(await writeIfChanged(fronts, stored.head, frontId, frontHeadStateOf(name, outcome), settled))) return;
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

/** Returns true if the head is settled, and false if it must be settled again. */
async function settleArticleOnce(
  ports: SettlePorts,
  articleId: string,
  settleRivalsOf?: (path: string) => Promise<void>,
): Promise<boolean> {
  const { articles, settleSchedule, clock } = ports;
  const stored = await articles.open(articleId);
  const { outcome: found, settleAt, ...settled } = await decide(stored, clock);
  const outcome =
    found.visibility === 'live'
      ? { ...found, version: await withCurrent(found.version), first: await withCurrent(found.first) }
      : found;
  // An update that names no path keeps the article's path.
  const claimed =
    outcome.visibility === 'live' && (outcome.version.content.post ?? outcome.version.content.profile) === undefined
      ? (outcome.version.content.path ?? (await articles.pathBefore(outcome.version)))
      : undefined;
  // This comes before the article leaves another path: after a crash, nothing would settle the rivals of this one.
  const left = stored.head?.pathLeft;
  if (left !== undefined && left !== claimed) await settleRivalsOf?.(left);
  const claimant = { articleId, source: outcome.version?.content.source };
  const claim =
    claimed === undefined
      ? undefined
      : await claimPath(articles, claimed, claimant, stored.head?.pathClash === claimed);
  const uri = outcome.version?.content.article.uri ?? stored.head?.uri;
  const state =
    uri === undefined
      ? undefined
      : withPathLeft(
          withoutHiddenVersion(headStateOf(uri, articleId, outcome, claim, settled.now, stored.audioRendition), stored),
          articleId,
          stored.head,
        );
  if (state && (await writeIfChanged<Content, HeadState, Head>(articles, stored.head, articleId, state, settled)))
    return false;

  // Erases after the head is written, so that no reader gets a version without its text.
  if (stored.holds.some((hold) => hold.kind === 'erased')) await erase(articles, articleId);
  if (settleAt !== undefined) await settleSchedule.settleAt(articleId, settleAt);
  return true;
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
 * Writes the head if readers would see a difference. Returns false if there was nothing to write, and true if the
 * caller must settle again: another writer may have been faster, or have read fewer versions.
 */
async function writeIfChanged<C, S extends HeadState | FrontHeadState, H extends S & Settlement>(
  store: VersionStore<C, H>,
  head: H | undefined,
  articleId: string,
  state: S,
  { origin, now }: Pick<Settled, 'origin'> & { readonly now: number },
): Promise<boolean> {
  // A missing head means the same as a hidden one.
  if (head ? saySame(shownIn(head), shownIn(withStoredCard(state, head))) : state.visibility === 'hidden') return false;
  const settlement: Settlement = {
    articleId,
    seq: Math.max((head?.seq ?? 0) + 1, now),
    change: changeOf(head, state),
    settledAt: now,
    origin,
  };
  await store.writeHead({ ...state, ...settlement } as H, head?.seq);
  return true;
}

/**
 * Returns the part of a head that readers can see. For an article that is not live, that excludes the version. A
 * difference in the other fields needs no write, no purge and no announcement.
 */
function shownIn(
  head: (HeadState | FrontHeadState) & Partial<Settlement> & Pick<HeadState, 'warnings' | 'source' | 'pathLeft'>,
): object {
  const { articleId, seq, change, settledAt, origin, warnings, source, pathLeft, ...shown } = head;
  if (head.visibility === 'live') return shown;
  const { version, versionCreated, ...withoutVersion } = shown;
  return withoutVersion;
}

/**
 * Returns the state with the card of the stored head, if the cards differ only in fields that follow from the version.
 * A release that computes cards in another way causes such a difference. It is written with the next version, because
 * writing it now would announce the whole archive.
 */
function withStoredCard<S extends HeadState | FrontHeadState>(state: S, head: HeadState | FrontHeadState): S {
  if (!('card' in state && 'card' in head) || state.version !== head.version) return state;
  return saySame(variableIn(state.card), variableIn(head.card)) ? { ...state, card: head.card } : state;
}

/** Returns what may change in a card while the version stays the same. */
function variableIn({ path, firstPublished, updated, audio, picture }: Partial<Card> = {}): object {
  return { path, firstPublished, updated, audio, picture: picture?.id };
}

/**
 * Settles the articles that wait for a path which an article has left, until one of them has it. An article that waits
 * is at its default path, so it leaves no path that others wait for. Every other article that claims the path is
 * settled later, and finds it free.
 */
async function settleRivals(ports: SettlePorts, path: string, leftBy: string): Promise<void> {
  const { articles } = ports;
  const row = await articles.pathOwner(path);
  const claimants = row ? [row.articleId, ...(row.rivals ?? [])].filter((claimant) => claimant !== leftBy) : [];
  for (const claimant of claimants) {
    if ((await articles.head(claimant))?.pathClash === path) while (!(await settleArticleOnce(ports, claimant)));
    const head = await articles.head(claimant);
    if (head?.visibility === 'live' && head.path === path) return;
  }
}

/**
 * Returns the state with the version that readers saw last, while a hold hides the article. Announcements name that
 * version.
 */
function withoutHiddenVersion(state: HeadState, { holds, head }: StoredState): HeadState {
  if (hiddenSince(holds) === undefined) return state;
  const { version, versionCreated, ...rest } = state;
  return {
    ...rest,
    ...(head?.version !== undefined && { version: head.version }),
    ...(head?.versionCreated !== undefined && { versionCreated: head.versionCreated }),
  };
}

/** Adds the path that an article has left. A default path has no rivals and is not noted. */
function withPathLeft(state: HeadState, articleId: string, head: Head | undefined): HeadState {
  const pathLeft = [head?.path, head?.pathLeft].find(
    (path) => path !== undefined && path !== state.path && !isDefaultPath(articleId, path),
  );
  return pathLeft === undefined ? state : { ...state, pathLeft };
}

/** Strips every stored version. Versions that arrive later are stripped when they are settled. */
async function erase(articles: Articles, articleId: string): Promise<void> {
  await articles.forgetPaths(articleId);
  const { newestFirst } = await articles.open(articleId);
  for await (const version of newestFirst) if (!isStripped(version.content)) await articles.strip(version);
}
