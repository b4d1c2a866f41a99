import { createHash } from 'node:crypto';
import { accept } from '../../shared/article/accept.ts';
import type { Issue } from '../../shared/field-schema.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import { canonicalJson, wellFormed } from '../../shared/canonical.ts';
import { withClaimCheck } from '../../shared/events/claim-check.ts';
import { latest } from '../../shared/feed/placement.ts';
import type { Articles } from '../../shared/article/ports.ts';
import type { Bus, PayloadStore } from '../../shared/events/ports.ts';
import type { Clock } from '../../shared/clock.ts';
import type { CmsApi, SweepMark, SweepMarks } from '../../shared/cms/ports.ts';
import type { Feeds } from '../../shared/feed/ports.ts';
import { clockSkewMilliseconds } from '../../shared/article/settle.ts';
import { readersView } from '../../shared/cms/readers-view.ts';
import {
  isObject,
  namesPageSize,
  pageSize,
  type ApiAnswer,
  type Credentials,
  type Swept,
} from '../../shared/cms/source-api.ts';
import {
  hiddenUntilScheduled,
  idIn,
  uriOf,
  type Command,
  type ReadResult,
  type ReceivedDetail,
  type Source,
  type SourceApi,
  type SourceSettings,
} from '../../shared/cms/source.ts';
import { busSourceOf } from '../../shared/cms/sources.ts';
import { NoTimeLeft, type TimeLimit } from '../../shared/time-limit.ts';
import { compareVersions, inOrder, type ArticleEvent, type Version } from '../../shared/article/version.ts';

export interface SweepPorts {
  readonly articles: Pick<Articles, 'open'>;
  readonly feeds: Pick<Feeds, 'page'>;
  readonly bus: Bus;
  readonly payloads: PayloadStore;
  readonly cms: CmsApi;
  readonly marks: SweepMarks;
  readonly clock: Clock;
  /** Limits reading and validating one story. */
  readonly limit?: TimeLimit;
}

export interface SweepOrder {
  readonly source: Source;
  readonly settings: SourceSettings;
  readonly credentials: Credentials;
  /** Whether the whole archive is checked, whatever was swept before. A walk in progress continues. */
  readonly wholeArchive: boolean;
  /** No page is begun after this instant (epoch ms); the next sweep continues there. */
  readonly until: number;
}

/** Thrown if the CMS's API did not answer as expected. The sweep then concludes nothing about its stories. */
export class CmsSilent extends Error {
  override readonly name = 'CmsSilent';
}

/** Allows for the tolerance of CMSes' clocks, and repeats changes that were in progress when the last walk began. */
const overlapMilliseconds = clockSkewMilliseconds + 5 * 60_000;
const beginning = '1970-01-01T00:00:00.000Z';
/** The live stories that each sweep checks with the CMS: the newest, and the same number of older ones in rotation. */
const checkedStories = 100;
/** Statuses with which a CMS may reject a request because of one id in it. */
const statusesOfAnUnknownId: readonly number[] = [400, 403, 404, 422, 500];
/** The maximum number of pages of names that are watched: their digests share a row. */
const maxNamePages = 20;

/** The CMS's latest statements about a story. */
interface Statements {
  readonly newest: Version | undefined;
  /** Whether the story is hidden according to the CMS, apart from versions that wait for their embargo. */
  readonly isHidden: boolean;
  readonly isErased: boolean;
}

/** An event for the bus, and the version that `store` will make of it. */
interface SweepEvent {
  readonly source: string;
  readonly type: ArticleEvent;
  readonly detail: ReceivedDetail & Readonly<Record<string, unknown>>;
  readonly version: Version;
}

/**
 * Queries a CMS for changes whose webhooks were lost. Puts only those on the bus that differ for readers from the CMS's
 * latest statement. Can be repeated from any point.
 */
export async function sweep(ports: SweepPorts, order: SweepOrder): Promise<Swept> {
  const { source, settings } = order;
  const { api } = source;
  if (!api) return { seen: 0, total: 0, sent: 0, withdrawn: 0, unreadable: [], ignored: 0, isComplete: true };
  const round = new Round(ports, order, api);
  const mark = (await ports.marks.read(markOf(source, settings))) ?? {};
  let isComplete = false;
  try {
    const walked = await round.walk(mark);
    isComplete = walked.walk === undefined;
    if (isComplete) await round.check(walked);
  } catch (error) {
    // The mark is that of the last complete page and of the last check. The next sweep continues there.
    if (!(error instanceof NoTimeLeft)) throw error;
  }
  return round.report(isComplete);
}

function markOf({ name }: Source, { site }: SourceSettings): string {
  return `${name}:${site}`;
}

class Round {
  readonly #ports: SweepPorts;
  readonly #order: SweepOrder;
  readonly #api: SourceApi;
  #seen = 0;
  #total = 0;
  #sent = 0;
  #withdrawn = 0;
  readonly #unreadable: string[] = [];
  #ignored = 0;
  /** The last version of each article that this sweep put on the bus, which may not be stored yet. */
  readonly #sentLast = new Map<string, Version>();

  constructor(ports: SweepPorts, order: SweepOrder, api: SourceApi) {
    this.#ports = ports;
    this.#order = order;
    this.#api = api;
  }

  report(isComplete: boolean): Swept {
    return {
      seen: this.#seen,
      total: this.#total,
      sent: this.#sent,
      withdrawn: this.#withdrawn,
      unreadable: this.#unreadable,
      ignored: this.#ignored,
      isComplete,
    };
  }

  /** Walks through the changes since the last walk, page by page. The mark records the next page. */
  async walk(before: SweepMark): Promise<SweepMark> {
    const { settings, credentials, wholeArchive, until } = this.#order;
    const { clock } = this.#ports;
    let mark = before;
    if (mark.walk === undefined || (wholeArchive && mark.walk.since !== beginning)) {
      // Renaming a tag, category or author changes no story's time, so then all stories are checked.
      const known = mark.names ?? {};
      const names = await this.#names(known);
      const isRenamed = Object.entries(known).some(([id, name]) => names[id] !== name);
      const isAll = wholeArchive || mark.sweptAt === undefined || isRenamed;
      const since = isAll
        ? beginning
        : new Date(Date.parse(mark.sweptAt ?? beginning) - overlapMilliseconds).toISOString();
      mark = {
        ...mark,
        names,
        walk: { since, startedAt: new Date(clock.now()).toISOString(), page: 1, seen: 0, total: 0 },
      };
      await this.#write(mark);
    }
    for (let { walk } = mark; walk !== undefined && clock.now() <= until; { walk } = mark) {
      let [seen, total, isLast] = [walk.seen, 0, true];
      for (const request of this.#api.list(settings, credentials, walk.since, walk.page)) {
        const asked = clock.now();
        const answer = await this.#ports.cms.ask(request);
        const listed = this.#api.listed(answer, settings);
        if (!listed)
          throw new CmsSilent(`${this.#order.source.name} answered ${answer.status} to page ${walk.page} of its list`);
        for (const [index, item] of listed.items.entries())
          await this.#publishItem(item, asked, `${walk.page}.${index}`);
        seen += listed.items.length;
        total += listed.total;
        isLast &&= listed.isLast;
      }
      this.#seen = seen;
      this.#total = Math.max(total, seen);
      // If the list became shorter, its entries have moved up, so the previous page is requested again.
      const next = walk.page > 1 && total < walk.total ? Math.max(walk.page - 1, 1) : walk.page + 1;
      mark =
        isLast && next > walk.page
          ? { ...mark, walk: undefined, sweptAt: walk.startedAt }
          : { ...mark, walk: { ...walk, page: next, seen, total } };
      await this.#write(mark);
    }
    return mark;
  }

  /**
   * Checks live stories with the CMS. A story that the CMS no longer lists is withdrawn if a request for it confirms
   * that.
   */
  async check(mark: SweepMark): Promise<void> {
    const { feeds } = this.#ports;
    const newest = await feeds.page(latest, checkedStories, undefined);
    const further = await feeds.page(latest, checkedStories, mark.checkedAfter ?? newest.entries.at(-1)?.place);
    const uris = [...newest.entries, ...further.entries].map(({ card }) => card.uri);
    const given = new Set(uris.flatMap((uri) => idIn(uri, this.#order.source.name, this.#order.settings) ?? []));
    const ids = [...given].filter((id) => this.#api.id.test(id));
    this.#ignored += given.size - ids.length;
    for (let start = 0; start < ids.length; start += pageSize) {
      const status = await this.#checkIds(ids.slice(start, start + pageSize));
      if (status !== undefined)
        throw new CmsSilent(`${this.#order.source.name} answered ${status} when it was asked for stories by id`);
    }
    const after = further.entries.length < checkedStories ? undefined : further.entries.at(-1)?.place;
    if (after !== mark.checkedAfter) await this.#write({ ...mark, checkedAfter: after });
  }

  /**
   * Checks several stories in one request. If the CMS rejects it, the stories are divided, so that an id that the CMS
   * cannot read (a text where it has numbers) does not block the others. Returns the status of the response if the CMS
   * rejected all.
   */
  async #checkIds(ids: readonly string[]): Promise<number | undefined> {
    const { source, settings, credentials } = this.#order;
    const asked = this.#ports.clock.now();
    const listedUris = new Set<string>();
    let refused: number | undefined;
    for (const request of this.#api.byIds(settings, credentials, ids)) {
      const answer = await this.#ports.cms.ask(request);
      const listed = this.#api.listed(answer, settings);
      if (!listed) refused ??= answer.status;
      for (const [index, item] of (listed?.items ?? []).entries())
        for (const uri of await this.#publishItem(item, asked, `ids.${index}`)) listedUris.add(uri);
    }
    if (refused === undefined) {
      for (const id of ids) if (!listedUris.has(uriOf(source.name, settings, id))) await this.#lookUp(id);
      return undefined;
    }
    if (ids.length === 1 || !statusesOfAnUnknownId.includes(refused)) return refused;
    const middle = Math.ceil(ids.length / 2);
    const [before, behind] = [ids.slice(0, middle), ids.slice(middle)];
    const statuses = [await this.#checkIds(before), await this.#checkIds(behind)] as const;
    if (statuses.every((status) => status !== undefined)) return refused;
    this.#ignored += (statuses[0] === undefined ? 0 : before.length) + (statuses[1] === undefined ? 0 : behind.length);
    return undefined;
  }

  async #lookUp(id: string): Promise<void> {
    const { source, settings, credentials } = this.#order;
    const asked = this.#ports.clock.now();
    const answers: ApiAnswer[] = [];
    for (const request of this.#api.one(settings, credentials, id)) {
      const answer = await this.#ports.cms.ask(request);
      if (!this.#api.isGone(answer, settings)) return;
      answers.push(answer);
    }
    const uri = uriOf(source.name, settings, id);
    const { newest, isHidden } = await this.#statements(uri, asked);
    // If the story is live although the CMS hid it, the desk restored it. A version that was received in between is the
    // CMS's later statement.
    if (isHidden || (newest && newest.receivedAt > asked)) return;
    const versionCreated = new Date(answeredAt(answers[0], asked)).toISOString();
    const event = this.#event(
      { type: 'article.unpublished', detail: { article: { uri, versionCreated } } },
      asked,
      newest,
    );
    if ('issues' in event) return;
    await this.#put(event);
    this.#withdrawn += 1;
  }

  /** Puts the event of one list item on the bus if readers would see a difference. Returns the uris of its stories. */
  async #publishItem(item: unknown, asked: number, where: string): Promise<string[]> {
    const reading = this.#read(item);
    if ('issues' in reading) {
      this.#unreadable.push(...reading.issues.map(({ path, message }) => `${where}.${path} ${message}`));
      return [];
    }
    for (const command of reading.commands) await this.#publishCommand(command, asked, where);
    return reading.commands.map(({ detail }) => detail.article.uri);
  }

  #read(item: unknown): ReadResult {
    return this.#limited(() => this.#api.state(wellFormed(item), this.#order.settings));
  }

  /**
   * Runs work on one story's content, which may be anything. An error or a timeout is an issue of that story, and the
   * sweep continues. Throws {@link NoTimeLeft}: that story was not checked, so the mark must not move past it.
   */
  #limited<T>(work: () => T): T | { readonly issues: readonly Issue[] } {
    const { limit = <R>(unlimited: () => R): R => unlimited() } = this.#ports;
    try {
      return limit(work);
    } catch (error) {
      if (error instanceof NoTimeLeft) throw error;
      return { issues: [{ path: '', message: error instanceof Error ? error.message : String(error) }] };
    }
  }

  async #publishCommand(command: Command, asked: number, where: string): Promise<void> {
    const { newest, isErased } = await this.#statements(command.detail.article.uri, asked);
    // A version that was received after the list was requested is the CMS's later statement.
    if (isErased || (newest && newest.receivedAt > asked)) return;
    // A story that readers never saw needs no withdrawal.
    if (!newest && !isUsable(command.type)) return;
    const event = this.#limited(() => {
      const made = this.#event(command, asked, newest);
      if ('issues' in made || !newest) return made;
      const isSame = readersView(newest, asked) === readersView(made.version, asked);
      // A later time of the CMS counts even if readers see no difference: the story may have been withdrawn in between,
      // and that webhook may still arrive.
      return isSame && made.version.versionCreated <= newest.versionCreated ? undefined : made;
    });
    if (event === undefined) return;
    if ('issues' in event) {
      this.#unreadable.push(...event.issues.map(({ path, message }) => `${where}.${path} ${message}`));
      return;
    }
    await this.#put(event);
  }

  /**
   * Returns the CMS's latest statements about a story. Commands of the desk have an actor and are not among them: the
   * CMS is compared with itself, so that an article that the desk withdrew or rolled back stays so.
   */
  async #statements(uri: string, now: number): Promise<Statements> {
    const { holds, newestFirst } = await this.#ports.articles.open(articleIdOf(uri));
    const isErased = holds.some(({ kind }) => kind === 'erased');
    const sent = this.#sentLast.get(uri);
    let newest = sent;
    for await (const version of inOrder(newestFirst, 'newest')) {
      if (version.content.actor !== undefined) continue;
      if (newest === undefined || compareVersions(version, newest) > 0) newest = version;
      if (newest === sent) break;
      const isWaiting = version.status === 'usable' && (version.embargoedUntil ?? -Infinity) > now;
      if (!isWaiting) return { newest, isErased, isHidden: version.status !== 'usable' };
    }
    return { newest, isErased, isHidden: newest !== undefined && newest.status !== 'usable' };
  }

  /**
   * Returns the event for the CMS's present state. It is the CMS's latest statement, so it is ordered above earlier
   * ones: a post that returns, or a text that is reverted, may not have a later time. `receivedAt` is when the CMS was
   * queried, so a webhook of the same second that arrives in between is the later one.
   */
  #event(
    { type, detail }: Command,
    asked: number,
    newest: Version | undefined,
  ): SweepEvent | { readonly issues: readonly Issue[] } {
    const own = { versionCreated: Date.parse(detail.article.versionCreated), revision: detail.revision ?? 0 };
    const { versionCreated, revision } =
      newest && (newest.versionCreated - own.versionCreated || newest.revision - own.revision) > 0 ? newest : own;
    const article = { ...detail.article, versionCreated: new Date(versionCreated).toISOString() };
    const said = { ...detail, article, ...(revision > 0 && { revision }), receivedAt: asked };
    const source = busSourceOf(this.#order.source);
    const time = new Date(asked).toISOString();
    const accepted = accept(JSON.stringify({ id: 'sweep', source, time, 'detail-type': type, detail: said }), 'sweep');
    if (accepted.kind === 'rejected') return { issues: accepted.errors };
    return accepted.kind === 'version' ? { source, type, detail: said, version: accepted.version } : { issues: [] };
  }

  async #put({ source, type, detail, version }: SweepEvent): Promise<void> {
    const { bus, payloads } = this.#ports;
    const events = [...hiddenUntilScheduled(this.#order.source, detail), { type, detail }].map(async (event) => ({
      source,
      type: event.type,
      detail: await withClaimCheck(payloads, { ...event.detail }),
    }));
    await bus.put(await Promise.all(events));
    this.#sentLast.set(detail.article.uri, version);
    this.#sent += 1;
  }

  /**
   * Names that are not listed now (some keys may not list them) keep their digest. A new name needs no check, because
   * no stored story has it under another name.
   */
  async #names(known: Readonly<Record<string, string>>): Promise<Record<string, string>> {
    const { settings, credentials } = this.#order;
    const names: Record<string, string> = { ...known };
    for (const list of this.#api.names(settings, credentials, 1).keys()) {
      for (let page = 1; page <= maxNamePages; page += 1) {
        const request = this.#api.names(settings, credentials, page)[list];
        const { status, body } = request ? await this.#ports.cms.ask(request) : { status: 404, body: undefined };
        const entries = status === 200 ? entriesIn(body) : [];
        for (const { id, documentId, name, slug, link } of entries)
          names[`${list}:${String(documentId ?? id)}`] = createHash('sha256')
            .update(canonicalJson({ name, slug, link }))
            .digest('hex')
            .slice(0, 8);
        if (entries.length < namesPageSize) break;
      }
    }
    return names;
  }

  #write(mark: SweepMark): Promise<void> {
    return this.#ports.marks.write(markOf(this.#order.source, this.#order.settings), mark);
  }
}

/** Returns the entries of a CMS's list: a bare array, or the only array in an object. */
function entriesIn(body: unknown): Record<string, unknown>[] {
  const list = Array.isArray(body)
    ? body
    : Object.values(isObject(body) ? body : {}).find((held) => Array.isArray(held));
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function isUsable(type: ArticleEvent): boolean {
  return type === 'article.published' || type === 'article.updated';
}

/**
 * Returns when the CMS answered (epoch ms), in whole seconds, as most CMSes date their changes. The CMS's own clock
 * counts if the answer states it and it is about right.
 */
function answeredAt(answer: ApiAnswer | undefined, asked: number): number {
  const date = Date.parse(answer?.headers['date'] ?? '');
  return Math.floor((Math.abs(date - asked) < clockSkewMilliseconds ? date : asked) / 1000) * 1000;
}
