import { GetQueueAttributesCommand, ListQueuesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { articleIdOf } from '../../shared/article.ts';
import { frontIdOf } from '../../shared/front.ts';
import type { Head } from '../../shared/head.ts';
import { canaryUri, lagOf, percentile, type Refusal, type Trail } from '../../shared/trail.ts';
import { inOrder, versionKey, type FrontContent, type Version } from '../../shared/version.ts';
import type { Connection } from './connection.ts';
import { WrongUse } from './exits.ts';
import { historyLines, standingOf, storyOf, type HistoryLine } from './history.ts';
import { whyOfFront } from './why.ts';
import { inUtc } from './zone.ts';

export interface NamedTrail extends Trail {
  readonly headline?: string;
  /** What readers see of the story now and why, where it is not simply live. */
  readonly standing?: string;
}

/** How the whole house is. */
export interface Status {
  /** The last changes, newest first, with what their stories are called now. */
  readonly changes: readonly NamedTrail[];
  readonly refusals: readonly Refusal[];
  /** Queues in which something lies, work and dead letters, by their names without the stage. */
  readonly queues: readonly QueueStatus[];
  /** From the event to the reader, in milliseconds, over the changes listed. */
  readonly lag: { readonly p50?: number; readonly p95?: number; readonly p99?: number };
  readonly late: number;
}

export interface QueueStatus {
  readonly name: string;
  readonly messages: number;
  /** At which somebody works, or which wait for their time: the next attempt of a webhook, the end of an embargo. */
  readonly putOff: number;
}

/** As many changes as fit on a desk. */
const mostChanges = 100;
const mostRefusals = 20;

export async function statusOf(connection: Connection, when = inUtc): Promise<Status> {
  const { trails, sqs, stage } = connection;
  const [latest, refusals, queues] = await Promise.all([trails.latest(mostChanges), trails.refusals(mostRefusals), queuesOf(sqs, stage)]);
  const stories = await storiesOf(connection, latest, when);
  const changes = latest.map((trail): NamedTrail => ({ ...trail, ...stories.get(trail.articleId) }));
  const lags = changes.flatMap((trail) => (trail.audio === true ? [] : (lagOf(trail) ?? [])));
  const [p50, p95, p99] = [percentile(lags, 0.5), percentile(lags, 0.95), percentile(lags, 0.99)];
  return {
    changes,
    refusals,
    queues,
    lag: { ...(p50 !== undefined && { p50 }), ...(p95 !== undefined && { p95 }), ...(p99 !== undefined && { p99 }) },
    late: changes.filter(({ late, freshAt }) => late !== undefined && freshAt === undefined).length,
  };
}

/** What stories are called that are live (of all others nothing that was written is shown), and why the others are not, or are in no list or at another path. */
async function storiesOf(connection: Connection, trails: readonly Trail[], when: (instant: number) => string): Promise<ReadonlyMap<string, Pick<NamedTrail, 'headline' | 'standing'>>> {
  const ids = [...new Set(trails.map(({ articleId }) => articleId))];
  const heads = await Promise.all(ids.map(async (articleId) => connection.articles.head(articleId)));
  const stories = await Promise.all(
    heads.flatMap(async (head) => {
      if (!head) return [];
      const headline = head.card && { headline: head.card.headline };
      const isPlain = head.standing === 'live' && head.pathClash === undefined && (head.feeds ?? []).length > 0;
      if (isPlain || head.uri === canaryUri) return [[head.articleId, { ...headline }] as const];
      return [[head.articleId, { ...headline, standing: standingOf(await storyOf(connection, head.uri), Date.now(), when) }] as const];
    }),
  );
  return new Map(stories.flat());
}

async function queuesOf(sqs: SQSClient, stage: string): Promise<Status['queues']> {
  const prefix = `pressrun-${stage}-`;
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: prefix, MaxResults: 1000 }));
  const counted = await Promise.all(
    QueueUrls.map(async (QueueUrl) => {
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible', 'ApproximateNumberOfMessagesDelayed'] }));
      const count = (attribute: keyof NonNullable<typeof Attributes>): number => Number(Attributes?.[attribute] ?? 0);
      const name = QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1 + prefix.length);
      return { name, messages: count('ApproximateNumberOfMessages'), putOff: count('ApproximateNumberOfMessagesNotVisible') + count('ApproximateNumberOfMessagesDelayed') };
    }),
  );
  return counted.filter(({ messages, putOff }) => messages + putOff > 0).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** One story's way from the CMS to the readers. */
export interface Way {
  readonly articleId: string;
  readonly uri: string;
  readonly head: Head | undefined;
  /** What readers see, in words. */
  readonly standing: string;
  /** Everything that was received, oldest first. */
  readonly history: readonly HistoryLine[];
  /** Where the story stands, and of which change the entry there is. */
  readonly entries: readonly { readonly feed: string; readonly seq?: number }[];
  /** What became of it, newest first. */
  readonly changes: readonly Trail[];
}

/**
 * The way of a story, a picture, or a front (`front:<name>`).
 * @throws {WrongUse} nothing was ever received of it.
 */
export async function wayOf(connection: Connection, uri: string, when = inUtc): Promise<Way> {
  const [, front] = /^front:(.+)$/s.exec(uri) ?? [];
  if (front !== undefined) return wayOfFront(connection, uri, front, when);
  const { feeds, trails } = connection;
  const articleId = articleIdOf(uri);
  const [story, changes] = await Promise.all([storyOf(connection, uri), trails.of(articleId)]);
  const { head } = story;
  const { feeds: named = [], place } = head ?? {};
  const entries = await Promise.all(
    named.map(async (feed) => {
      const row = place === undefined ? undefined : await feeds.row({ feed, place });
      return { feed, ...(row?.card && row.seq !== undefined && { seq: row.seq }) };
    }),
  );
  return { articleId, uri, head, standing: standingOf(story, Date.now(), when), history: historyLines(story), entries, changes };
}

async function wayOfFront({ fronts }: Connection, uri: string, name: string, when: (instant: number) => string): Promise<Way> {
  const articleId = frontIdOf(name);
  const { head, oldestFirst } = await fronts.open(articleId);
  const versions: Version<FrontContent>[] = [];
  for await (const version of inOrder(oldestFirst, 'oldest')) versions.push(version);
  if (versions.length === 0) throw new WrongUse(`nothing was ever received of the front ${name}: is --stage right, and the name as it was sent?`);
  const history = versions.map((version, index): HistoryLine => {
    const { event, actor, reason } = version.content;
    const key = versionKey(version);
    const said = { ...(actor !== undefined && { actor }), ...(reason !== undefined && { reason }) };
    return { number: index + 1, key, receivedAt: version.receivedAt, event, shown: head?.version === key && head.standing === 'live', ...said };
  });
  return { articleId, uri, head: undefined, standing: whyOfFront(name, head, versions, when), history, entries: [], changes: [] };
}

/** What a change was, in a word. */
export function kindOf({ change, audio }: Trail): string {
  return audio === true ? 'audio' : (change ?? '?');
}

/** The steps of a change in their order, with the instant of each that was seen. */
export function stepsOf(trail: Trail): readonly { readonly step: 'received' | 'settled' | 'announced' | 'purged' | 'fresh' | 'late'; readonly at: number }[] {
  const { receivedAt, settledAt, announcedAt, purgedAt, freshAt, lateAt } = trail;
  const steps = [
    { step: 'received', at: receivedAt },
    { step: 'settled', at: settledAt },
    { step: 'announced', at: announcedAt },
    { step: 'purged', at: purgedAt },
    { step: 'fresh', at: freshAt },
    { step: 'late', at: lateAt },
  ] as const;
  return steps.flatMap(({ step, at }) => (at === undefined ? [] : [{ step, at }]));
}
