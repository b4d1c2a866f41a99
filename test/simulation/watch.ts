import { theme } from '../unit/newspaper.ts';
import * as v from 'valibot';
import type { Response } from '../../functions/deliver/http.ts';
import { announcementSchemas } from '../../shared/events/announcement-schema.ts';
import type { Announcement } from '../../shared/events/announcement.ts';
import type { FeedEntry } from '../../shared/feed/feed.ts';
import type { Head } from '../../shared/article/head.ts';
import type { HeadImages } from '../fakes/memory-articles.ts';
import type { PurgeRequest } from '../../shared/purge/ports.ts';
import { articleIdNamed, articleNames, frontNames, liveName, paths, postNames, profileName, uriOf } from './plan.ts';
import { authorUrls, feeds, said, urls, type Reader } from './reader.ts';
import { Violation } from './scheduler.ts';
import type { World } from './world.ts';

/** The feeds that are there before their first story. */
const namedSections = theme.sections.map(({ path }) => `section/${path}`);

/** By as much may a machine's clock be ahead. */
const skewMilliseconds = 2500;

const liveId = articleIdNamed(liveName);
const liveTag = `feed:live:${liveId}`;
const names = [...articleNames, ...postNames, profileName];
const profileId = articleIdNamed(profileName);
const postIds: readonly string[] = postNames.map(articleIdNamed);

interface HeadWritten {
  readonly before: Head | undefined;
  readonly after: Head;
  /** How often the posts' tag had been asked to be purged by then. */
  readonly postPurges: number;
}

/** Holds the pipeline to its guarantees: some at every moment, the rest whenever the dust has settled. */
export class Watch {
  readonly #world: World;
  readonly #writes: HeadWritten[] = [];
  /** The versions that were stored when a head was written. */
  readonly #seen = new Map<string, ReadonlySet<string>>();
  /** The cause with which each row was first stored. */
  readonly #causes = new Map<string, string>();
  readonly #highestSeq = new Map<string, number>();
  readonly #announced = new Map<string, Announcement>();
  readonly #details = new Map<string, string>();
  readonly #asked = new Map<string, number>();
  readonly #taken = new Map<string, readonly string[]>();
  #postPurges = 0;
  /** The feeds announced of each change of the profile, by `seq`: one announcement a page. */
  readonly #profileFeeds = new Map<number, readonly string[]>();
  /** How many heads had been written when a table was restored. */
  readonly #restored: number[] = [];
  /** How each event was sent: by the bus itself (`undefined`), or by replays, by name. */
  readonly #sentBy = new Map<string, Set<string | undefined>>();
  #broken: Violation | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  /** Notes the first guarantee that was broken. */
  broke(rule: string, message: string): void {
    this.#world.note(() => `✗ ${rule}: ${message}`);
    this.#broken ??= new Violation(rule, message);
  }

  throwIfBroken(): void {
    if (this.#broken) throw this.#broken;
  }

  headWritten({ old: before, new: after }: HeadImages): void {
    if (!after) return;
    const { articleId, seq } = after;
    if (seq <= (this.#highestSeq.get(articleId) ?? 0))
      this.broke('seq', `the head of ${articleId} got seq ${seq}, not above ${this.#highestSeq.get(articleId) ?? 0}`);
    this.#highestSeq.set(articleId, Math.max(seq, this.#highestSeq.get(articleId) ?? 0));
    const write = { before, after, postPurges: this.#postPurges };
    this.#writes.push(write);
    this.#judge(write);
    this.#judgeCause(after);
    if (before && after.settledAt < before.settledAt)
      this.broke(
        'heads',
        `the head of ${this.#named(articleId)} was settled by an earlier clock than the one before it`,
      );
  }

  /** Marks all stored versions as seen by every head. Returns a function that does so again after a restore. */
  remembered(): () => void {
    return () => {
      this.#seen.clear();
      this.#causes.clear();
      this.#restored.push(this.#writes.length);
      for (const id of this.#world.articles.heads.keys()) this.#seen.set(id, this.#stored(id));
    };
  }

  /** The bus hands an event to the queue. */
  sent(body: string): void {
    const { id, 'replay-name': replay } = JSON.parse(body) as Sent;
    this.#sentBy.set(id, (this.#sentBy.get(id) ?? new Set()).add(replay));
  }

  #stored(id: string): Set<string> {
    const { versions, holds } = this.#world.articles;
    return new Set([...(versions.get(id)?.keys() ?? []), ...(holds.get(id)?.keys() ?? [])]);
  }

  /**
   * Compares a head with the oracle's result for all versions that the previous head had seen, and perhaps some newer
   * ones. A head must not forget a version that another has seen.
   */
  #judge({ after }: HeadWritten): void {
    const { articleId, version, visibility, settledAt, origin } = after;
    const must = this.#seen.get(articleId) ?? new Set();
    const stored = this.#stored(articleId);
    this.#seen.set(articleId, stored);
    const perhaps = [...stored].filter((key) => !must.has(key));
    if (perhaps.length > 8) return;
    for (let chosen = 0; chosen < 2 ** perhaps.length; chosen += 1) {
      const knows = (key: string): boolean =>
        must.has(key) || (perhaps.includes(key) && ((chosen >> perhaps.indexOf(key)) & 1) === 1);
      const expected = this.#world.oracle.expect(articleId, settledAt, knows);
      const isCaused = origin ? expected.origins.includes(origin.correlationId) : expected.origins.length === 0;
      // Under a hold, a head keeps the version that readers saw last.
      const isVersion = expected.held || expected.erased || expected.shown?.key === version;
      if (isCaused && isVersion && (expected.visibility === 'live') === (visibility === 'live')) return;
    }
    this.broke(
      'heads',
      `${this.#named(articleId)} became ${visibility} with ${version ?? 'no version'} because of ${origin?.correlationId ?? 'nothing'}, which forgets what the head before it had seen`,
    );
  }

  /** A row keeps the cause with which it was first stored, and a head's cause is that of a row. */
  #judgeCause({ articleId, origin }: Head): void {
    const { versions, holds } = this.#world.articles;
    const origins = [...(versions.get(articleId)?.entries() ?? []), ...(holds.get(articleId)?.entries() ?? [])].map(
      ([key, row]) => [`${articleId} ${key}`, sorted(row.origin)] as const,
    );
    for (const [key, stored] of origins) {
      const first = this.#causes.get(key) ?? stored;
      this.#causes.set(key, first);
      if (first !== stored) this.broke('replays', `${key} was first brought by ${first}, now by ${stored}`);
    }
    if (!origins.some(([, stored]) => stored === sorted(origin)))
      this.broke('replays', `the head of ${this.#named(articleId)} is caused by ${sorted(origin)}, and no row is`);
  }

  /** An entry shows the card of the head whose seq it carries. */
  entryPut({ feed, place, seq, card }: FeedEntry): void {
    const write = this.#writes.find(({ after }) => after.articleId === place.slice(-16) && after.seq === seq);
    if (card && sorted(card) !== sorted(write?.after.card))
      this.broke('feeds', `the entry in ${feed} with seq ${seq} shows what the head with this seq does not say`);
  }

  purgeAsked({ articles, tags }: PurgeRequest): void {
    if (tags.includes(liveTag)) this.#postPurges += 1;
    for (const { articleId, seq } of articles)
      this.#asked.set(articleId, Math.max(seq, this.#asked.get(articleId) ?? 0));
  }

  purgeTaken(id: string, tags: readonly string[]): void {
    this.#taken.set(id, tags);
  }

  announced(announcement: Announcement): void {
    const { type, detail } = announcement;
    this.#leaks(`announcement ${type}`, JSON.stringify(detail));
    const text = JSON.stringify([type, detail]);
    const before = this.#details.get(detail.id);
    if (before !== undefined && before !== text)
      this.broke('announcements', `${detail.id} said ${before}, now ${text}`);
    this.#details.set(detail.id, text);
    if (!v.is(announcementSchemas[type], detail))
      this.broke('contract', `${text} is not what the schema of ${type} says`);

    if (type === 'cdn.purged') {
      const missing = detail.tags.filter((tag) => !this.#taken.get(detail.invalidationId)?.includes(tag));
      if (missing.length > 0)
        this.broke('announcements', `cdn.purged names ${missing.join(' ')}, which the CDN never took`);
      for (const article of detail.articles) this.#judgeReplay(type, article);
      return;
    }
    this.#judgeReplay(type, detail);
    if (type === 'article.rejected') {
      this.#announced.set(`${type} ${detail.eventId}`, announcement);
      return;
    }
    if (type === 'front.changed') {
      this.#announced.set(`${type} ${detail.name} ${detail.seq}`, announcement);
      const { new: after } =
        this.#world.fronts.stream.find(
          ({ new: written }) => written?.name === detail.name && written.seq === detail.seq,
        ) ?? {};
      if (after === undefined)
        this.broke('announcements', `${type} of ${detail.name} ${detail.seq} before anything was committed`);
      else if (after.change !== detail.change || after.versionCreated !== detail.versionCreated)
        this.broke('announcements', `${type} of ${detail.name} ${detail.seq} says ${text}`);
      return;
    }
    const { articleId, seq } = detail;
    const key = `${type === 'feed.changed' ? type : 'article'} ${articleId} ${seq}`;
    this.#announced.set(key, announcement);
    const write = this.#writes.find(({ after }) => after.articleId === articleId && after.seq === seq);
    if (!write) {
      this.broke('announcements', `${type} of ${articleId} ${seq} before anything was committed`);
      return;
    }
    for (const feed of type === 'feed.changed' ? detail.feeds : []) {
      const rows = [write.before, write.after].flatMap((image) =>
        image?.feeds?.includes(feed) === true ? (this.#world.feeds.rows.get(feed)?.get(image.place ?? '') ?? []) : [],
      );
      const head = this.#world.articles.heads.get(articleId);
      const isMissing = head?.seq === seq && head.feeds?.includes(feed) === true && rows.length === 0;
      if (isMissing || rows.some((row) => row.card && row.seq < seq))
        this.broke('announcements', `feed.changed of ${feed} ${seq} before the feed was written`);
    }
    if (postIds.includes(articleId)) {
      this.#judgePost(type, write);
      return;
    }
    if (articleId === profileId) {
      if (type === 'feed.changed')
        this.#profileFeeds.set(seq, [...(this.#profileFeeds.get(seq) ?? []), ...detail.feeds]);
      else this.broke('announcements', `${type} of ${profileName}, which is a profile`);
      return;
    }
    if ((write.before !== undefined || touched(write).length > 0) && (this.#asked.get(articleId) ?? 0) < seq)
      this.broke('purges', `${type} of ${articleId} ${seq} before a purge was asked for`);
  }

  /** A post is announced as a change of its story's feed alone, after the page's purge, and never before its story is public. */
  #judgePost(type: string, { after, postPurges }: HeadWritten): void {
    const { articleId, seq } = after;
    if (type !== 'feed.changed') this.broke('announcements', `${type} of ${this.#named(articleId)}, which is a post`);
    if (this.#postPurges <= postPurges)
      this.broke('purges', `${type} of the post ${articleId} ${seq} before a purge was asked for`);
    if (!this.#mayStoryBeKnown())
      this.broke('embargo', `${type} tells of a post of ${liveName} before the story's embargo has passed`);
  }

  #mayStoryBeKnown(): boolean {
    return this.#world.oracle.mayBeKnown(
      this.#world.now + skewMilliseconds,
      (fact) => fact.article?.uri === uriOf(liveName),
    );
  }

  /** Every announcement names its cause, and the replay that brought it if one did. */
  #judgeReplay(
    type: string,
    { correlationId, replay }: { readonly correlationId?: string | undefined; readonly replay?: string | undefined },
  ): void {
    if (correlationId === undefined) this.broke('replays', `${type} names no cause`);
    else if (this.#sentBy.get(correlationId)?.has(replay) !== true)
      this.broke('replays', `${type} is caused by ${correlationId}, which ${replay ?? 'the bus itself'} never brought`);
  }

  answered(url: string, { status, headers, body }: Response): void {
    this.#leaks(`${url} (${status})`, `${headers['location'] ?? ''} ${body}`);
  }

  /** Whether a text contains a version whose embargo has not passed on any clock. */
  #leaks(where: string, text: string): void {
    for (const [, article = '', word = ''] of text.matchAll(
      /story[ -]([abcpqrm])[ -](one|two|three|four)\b(?!\.json)/gi,
    )) {
      const isPost = (postNames as readonly string[]).includes(article.toLowerCase());
      if (isPost && !this.#mayStoryBeKnown())
        this.broke('embargo', `${where} tells of a post of ${liveName} before the story's embargo has passed`);
      const isKnown = this.#world.oracle.mayBeKnown(
        this.#world.now + skewMilliseconds,
        (fact) =>
          fact.article?.uri === uriOf(article.toLowerCase()) &&
          (fact.profile?.jobTitle ?? fact.article.headlines?.[0]?.value)?.toLowerCase() ===
            `story ${article} ${word}`.toLowerCase(),
      );
      if (!isKnown) this.broke('embargo', `${where} tells of story ${article} ${word} before its embargo has passed`);
    }
    for (const [, picture = ''] of text.matchAll(/(picture[-_]\d+)\b/g))
      if (
        !this.#world.oracle.mayHaveBeenShown(
          `urn:paper:${picture.replace('_', '-')}`,
          this.#world.now + skewMilliseconds,
        )
      )
        this.broke('embargo', `${where} shows ${picture}, which may not be shown`);
  }

  /** Compares everything with the oracle, everywhere a reader can look. */
  async compare(reader: Reader): Promise<void> {
    this.throwIfBroken();
    this.#compareVersions();
    this.#compareHeads();
    this.#comparePaths();
    this.#compareFeeds();
    this.#compareAnnouncements();
    this.#compareFrontAnnouncements();
    this.#compareRejections();
    await this.#compareAnswers();
    await this.#compareEdge();
    await reader.lookAtAll();
    this.throwIfBroken();
  }

  #compareVersions(): void {
    const { oracle, articles, fronts } = this.#world;
    for (const id of oracle.ids()) {
      const stored = [...((id.startsWith('front#') ? fronts : articles).versions.get(id)?.keys() ?? [])].sort();
      const expected = [...(oracle.versions.get(id)?.keys() ?? [])].sort();
      same('versions', `versions of ${this.#named(id)}`, stored, expected);
      if (!oracle.expect(id, this.#world.now).erased) continue;
      const kept = JSON.stringify([...(articles.versions.get(id)?.values() ?? [])].map(({ content }) => content));
      if (/Story|Body/.test(kept))
        throw new Violation('erasure', `${this.#named(id)} is erased, and still stored is ${kept}`);
    }
  }

  #compareHeads(): void {
    const { oracle, articles, fronts, now } = this.#world;
    for (const id of oracle.ids()) {
      const expected = oracle.expect(id, now);
      const isFront = id.startsWith('front#');
      const head = isFront ? fronts.heads.get(id) : articles.heads.get(id);
      same('heads', `standing of ${this.#named(id)}`, head?.visibility ?? 'hidden', expected.visibility);
      if (expected.visibility !== 'live') continue;
      same('heads', `version of ${this.#named(id)}`, head?.version, expected.shown?.key);
      if (isFront) continue;
      const { path = '', card, feeds: listed, place } = articles.heads.get(id) ?? {};
      same('heads', `card of ${this.#named(id)}`, card, oracle.card(id, expected, path, now));
      same('heads', `feeds of ${this.#named(id)}`, [...(listed ?? [])].sort(), [...new Set(expected.feeds)].sort());
      same('heads', `place of ${this.#named(id)}`, place, `${new Date(expected.firstPublished).toISOString()}#${id}`);
    }
  }

  /** Who owns a contested path depends on who was there first. It is at that path, or under a hold. */
  #comparePaths(): void {
    const { oracle, articles, now } = this.#world;
    for (const id of oracle.ids()) {
      const expected = oracle.expect(id, now);
      const head = articles.heads.get(id);
      if (expected.visibility !== 'live' || !head || id.startsWith('front#')) continue;
      const { claimed } = expected;
      const ownDefault = `/articles/${id}/${expected.first?.article?.headlines?.[0]?.value.toLowerCase().replaceAll(' ', '-') ?? ''}`;
      if (claimed === undefined || head.pathClash !== undefined)
        same('paths', `path of ${this.#named(id)}`, head.path, ownDefault);
      else same('paths', `path of ${this.#named(id)}`, head.path, claimed);
      if (head.pathClash !== undefined) {
        same('paths', `clash of ${this.#named(id)}`, head.pathClash, claimed);
        const owner = articles.owners.get(claimed ?? '')?.articleId ?? '';
        const { visibility, held } = oracle.expect(owner, now);
        const keeps = visibility === 'live' ? articles.heads.get(owner)?.path === claimed : held;
        if (owner === id || !keeps)
          throw new Violation(
            'paths',
            `${this.#named(id)} lost ${claimed ?? ''} to ${this.#named(owner)}, which left it`,
          );
      } else if (claimed !== undefined)
        same('paths', `owner of ${claimed}`, articles.owners.get(claimed)?.articleId, id);
    }
    for (const [path, { articleId }] of articles.owners) {
      const isKnown = oracle.mayBeKnown(
        now + skewMilliseconds,
        (fact) => fact.path === path && articleIdNamed(fact.article?.uri.at(-1) ?? '') === articleId,
      );
      if (!isKnown)
        throw new Violation(
          'embargo',
          `${path} was claimed for ${this.#named(articleId)} before its embargo has passed`,
        );
    }
  }

  #compareFeeds(): void {
    const { oracle, articles, feeds: table, now } = this.#world;
    for (const feed of new Set([...feeds, ...table.rows.keys()])) {
      const rows = [...(table.rows.get(feed)?.values() ?? [])]
        .filter(({ card }) => card)
        .sort((a, b) => (a.place < b.place ? 1 : -1));
      same(
        'feeds',
        `articles in ${feed}`,
        rows.map(({ place }) => this.#named(place.slice(-16))),
        oracle.feed(feed, now).map((id) => this.#named(id)),
      );
      for (const { place, card } of rows)
        same('feeds', `card in ${feed}`, card, articles.heads.get(place.slice(-16))?.card);
    }
  }

  #compareAnnouncements(): void {
    for (const [index, write] of this.#writes.entries()) {
      const { before, after } = write;
      if (postIds.includes(after.articleId)) {
        this.#comparePostAnnouncement(write, index);
        continue;
      }
      if (after.articleId === profileId) {
        same(
          'announcements',
          `feeds announced of the profile ${after.seq}`,
          [...new Set(this.#profileFeeds.get(after.seq))].sort(),
          [...new Set([...(before?.feeds ?? []), ...(after.feeds ?? [])])].sort(),
        );
        continue;
      }
      const kind = after.visibility !== 'live' ? 'withdrawn' : before?.visibility === 'live' ? 'revised' : 'live';
      const announcement = this.#announced.get(`article ${after.articleId} ${after.seq}`);
      same(
        'announcements',
        `announcement of ${this.#named(after.articleId)} ${after.seq}`,
        announcement?.type,
        `article.${kind}`,
      );
      same(
        'announcements',
        `cause of ${this.#named(after.articleId)} ${after.seq}`,
        [announcement?.detail.correlationId, announcement?.detail.replay],
        [after.origin?.correlationId, after.origin?.replay],
      );
      const changed = this.#announced.get(`feed.changed ${after.articleId} ${after.seq}`);
      const announced = changed?.type === 'feed.changed' ? [...changed.detail.feeds].sort() : [];
      same(
        'announcements',
        `feeds announced of ${this.#named(after.articleId)} ${after.seq}`,
        announced,
        touched(write),
      );
    }
  }

  /** A post's change has to be announced if its story was public all the time since. */
  #comparePostAnnouncement({ before, after }: HeadWritten, index: number): void {
    const ofStory = (write: HeadWritten): boolean => write.after.articleId === liveId;
    const last = this.#writes.findLastIndex((write, at) => at < index && ofStory(write));
    const isUnsure = last < 0 || this.#restored.some((at) => at > last);
    const isPublic = this.#writes.every(
      (write, at) => at < last || !ofStory(write) || write.after.visibility === 'live',
    );
    const announced = this.#announced.get(`feed.changed ${after.articleId} ${after.seq}`);
    const feeds = [...new Set([...(before?.feeds ?? []), ...(after.feeds ?? [])])].sort();
    if (announced?.type === 'feed.changed')
      same('announcements', `feeds announced of the post ${after.seq}`, [...announced.detail.feeds].sort(), feeds);
    else if (!isUnsure && isPublic && feeds.length > 0 && !isSamePost(before, after))
      throw new Violation('announcements', `the post ${this.#named(after.articleId)} ${after.seq} was not announced`);
  }

  #compareFrontAnnouncements(): void {
    for (const { new: after } of this.#world.fronts.stream) {
      if (after === undefined) continue;
      const announcement = this.#announced.get(`front.changed ${after.name} ${after.seq}`);
      same(
        'announcements',
        `announcement of the front ${after.name} ${after.seq}`,
        [announcement?.detail.correlationId, announcement?.detail.replay],
        [after.origin?.correlationId, after.origin?.replay],
      );
      if (announcement === undefined)
        throw new Violation('announcements', `the front ${after.name} ${after.seq} was not announced`);
    }
  }

  #compareRejections(): void {
    for (const [eventId, body] of this.#world.nonsense) {
      if (!this.#announced.has(`article.rejected ${eventId}`))
        throw new Violation('refusals', `the rejection of ${eventId} was not announced`);
      if (!this.#world.refused.includes(body)) throw new Violation('refusals', `${eventId} was rejected and is lost`);
    }
  }

  async #compareAnswers(): Promise<void> {
    const { oracle, articles, now } = this.#world;
    const look = async (url: string): Promise<Response> => this.#world.see(url);
    const statuses = { live: 200, gone: 410, hidden: 404 };
    for (const name of articleNames) {
      const id = articleIdNamed(name);
      const expected = oracle.expect(id, now);
      const { status, body } = await look(`/articles/${id}.json`);
      same('answers', `status of ${name}`, status, statuses[expected.visibility]);
      if (status === 200) {
        const shown = JSON.parse(body) as { versionCreated: string } & Associated;
        same('answers', `version of ${name}`, shown.versionCreated, expected.shown?.article?.versionCreated);
        same(
          'answers',
          `what goes with ${name}`,
          urisIn(shown),
          expected.shown && oracle.pictures(expected.shown, now),
        );
      }
      const head = articles.heads.get(id);
      if (head?.visibility === 'live')
        same('answers', `page of ${name} at ${head.path ?? ''}`, (await look(head.path ?? '')).status, 200);
    }
    await this.#comparePosts(look);
    if (this.#world.hasProfile) await this.#compareProfile(look);
    for (const path of paths) {
      const owner = articles.owners.get(path)?.articleId;
      const { status, headers } = await look(path);
      const head = owner === undefined ? undefined : articles.heads.get(owner);
      const visibility = owner === undefined ? 'hidden' : oracle.expect(owner, now).visibility;
      if (visibility !== 'live' || head?.path === path)
        same('answers', `status of ${path}`, status, statuses[visibility]);
      else same('answers', `where ${path} leads`, [status, headers['location']], [301, head?.path]);
    }
    for (const feed of feeds) {
      const { status, body } = await look(`/feeds/${feed}.json`);
      const expected = oracle.feed(feed, now).map((id) => this.#named(id));
      const isEmpty = expected.length === 0 && feed !== 'latest' && !namedSections.includes(feed);
      same('answers', `status of ${feed}`, status, isEmpty ? 404 : 200);
      if (status === 200)
        same(
          'answers',
          `items of ${feed}`,
          (JSON.parse(body) as { items: { id: string }[] }).items.map(({ id }) => id.at(-1)),
          expected,
        );
    }
    for (const name of frontNames) {
      const { status, body } = await look(`/fronts/${name}.json`);
      const expected = oracle.front(name, now);
      same('answers', `status of front ${name}`, status, expected ? 200 : 404);
      if (!expected) continue;
      const { containers } = JSON.parse(body) as { containers: { items: { articleId: string }[] }[] };
      same(
        'answers',
        `front ${name}`,
        containers.map(({ items }) => items.map(({ articleId }) => this.#named(articleId))),
        expected.map((ids) => ids.map((id) => this.#named(id))),
      );
    }
  }

  /** A profile is on the page of the author whose name it has, and nowhere else. */
  async #compareProfile(look: (url: string) => Promise<Response>): Promise<void> {
    const { oracle, now } = this.#world;
    same('answers', `status of the profile`, (await look(`/articles/${profileId}.json`)).status, 404);
    const { shown } = oracle.expect(profileId, now);
    for (const url of authorUrls) {
      const { status, body } = await look(url);
      const hasStories = oracle.feed(url.slice(1), now).length > 0;
      same('answers', `status of ${url}`, status, hasStories ? 200 : 404);
      const isThere = hasStories && oracle.feed(`${url.slice(1)}/profile`, now).length > 0;
      const [, jobTitle] = /<header class="profile">[^]*?<p class="by"[^>]*>([^<]*)</.exec(body) ?? [];
      same('answers', `profile on ${url}`, jobTitle, isThere ? shown?.profile?.jobTitle : undefined);
    }
  }

  /** Posts are where their story is, as long as it is public and a live story, and nowhere else. */
  async #comparePosts(look: (url: string) => Promise<Response>): Promise<void> {
    const { oracle, articles, now } = this.#world;
    for (const name of postNames) {
      const { status } = await look(`/articles/${articleIdNamed(name)}.json`);
      same('answers', `status of the post ${name}`, status, 404);
    }
    const expected = oracle.posts(liveId, now)?.map((id) => this.#named(id));
    const feed = await look(`/feeds/live/${liveId}.json`);
    same('answers', `status of the posts of ${liveName}`, feed.status, expected ? 200 : 404);
    const newest = await look(`/articles/${liveId}.posts.json`);
    same('answers', `status of the newest posts of ${liveName}`, newest.status, expected ? 200 : 404);
    const page = await look(articles.heads.get(liveId)?.path ?? '');
    const onPage = [...page.body.matchAll(/ id="post-([a-z2-7]{16})"/g)].map(([, id = '']) => this.#named(id));
    if (!expected) {
      same('answers', `posts on the page of ${liveName}`, onPage, []);
      return;
    }
    const { items } = JSON.parse(feed.body) as { items: { id: string }[] };
    same(
      'answers',
      `feed of the posts of ${liveName}`,
      items.map(({ id }) => id.at(-1)),
      expected,
    );
    const { posts } = JSON.parse(newest.body) as { posts: string[] };
    same(
      'answers',
      `newest posts of ${liveName}`,
      posts.map((id) => this.#named(id)),
      expected,
    );
    const [pinned] = oracle.feed(`live/${liveId}/pinned`, now).map((id) => this.#named(id));
    const others = expected.filter((name) => name !== pinned);
    same('answers', `posts on the page of ${liveName}`, onPage, pinned === undefined ? others : [pinned, ...others]);
    for (const name of expected) {
      const { shown } = oracle.expect(articleIdNamed(name), now);
      const text = shown?.article?.headlines?.[0]?.value ?? '';
      if (!page.body.includes(text)) throw new Violation('answers', `the page of ${liveName} does not show ${text}`);
    }
  }

  /** Checks that the edge has nothing stale beyond its promised time, and nothing withdrawn. */
  async #compareEdge(): Promise<void> {
    const { edge, oracle, now } = this.#world;
    for (const url of urls) {
      const kept = edge.get(url, now);
      if (!kept) continue;
      const fresh = await this.#world.see(url);
      if (said(url, fresh) === said(url, kept.response)) continue;
      // An article that claimed a path and then left it unused has no head that shows it. The path was hidden, and an
      // error lives five seconds.
      if (kept.response.status >= 400 && fresh.status === 301 && kept.keptAt <= now - 5000) continue;
      if (kept.expiresAt === Infinity)
        throw new Violation(
          'purges',
          `the edge still has ${url} with ${kept.tags.join(' ')}: ${difference(said(url, kept.response), said(url, fresh))}`,
        );
      const withdrawn = names.find(
        (name) =>
          oracle.expect(articleIdNamed(name), now).visibility !== 'live' &&
          kept.response.body.includes(`Story ${name} `),
      );
      if (withdrawn !== undefined && kept.raced)
        throw new Violation('withdrawals', `${url} still tells of ${withdrawn}, which was withdrawn`);
    }
  }

  #named(id: string): string {
    return names.find((name) => articleIdNamed(name) === id) ?? id;
  }
}

interface Sent {
  readonly id: string;
  readonly 'replay-name'?: string;
}

interface Associated {
  readonly uri?: string;
  readonly associations?: readonly Associated[];
}

function urisIn({ associations = [] }: Associated): (string | undefined)[] {
  return associations.flatMap((one) => [one.uri, ...urisIn(one)]);
}

/** Whether readers see the same post. Its own path may differ: an earlier version moves it, and no page shows it. */
function isSamePost(before: Head | undefined, after: Head): boolean {
  const shown = ({ version, leftOut, feeds, place }: Head): string => JSON.stringify([version, leftOut, feeds, place]);
  return before !== undefined && shown(before) === shown(after);
}

/** Feeds in which a change shows, by place or by card. */
function touched({ before, after }: HeadWritten): string[] {
  const entries = (head: Head | undefined): Map<string, string> => {
    const { updated: _, ...card } = head?.card ?? { updated: '' };
    return new Map(
      (head?.feeds ?? []).map((feed) => [feed, JSON.stringify([head?.place, Object.entries(card).sort()])]),
    );
  };
  const [old, current] = [entries(before), entries(after)];
  return [...new Set([...old.keys(), ...current.keys()])].filter((feed) => old.get(feed) !== current.get(feed)).sort();
}

function same(rule: string, what: string, found: unknown, expected: unknown): void {
  if (sorted(found) !== sorted(expected))
    throw new Violation(rule, `${what} should be ${sorted(expected)} and is ${sorted(found)}`);
}

/** JSON with fields in one order. */
function sorted(value: unknown): string {
  if (value === undefined) return 'absent';
  return JSON.stringify(value, (_, held: unknown) =>
    typeof held === 'object' && held !== null && !Array.isArray(held)
      ? Object.fromEntries(Object.entries(held).sort(([a], [b]) => (a < b ? -1 : 1)))
      : held,
  );
}

/** Where two long texts part. */
function difference(kept: string, fresh: string): string {
  let at = 0;
  while (at < kept.length && kept[at] === fresh[at]) at += 1;
  const around = (text: string): string => `${text.slice(0, 16)} … ${text.slice(Math.max(16, at - 60), at + 120)}`;
  return `kept ${around(kept)}, while the origin says ${around(fresh)}`;
}
