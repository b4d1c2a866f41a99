import { GetQueueAttributesCommand, ListQueuesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { articleIdOf } from '../../shared/article.ts';
import type { Head } from '../../shared/head.ts';
import { lagOf, percentile, type Refusal, type Trail } from '../../shared/trail.ts';
import type { Connection } from './connection.ts';
import { historyLines, historyOf, standingOf, type HistoryLine } from './history.ts';

export interface NamedTrail extends Trail {
  readonly headline?: string;
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

export async function statusOf({ articles, trails, sqs, stage }: Connection): Promise<Status> {
  const [latest, refusals, queues] = await Promise.all([trails.latest(mostChanges), trails.refusals(mostRefusals), queuesOf(sqs, stage)]);
  const headlines = await headlinesOf(articles, latest);
  const changes = latest.map((trail): NamedTrail => ({ ...trail, ...headlines.get(trail.articleId) }));
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

/** Of stories that are live: of all others nothing that was written is shown. */
async function headlinesOf(articles: Connection['articles'], trails: readonly Trail[]): Promise<ReadonlyMap<string, { readonly headline: string }>> {
  const ids = [...new Set(trails.map(({ articleId }) => articleId))];
  const heads = await Promise.all(ids.map(async (articleId) => articles.head(articleId)));
  return new Map(heads.flatMap((head) => (head?.card ? [[head.articleId, { headline: head.card.headline }] as const] : [])));
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

/** @throws {Error} nothing was ever received of it. */
export async function wayOf({ articles, feeds, trails }: Connection, uri: string): Promise<Way> {
  const articleId = articleIdOf(uri);
  const [history, changes] = await Promise.all([historyOf(articles, uri), trails.of(articleId)]);
  const { head } = history;
  const { feeds: named = [], place } = head ?? {};
  const entries = await Promise.all(
    named.map(async (feed) => {
      const row = place === undefined ? undefined : await feeds.row({ feed, place });
      return { feed, ...(row?.card && row.seq !== undefined && { seq: row.seq }) };
    }),
  );
  return { articleId, uri, head, standing: standingOf(history), history: historyLines(history), entries, changes };
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
