import type { Clock } from '../../shared/clock.ts';
import type { CmsApi, SweepMark, SweepMarks } from '../../shared/cms/ports.ts';
import {
  pageSize,
  type ApiAnswer,
  type ApiRequest,
  type Credentials,
  type ListedPage,
  type Swept,
} from '../../shared/cms/source-api.ts';
import { sweepMarkOf, type Source, type SourceApi } from '../../shared/cms/source.ts';
import { idIn, uriOf, type SourceSettings } from '../../shared/cms/source-settings.ts';
import { latest } from '../../shared/feed/placement.ts';
import type { Feeds } from '../../shared/feed/ports.ts';
import { clockSkewMilliseconds } from '../../shared/article/settle.ts';
import { NoTimeLeft } from '../../shared/time-limit.ts';
import { ChangedStories, type ChangedStoriesPorts } from './changed-stories.ts';
import { ConditionalRequests } from './conditional.ts';
import { digestsOfNames } from './names.ts';

export interface SweepPorts extends ChangedStoriesPorts {
  readonly feeds: Pick<Feeds, 'page'>;
  readonly cms: CmsApi;
  readonly marks: SweepMarks;
  readonly clock: Clock;
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

/**
 * Queries a CMS for changes whose webhooks were lost. Puts only those on the bus that differ for readers from the CMS's
 * latest statement. Can be repeated from any point.
 */
export async function sweep(ports: SweepPorts, order: SweepOrder): Promise<Swept> {
  const { source, settings } = order;
  const { api } = source;
  if (!api) return { seen: 0, total: 0, sent: 0, withdrawn: 0, unreadable: [], ignored: 0, isComplete: true };
  const round = new Round(ports, order, api);
  const mark = (await ports.marks.read(sweepMarkOf(source, settings))) ?? {};
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

/** One sweep of one source. */
class Round {
  readonly #ports: SweepPorts;
  readonly #order: SweepOrder;
  readonly #api: SourceApi;
  readonly #changes: ChangedStories;
  #seen = 0;
  #total = 0;
  #withdrawn = 0;
  #ignored = 0;

  constructor(ports: SweepPorts, order: SweepOrder, api: SourceApi) {
    this.#ports = ports;
    this.#order = order;
    this.#api = api;
    this.#changes = new ChangedStories(ports, order, api);
  }

  report(isComplete: boolean): Swept {
    return {
      seen: this.#seen,
      total: this.#total,
      sent: this.#changes.sent,
      withdrawn: this.#withdrawn,
      unreadable: this.#changes.unreadable,
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
      const names = await digestsOfNames(this.#ports.cms, this.#api, this.#order, known);
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
      const failures: unknown[] = [];
      const requests = new ConditionalRequests(wholeArchive ? undefined : mark.validators, settings);
      for (const request of this.#api.list(settings, credentials, walk.since, walk.page)) {
        try {
          const listed = await this.#publishPage(request, walk.page, requests);
          seen += listed.items.length;
          total += listed.total;
          isLast &&= listed.isLast;
        } catch (error) {
          if (error instanceof NoTimeLeft) throw error;
          // One feed that is down does not block the others.
          failures.push(error);
        }
      }
      mark = { ...mark, validators: requests.validators };
      if (failures.length > 0) {
        await this.#write(mark);
        throw failures[0];
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

  async #publishPage(request: ApiRequest, page: number, requests: ConditionalRequests): Promise<ListedPage> {
    const asked = this.#ports.clock.now();
    const answer = await this.#ports.cms.ask(requests.onlyIfChanged(request, asked));
    if (requests.isUnchanged(request, answer)) return { items: [], isLast: true, total: 0 };
    const { length } = this.#changes.unreadable;
    const listed = this.#api.listed(answer, this.#order.settings, request);
    if (!listed)
      throw new CmsSilent(`${this.#order.source.name} answered ${answer.status} to page ${page} of its list`);
    for (const [index, item] of listed.items.entries())
      await this.#changes.publishItem(item, asked, `${page}.${index}`);
    // An entry that is unreadable now may be readable later, because its time may be ahead.
    if (this.#changes.unreadable.length === length) requests.keep(request, answer, asked);
    return listed;
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
    let rejectedWith: number | undefined;
    const requests = this.#api.byIds(settings, credentials, ids);
    if (requests.length === 0) return undefined;
    for (const request of requests) {
      const answer = await this.#ports.cms.ask(request);
      const listed = this.#api.listed(answer, settings, request);
      if (!listed) rejectedWith ??= answer.status;
      for (const [index, item] of (listed?.items ?? []).entries())
        for (const uri of await this.#changes.publishItem(item, asked, `ids.${index}`)) listedUris.add(uri);
    }
    if (rejectedWith === undefined) {
      for (const id of ids) if (!listedUris.has(uriOf(source.name, settings, id))) await this.#lookUp(id);
      return undefined;
    }
    if (ids.length === 1 || !statusesOfAnUnknownId.includes(rejectedWith)) return rejectedWith;
    const middle = Math.ceil(ids.length / 2);
    const [before, behind] = [ids.slice(0, middle), ids.slice(middle)];
    const statuses = [await this.#checkIds(before), await this.#checkIds(behind)] as const;
    if (statuses.every((status) => status !== undefined)) return rejectedWith;
    this.#ignored += (statuses[0] === undefined ? 0 : before.length) + (statuses[1] === undefined ? 0 : behind.length);
    return undefined;
  }

  async #lookUp(id: string): Promise<void> {
    const { settings, credentials } = this.#order;
    const asked = this.#ports.clock.now();
    const answers: ApiAnswer[] = [];
    for (const request of this.#api.one(settings, credentials, id)) {
      const answer = await this.#ports.cms.ask(request);
      if (!this.#api.isGone(answer, settings, request)) return;
      answers.push(answer);
    }
    if (await this.#changes.withdraw(id, asked, answers[0])) this.#withdrawn += 1;
  }

  #write(mark: SweepMark): Promise<void> {
    return this.#ports.marks.write(sweepMarkOf(this.#order.source, this.#order.settings), mark);
  }
}
