import { accept } from '../../shared/article/accept.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import type { Articles } from '../../shared/article/ports.ts';
import { clockSkewMilliseconds } from '../../shared/article/settle.ts';
import { compareVersions, inOrder, type ArticleEvent, type Version } from '../../shared/article/version.ts';
import { wellFormed } from '../../shared/canonical.ts';
import { readersView } from '../../shared/cms/readers-view.ts';
import { within, type ApiAnswer } from '../../shared/cms/source-api.ts';
import type { Command, ReadResult, ReceivedDetail } from '../../shared/cms/command.ts';
import { hiddenUntilScheduled, type Source, type SourceApi } from '../../shared/cms/source.ts';
import { uriOf, type SourceSettings } from '../../shared/cms/source-settings.ts';
import { busSourceOf } from '../../shared/cms/sources.ts';
import { withClaimCheck } from '../../shared/events/claim-check.ts';
import type { Bus, PayloadStore } from '../../shared/events/ports.ts';
import type { Issue } from '../../shared/field-schema.ts';
import { NoTimeLeft, type TimeLimit } from '../../shared/time-limit.ts';

export interface ChangedStoriesPorts {
  readonly articles: Pick<Articles, 'open'>;
  readonly bus: Bus;
  readonly payloads: PayloadStore;
  /** Limits reading and validating one story. */
  readonly limit?: TimeLimit;
}

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

/** Compares the CMS's stories with the stored versions, and puts the events of those that changed on the bus. */
export class ChangedStories {
  readonly #ports: ChangedStoriesPorts;
  readonly #order: { readonly source: Source; readonly settings: SourceSettings };
  readonly #api: SourceApi;
  /** The last version of each article that this sweep put on the bus, which may not be stored yet. */
  readonly #sentLast = new Map<string, Version>();
  /** The number of events put on the bus. */
  sent = 0;
  readonly #unreadable = new Set<string>();

  constructor(
    ports: ChangedStoriesPorts,
    order: { readonly source: Source; readonly settings: SourceSettings },
    api: SourceApi,
  ) {
    this.#ports = ports;
    this.#order = order;
    this.#api = api;
  }

  /** Issues of unreadable items, by their id, else their position in the list. */
  get unreadable(): readonly string[] {
    return [...this.#unreadable];
  }

  /**
   * Puts the event of one list item on the bus if readers would see a difference. `asked` is when the list was requested
   * (epoch ms), `where` the item's position for issues. Returns the uris of its stories.
   */
  async publishItem(item: unknown, asked: number, where: string): Promise<string[]> {
    const reading = this.#read(item, asked);
    const story = idIn(item) ?? where;
    if ('issues' in reading) {
      this.#report(reading.issues, story);
      return [];
    }
    for (const command of reading.commands) await this.#publishCommand(command, asked, story);
    return reading.commands.map(({ detail }) => detail.article.uri);
  }

  /**
   * Withdraws a story of which the CMS answered, at `asked` (epoch ms), that readers may not see it. Returns false if
   * there was nothing to withdraw.
   */
  async withdraw(id: string, asked: number, answer: ApiAnswer | undefined): Promise<boolean> {
    const { source, settings } = this.#order;
    const uri = uriOf(source.name, settings, id);
    const { newest, isHidden } = await this.#statements(uri, asked);
    // If the story is live although the CMS hid it, the desk restored it. A version that was received in between is the
    // CMS's later statement.
    if (isHidden || (newest && newest.receivedAt > asked)) return false;
    const versionCreated = new Date(answeredAt(answer, asked)).toISOString();
    const event = this.#event(
      { type: 'article.unpublished', detail: { article: { uri, versionCreated } } },
      asked,
      newest,
    );
    if ('issues' in event) return false;
    await this.#put(event);
    return true;
  }

  #read(item: unknown, asked: number): ReadResult {
    return this.#limited(() => this.#api.state(wellFormed(item), this.#order.settings, asked));
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

  #report(issues: readonly Issue[], story: string): void {
    for (const { path, message } of issues)
      this.#unreadable.add(`${story}: ${path === '' ? '' : `${path} `}${message}`);
  }

  async #publishCommand(command: Command, asked: number, story: string): Promise<void> {
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
      const isLater = command.isUndated !== true && made.version.versionCreated > newest.versionCreated;
      return isSame && !isLater ? undefined : made;
    });
    if (event === undefined) return;
    if ('issues' in event) {
      this.#report(event.issues, story);
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
    this.sent += 1;
  }
}

/** Returns the id that the CMS gives an item, for people; undefined if it has none, or one that is no id. */
function idIn(item: unknown): string | undefined {
  const id = within(item, 'documentId') ?? within(item, 'id') ?? within(item, '_id');
  if (typeof id === 'number') return String(id);
  return typeof id === 'string' && /^[\w-]{1,64}$/.test(id) ? id : undefined;
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
