import fc from 'fast-check';
import { sweep } from '../../functions/sweep/sweep.ts';
import { MemoryBus, MemorySweepMarks } from '../fakes/memory-webhooks.ts';
import type { CmsApi } from '../../shared/cms/ports.ts';
import { settingsOf, sourceNamed } from '../../shared/cms/sources.ts';
import { strapiEntry, wordpressPost } from '../fixtures/cms/newsroom.ts';
import { StandIn } from '../fixtures/cms/stand-in.ts';
import { WebhookEndpoint } from '../unit/webhook-endpoint.ts';
import { busEvent, noon } from '../unit/story.ts';
import { Pipeline } from './pipeline.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const requestMilliseconds = 50;

const doings = {
  wordpress: ['create', 'edit', 'edit back', 'restore', 'publish', 'schedule', 'withdraw', 'trash', 'delete'],
  strapi: ['create', 'edit', 'edit back', 'publish', 'publish', 'withdraw', 'delete', 'save'],
} as const;

/** One action of an editor, or a sweep, and the fate of its webhook. */
export interface Step {
  readonly does: (typeof doings)[keyof typeof doings][number] | 'sweep';
  readonly locale: 'en' | 'fr';
  /** Milliseconds that pass before it. */
  readonly after: number;
  /** Milliseconds until the scheduled date. */
  readonly ahead: number;
  readonly webhook: 'heard' | 'lost' | 'late' | 'twice';
  /** Milliseconds by which a late webhook is late. */
  readonly late: number;
}

/** The actions on one story of a CMS; in Strapi, in two locales. */
export interface CmsHistory {
  readonly cms: keyof typeof doings;
  /** By how much the CMS's clock is ahead of Pressrun's. */
  readonly skew: number;
  /** Whether the webhook of a scheduled publication in WordPress is lost. */
  readonly isDateLost: boolean;
  readonly steps: readonly Step[];
}

export const cmsHistory: fc.Arbitrary<CmsHistory> = fc.constantFrom('wordpress', 'strapi').chain((cms) =>
  fc.record({
    cms: fc.constant(cms),
    skew: fc.constantFrom(0, 0, 0, 0, -90 * second, 90 * second),
    isDateLost: fc.boolean(),
    steps: fc
      .array(
        fc.record({
          does: fc.constantFrom(...doings[cms], 'sweep', 'sweep', 'sweep', 'withdraw and publish'),
          locale: fc.constantFrom('en', 'en', 'fr'),
          after: fc.constantFrom(0, 200, 5 * second, 40 * minute, 40 * minute),
          ahead: fc.constantFrom(30 * second, 20 * minute, 3 * hour, 30 * hour),
          webhook: fc.constantFrom('heard', 'heard', 'heard', 'lost', 'lost', 'lost', 'late', 'twice'),
          late: fc.constantFrom(second, 15 * minute, 5 * hour),
        }),
        { minLength: 1, maxLength: 12, size: 'max' },
      )
      .map((steps) =>
        steps.flatMap(({ does, ...step }): Step[] =>
          does === 'withdraw and publish'
            ? [
                { ...step, does: 'withdraw' },
                { ...step, does: 'publish', after: 200, webhook: 'lost' },
              ]
            : [{ ...step, does }],
        ),
      ),
  }),
);

interface Post {
  readonly id: number;
  status: string;
  title: string;
  date: number;
  modified: number;
}

interface Entry {
  readonly documentId: string;
  readonly locale: string;
  title: string;
  updatedAt: number;
  published?: { readonly title: string; readonly updatedAt: number; readonly publishedAt: number };
}

interface Webhook {
  readonly source: string;
  readonly body: unknown;
  readonly sentAt: number;
  /** When it comes in. */
  readonly at: number;
}

/**
 * Two CMSes with their real clocks, and Pressrun behind them. A scheduled WordPress post keeps its time of change when
 * it is published; a post that is created scheduled has a time of change in the future; a story of Strapi keeps the
 * time at which its draft was saved.
 */
class Newsroom {
  readonly #pipeline = new Pipeline(noon);
  readonly #endpoint = new WebhookEndpoint();
  readonly #marks = new MemorySweepMarks();
  readonly #cms: CmsHistory['cms'];
  readonly #skew: number;
  readonly #isDateLost: boolean;
  /** States of the post, for a database that is restored. */
  readonly #backups: Post[] = [];
  #isRestored = false;
  readonly #posts = new Map<number, Post>();
  readonly #entries = new Map<string, Entry>();
  #webhooks: Webhook[] = [];
  #missed: string | undefined;
  #titles = 0;
  #requests = 0;

  constructor({ cms, skew, isDateLost }: CmsHistory) {
    this.#cms = cms;
    this.#skew = skew;
    this.#isDateLost = isDateLost;
  }

  get #now(): number {
    return this.#pipeline.clock.time;
  }

  /** The CMS's own time. */
  get #cmsTime(): number {
    return this.#now + this.#skew;
  }

  async play({ steps }: CmsHistory): Promise<string | undefined> {
    for (const step of steps) {
      await this.#pass(step.after);
      if (step.does === 'sweep') await this.#sweep();
      else if (this.#cms === 'wordpress') this.#wordpress(step);
      else this.#strapi(step);
      // A request ends before the editor's next one begins, so its event's time is before the next publication's.
      await this.#pass(requestMilliseconds);
      if (this.#missed !== undefined) return this.#missed;
    }
    // All dates pass and all late webhooks arrive. The last sweep but one is later than every edit.
    await this.#pass(26 * hour);
    await this.#sweep();
    await this.#pass(5 * hour);
    await this.#sweep(this.#isRestored);
    const difference = this.#missed ?? this.#difference();
    if (difference !== undefined) return difference;
    await this.#pass(10 * minute);
    const sent = await this.#sweep();
    return sent > 0 ? `${sent} versions without a change` : undefined;
  }

  #difference(): string | undefined {
    const [shown, seen] = [JSON.stringify(this.#shown()), JSON.stringify(this.#seen())];
    return shown === seen ? undefined : `the CMS shows ${shown}, readers see ${seen}`;
  }

  /** Time passes: WordPress publishes at its dates, webhooks come in late, embargoes end. */
  async #pass(milliseconds: number): Promise<void> {
    const until = this.#now + milliseconds;
    for (;;) {
      const dates = [...this.#posts.values()]
        .filter(({ status }) => status === 'future')
        .map(({ date }) => date - this.#skew);
      const next = Math.min(...dates, ...this.#webhooks.map(({ at }) => at));
      if (next > until) break;
      this.#pipeline.clock.time = Math.max(this.#now, next);
      for (const post of this.#posts.values())
        if (post.status === 'future' && post.date <= this.#cmsTime) {
          post.status = 'publish';
          this.#sendWebhook(post, 'publish', 'future', { webhook: this.#isDateLost ? 'lost' : 'heard', late: 0 });
        }
      const due = this.#webhooks.filter(({ at }) => at <= this.#now);
      this.#webhooks = this.#webhooks.filter(({ at }) => at > this.#now);
      for (const webhook of due) await this.#hear(webhook);
    }
    await this.#pipeline.pass(Math.max(until - this.#now, 0));
  }

  #wordpress({ does, ahead, ...fate }: Step): void {
    const id = 11;
    const seconds = Math.floor(this.#cmsTime / second) * second;
    const post = this.#posts.get(id);
    if (!post) {
      if (does !== 'create' && does !== 'schedule') return;
      const date = does === 'schedule' ? seconds + ahead : seconds;
      const made = {
        id,
        status: does === 'schedule' ? 'future' : 'publish',
        title: this.#title(),
        date,
        modified: date,
      };
      this.#posts.set(id, made);
      this.#backups.push({ ...made });
      this.#sendWebhook(made, made.status, null, fate);
      return;
    }
    const was = post.status;
    if (does === 'restore') {
      const backup = this.#backups.find(({ status }) => status === 'publish');
      if (was !== 'publish' || !backup) return;
      Object.assign(post, backup);
      // The plugin's waiting deliveries are in the database, and are restored with it.
      this.#webhooks = [];
      this.#isRestored = true;
      return;
    }
    if (does === 'delete') {
      this.#posts.delete(id);
      this.#sendWebhook(post, 'deleted', was, fate);
      return;
    }
    const status = { publish: 'publish', schedule: 'future', withdraw: 'draft', trash: 'trash' }[does as string] ?? was;
    if (does === 'edit') post.title = this.#title();
    else if (does === 'edit back') post.title = 'Title 1';
    else if (status === was && does !== 'schedule') return;
    if (does === 'schedule') post.date = seconds + ahead;
    if (does === 'publish') post.date = Math.min(post.date, seconds);
    post.status = status;
    post.modified = seconds;
    this.#backups.push({ ...post });
    this.#sendWebhook(post, status, was, fate);
  }

  #sendWebhook(post: Post, now: string, was: string | null, fate: Pick<Step, 'webhook' | 'late'>): void {
    const rest = now === 'deleted' ? { ...this.#rest(post), status: was } : this.#rest(post);
    this.#send(
      'wordpress',
      { hook: 'wp_after_insert_post', sent_at: this.#cmsTime / second, rest, new_status: now, old_status: was },
      fate,
    );
  }

  #rest({ id, status, title, date, modified }: Post): Record<string, unknown> {
    this.#requests += 1;
    const gmt = (instant: number): string => new Date(instant).toISOString().slice(0, 19);
    const rendered = `<figure class="wp-block-gallery-${this.#requests}" id="f${this.#requests}"><img src="https://wp.example.com/a.jpg?_wpnonce=n${this.#requests}" alt="a &#${this.#requests % 2 === 0 ? '38' : 'x26'}; b"></figure>`;
    return wordpressPost(id, {
      status,
      title: { rendered: title },
      content: { rendered },
      date_gmt: gmt(date),
      modified_gmt: gmt(modified),
      link: status === 'publish' ? `https://wp.example.com/2026/05/story-${id}/` : `https://wp.example.com/?p=${id}`,
    });
  }

  #strapi({ does, locale, ...fate }: Step): void {
    const documentId = 's1';
    const key = `${documentId}.${locale}`;
    const given = this.#entries.get(key);
    if (!given && does !== 'create' && does !== 'save') return;
    const entry: Entry = given ?? { documentId, locale, title: this.#title(), updatedAt: this.#cmsTime };
    const published = entry.published;
    switch (does) {
      case 'create':
      case 'edit':
      case 'edit back':
      case 'save':
        entry.title = does === 'edit back' ? 'Title 1' : this.#title();
        entry.updatedAt = this.#cmsTime;
        this.#entries.set(key, entry);
        if (does === 'save') return;
        break;
      case 'publish':
        break;
      case 'withdraw':
        if (!published) return;
        delete entry.published;
        this.#send('strapi', this.#event('entry.unpublish', entry, published), fate);
        return;
      case 'delete':
        this.#entries.delete(key);
        if (published) this.#send('strapi', this.#event('entry.delete', entry, published), fate);
        return;
      default:
        return;
    }
    const { title, updatedAt } = entry;
    entry.published = { title, updatedAt, publishedAt: this.#cmsTime + 20 };
    this.#send('strapi', this.#event('entry.publish', entry, entry.published), fate);
  }

  #event(event: string, entry: Entry, published: NonNullable<Entry['published']>): unknown {
    return {
      event,
      createdAt: new Date(this.#cmsTime + 40).toISOString(),
      model: 'article',
      entry: this.#entry(entry, published),
    };
  }

  #entry(
    { documentId, locale }: Entry,
    { title, updatedAt, publishedAt }: NonNullable<Entry['published']>,
  ): Record<string, unknown> {
    return strapiEntry(1, documentId, {
      locale,
      title,
      slug: `${documentId}-${locale}`,
      updatedAt: new Date(updatedAt).toISOString(),
      publishedAt: new Date(publishedAt).toISOString(),
    });
  }

  #title(): string {
    this.#titles += 1;
    return `Title ${this.#titles}`;
  }

  #send(source: string, body: unknown, { webhook, late }: Pick<Step, 'webhook' | 'late'>): void {
    if (webhook === 'lost') return;
    const sentAt = this.#now;
    this.#webhooks.push({ source, body, sentAt, at: sentAt + (webhook === 'late' ? late : 0) });
    if (webhook === 'twice') this.#webhooks.push({ source, body, sentAt, at: sentAt + late });
  }

  async #hear({ source, body, sentAt }: Webhook): Promise<void> {
    this.#endpoint.clock.time = this.#now;
    const { status, issues, body: answer } = await this.#endpoint.post(source, body);
    if (status !== 202 && status !== 204) throw new Error(`${source} answered ${status} ${JSON.stringify(issues)}`);
    await this.#carry(this.#endpoint.bus);
    // The clocks agree, so a publication is seen at once. Events of other locales may have been lost.
    if (sentAt !== this.#endpoint.clock.time || this.#skew !== 0 || this.#isRestored) return;
    const [shown, seen] = [this.#shown(), this.#seen()];
    const { accepted = [] } = JSON.parse(answer === '' ? '{}' : answer) as { readonly accepted?: readonly string[] };
    for (const uri of accepted)
      if (shown[uri] !== undefined && shown[uri] !== seen[uri]) this.#missed ??= this.#difference();
  }

  async #sweep(wholeArchive = false): Promise<number> {
    const source = sourceNamed(this.#cms);
    if (!source) throw new Error(this.#cms);
    const { articles, feeds, clock, payloads } = this.#pipeline;
    const bus = new MemoryBus();
    const cms: CmsApi = {
      ask: async (request) => {
        const standIn = new StandIn({
          wordpress: [...this.#posts.values()]
            .filter(({ status }) => status === 'publish')
            .map((post) => this.#rest(post)),
          strapi: [...this.#entries.values()].flatMap((entry) =>
            entry.published ? [this.#entry(entry, entry.published)] : [],
          ),
        });
        const answer = await standIn.ask(request);
        return { ...answer, headers: { ...answer.headers, date: new Date(this.#cmsTime).toUTCString() } };
      },
    };
    const order = {
      source,
      settings: settingsOf(source, {}),
      credentials: { key: 'key' },
      wholeArchive,
      until: Infinity,
    };
    const { sent, unreadable } = await sweep({ articles, feeds, clock, bus, cms, marks: this.#marks, payloads }, order);
    if (unreadable.length > 0) throw new Error(unreadable.join());
    await this.#carry(bus);
    return sent;
  }

  async #carry(bus: MemoryBus): Promise<void> {
    const time = new Date(Math.floor(this.#now / second) * second).toISOString();
    await this.#pipeline.deliver(
      bus.events.splice(0).map(({ source, type, detail }) => busEvent(type, detail, { source, time })),
    );
    if (this.#pipeline.rejections.kept.length > 0)
      throw new Error(`rejected: ${this.#pipeline.rejections.kept.join()}`);
  }

  #shown(): Record<string, string> {
    const posts = [...this.#posts.values()].filter(({ status }) => status === 'publish');
    const entries = [...this.#entries.values()].flatMap(({ documentId, locale, published }) =>
      published ? [[`strapi:main/${documentId}.${locale}`, published.title] as const] : [],
    );
    return sorted([...posts.map(({ id, title }) => [`wordpress:main/${id}`, title] as const), ...entries]);
  }

  #seen(): Record<string, string> {
    return sorted(
      [...this.#pipeline.articles.heads.values()]
        .filter(({ visibility }) => visibility === 'live')
        .map(({ uri, card }) => [uri, card?.headline ?? ''] as const),
    );
  }
}

function sorted(entries: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Plays a history to its end. Returns the difference between the readers' and the CMSes' view, or undefined. */
export async function played(history: CmsHistory): Promise<string | undefined> {
  return new Newsroom(history).play(history);
}
