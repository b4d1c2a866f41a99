import { createHash } from 'node:crypto';
import { articleIdOf } from '../../shared/article.ts';
import { canonicalJson } from '../../shared/canonical.ts';
import { parked } from '../../shared/claim.ts';
import { latest } from '../../shared/placement.ts';
import type { Articles, Bus, Clock, CmsApi, Feeds, Parcels, SweepMark, SweepMarks } from '../../shared/ports.ts';
import { clockSkewMilliseconds } from '../../shared/settle.ts';
import { isObject, namesPageSize, pageSize, type Credentials, type SourceApi, type Swept } from '../../shared/source-api.ts';
import { idIn, uriOf, type Command, type Source, type SourceSettings } from '../../shared/source.ts';
import { digestOf, inOrder, type ArticleEvent, type Version } from '../../shared/version.ts';

export interface SweepPorts {
  readonly articles: Pick<Articles, 'open'>;
  readonly feeds: Pick<Feeds, 'page'>;
  readonly bus: Bus;
  readonly parcels: Parcels;
  readonly cms: CmsApi;
  readonly marks: SweepMarks;
  readonly clock: Clock;
}

export interface SweepOrder {
  readonly source: Source;
  readonly settings: SourceSettings;
  readonly credentials: Credentials;
  /** Look at the whole archive, whatever was seen before; a walk under way goes on. */
  readonly wholeArchive: boolean;
  /** Epoch milliseconds after which no page is begun: the next sweep goes on there. */
  readonly until: number;
}

/** The CMS's API did not answer as it should: nothing is concluded from that. */
export class CmsSilent extends Error {
  override readonly name = 'CmsSilent';
}

/** Clocks of CMSes are as wrong as those of their webhooks may be; what was under way when the last walk began is seen again. */
const overlapMilliseconds = clockSkewMilliseconds + 5 * 60_000;
const beginning = '1970-01-01T00:00:00.000Z';
/** Live stories that each sweep asks the CMS about: the newest, and as many again further down, in turn. */
const checkedStories = 100;
/** Names of one kind that are watched: their digests share a row. */
const mostNamePages = 20;

/**
 * Asks a CMS what its webhooks lost, and puts on the bus only what was never stored. Compares with versions, never with the
 * head: what the desk withdrew or rolled back stays so. Repeatable at any point.
 */
export async function sweep(ports: SweepPorts, order: SweepOrder): Promise<Swept> {
  const { source, settings } = order;
  const { api } = source;
  if (!api) return { seen: 0, total: 0, sent: 0, withdrawn: 0, unreadable: [], isComplete: true };
  const round = new Round(ports, order, api);
  const mark = (await ports.marks.read(markOf(source, settings))) ?? {};
  const walked = await round.walk(mark);
  if (walked.walk === undefined) await round.check(walked);
  return round.report(walked);
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
  /** What this round put on the bus, and cannot have been stored yet. */
  readonly #said = new Set<string>();

  constructor(ports: SweepPorts, order: SweepOrder, api: SourceApi) {
    this.#ports = ports;
    this.#order = order;
    this.#api = api;
  }

  report({ walk }: SweepMark): Swept {
    return {
      seen: this.#seen,
      total: this.#total,
      sent: this.#sent,
      withdrawn: this.#withdrawn,
      unreadable: this.#unreadable,
      isComplete: walk === undefined,
    };
  }

  /** Goes through what changed since the last walk, page by page; what page comes next is known to whoever goes on. */
  async walk(before: SweepMark): Promise<SweepMark> {
    const { settings, credentials, wholeArchive, until } = this.#order;
    const { clock } = this.#ports;
    let mark = before;
    if (mark.walk === undefined || (wholeArchive && mark.walk.since !== beginning)) {
      // A tag, a category or an author renamed changes no story's time: then all are looked at.
      const known = mark.names ?? {};
      const names = await this.#names(known);
      const isRenamed = Object.entries(known).some(([id, name]) => names[id] !== name);
      const isAll = wholeArchive || mark.sweptAt === undefined || isRenamed;
      const since = isAll ? beginning : new Date(Date.parse(mark.sweptAt ?? beginning) - overlapMilliseconds).toISOString();
      mark = { ...mark, names, walk: { since, startedAt: new Date(clock.now()).toISOString(), page: 1, seen: 0, total: 0 } };
      await this.#write(mark);
    }
    for (let { walk } = mark; walk !== undefined && clock.now() <= until; { walk } = mark) {
      const asked = clock.now();
      const answer = await this.#ports.cms.ask(this.#api.list(settings, credentials, walk.since, walk.page));
      const listed = this.#api.listed(answer, settings);
      if (!listed) throw new CmsSilent(`${this.#order.source.name} answered ${answer.status} to page ${walk.page} of its list`);
      for (const [index, item] of listed.items.entries()) await this.#tell(item, asked, `${walk.page}.${index}`);
      this.#seen = walk.seen + listed.items.length;
      this.#total = Math.max(listed.total, this.#seen);
      // A list that became shorter has moved up: the page before is asked for again.
      const next = walk.page > 1 && listed.total < walk.total ? Math.max(walk.page - 1, 1) : walk.page + 1;
      mark =
        listed.isLast && next > walk.page
          ? { ...mark, walk: undefined, sweptAt: walk.startedAt }
          : { ...mark, walk: { ...walk, page: next, seen: this.#seen, total: listed.total } };
      await this.#write(mark);
    }
    return mark;
  }

  /** Asks about stories that readers see now: those that the CMS no longer lists are withdrawn when a direct look-up says so. */
  async check(mark: SweepMark): Promise<void> {
    const { feeds } = this.#ports;
    const newest = await feeds.page(latest, checkedStories, undefined);
    const further = await feeds.page(latest, checkedStories, mark.checkedAfter ?? newest.entries.at(-1)?.place);
    const uris = [...newest.entries, ...further.entries].map(({ card }) => card.uri);
    const ids = [...new Set(uris.flatMap((uri) => idIn(uri, this.#order.source.name, this.#order.settings) ?? []))];
    for (let start = 0; start < ids.length; start += pageSize) await this.#checkIds(ids.slice(start, start + pageSize));
    const after = further.entries.length < checkedStories ? undefined : further.entries.at(-1)?.place;
    if (after !== mark.checkedAfter) await this.#write({ ...mark, checkedAfter: after });
  }

  async #checkIds(ids: readonly string[]): Promise<void> {
    const { source, settings, credentials } = this.#order;
    const asked = this.#ports.clock.now();
    const answer = await this.#ports.cms.ask(this.#api.byIds(settings, credentials, ids));
    const listed = this.#api.listed(answer, settings);
    if (!listed) throw new CmsSilent(`${source.name} answered ${answer.status} when it was asked for stories by id`);
    const told = new Set<string>();
    for (const [index, item] of listed.items.entries()) for (const uri of await this.#tell(item, asked, `ids.${index}`)) told.add(uri);
    for (const id of ids) if (!told.has(uriOf(source.name, settings, id))) await this.#lookUp(id);
  }

  async #lookUp(id: string): Promise<void> {
    const { source, settings, credentials } = this.#order;
    const asked = this.#ports.clock.now();
    const answer = await this.#ports.cms.ask(this.#api.one(settings, credentials, id));
    if (!this.#api.isGone(answer, settings)) return;
    const uri = uriOf(source.name, settings, id);
    if (await this.#knowsItGone(uri)) return;
    await this.#put({ type: 'article.unpublished', detail: { article: { uri, versionCreated: new Date(asked).toISOString() } } }, asked);
    this.#withdrawn += 1;
  }

  /** Whether the CMS was heard to withdraw the story already: if readers see it all the same, the desk means them to. */
  async #knowsItGone(uri: string): Promise<boolean> {
    const { newestFirst } = await this.#ports.articles.open(articleIdOf(uri));
    for await (const version of inOrder(newestFirst, 'newest')) {
      // Orders of the desk say who gave them; doors and sweeps have nobody to name.
      if (version.content.actor === undefined) return version.status !== 'usable';
    }
    return false;
  }

  /** Puts on the bus what one item of a list says, if it was never stored; returns the stories that it is about. */
  async #tell(item: unknown, asked: number, where: string): Promise<string[]> {
    const reading = this.#api.state(item, this.#order.settings);
    if ('faults' in reading) {
      this.#unreadable.push(...reading.faults.map(({ path, message }) => `${where}.${path} ${message}`));
      return [];
    }
    for (const command of reading.commands) if (await this.#isNew(command)) await this.#put(command, asked);
    return reading.commands.map(({ detail }) => detail.article.uri);
  }

  /** Only versions of the same time can be the same state, so a live blog is not read through for it. */
  async #isNew({ type, detail }: Command): Promise<boolean> {
    const versionCreated = Date.parse(detail.article.versionCreated);
    const digests = new Set(sayingTheSame(type).map((event) => digestOf(event, { ...detail })));
    for (const digest of digests) if (this.#said.has(digest)) return false;
    const { newestFirst } = await this.#ports.articles.open(articleIdOf(detail.article.uri));
    let newest: Version | undefined;
    for await (const version of newestFirst) {
      newest ??= version;
      if (version.versionCreated < versionCreated) break;
      if (digests.has(version.digest)) return false;
    }
    // What readers never saw need not be taken from them.
    return isUsable(type) || newest !== undefined;
  }

  async #put({ type, detail }: Command, asked: number): Promise<void> {
    const { bus, parcels } = this.#ports;
    // Before the list was asked for: a webhook of the same second that comes meanwhile is the later one.
    await bus.put([{ source: `cms.${this.#order.source.name}`, type, detail: await parked(parcels, { ...detail, receivedAt: asked }) }]);
    this.#said.add(digestOf(type, { ...detail }));
    this.#sent += 1;
  }

  /** What is not told now (not every key may list names) is as it was; what is new has no story yet that carries it by another name. */
  async #names(known: Readonly<Record<string, string>>): Promise<Record<string, string>> {
    const { settings, credentials } = this.#order;
    const names: Record<string, string> = { ...known };
    for (const list of this.#api.names(settings, credentials, 1).keys()) {
      for (let page = 1; page <= mostNamePages; page += 1) {
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

/** A list as any CMS sends it: bare, or under the one name that holds an array. */
function entriesIn(body: unknown): Record<string, unknown>[] {
  const list = Array.isArray(body) ? body : Object.values(isObject(body) ? body : {}).find((held) => Array.isArray(held));
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function isUsable(type: ArticleEvent): boolean {
  return type === 'article.published' || type === 'article.updated';
}

/** A webhook says whether a story is new or changed, a list only what it is. */
function sayingTheSame(type: ArticleEvent): ArticleEvent[] {
  return isUsable(type) ? ['article.published', 'article.updated'] : ['article.unpublished', 'article.deleted'];
}
