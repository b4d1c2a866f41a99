import { GetQueueAttributesCommand, ListQueuesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { articleIdOf } from '../../shared/article/article.ts';
import { frontIdOf } from '../../shared/front/front.ts';
import type { Head } from '../../shared/article/head.ts';
import {
  isNotFresh,
  canaryUri,
  lagOf,
  percentile,
  type FrontTrace,
  type Rejection,
  type PublishTrace,
} from '../../shared/trace/publish-trace.ts';
import type { Connection } from './connection.ts';
import { frontHistoryLines, frontHistoryOf, frontNamed } from './fronts.ts';
import { historyLines, reasonOf, storyOf, type HistoryLine } from './history.ts';
import { whyOfFront } from './why.ts';
import { inUtc } from './zone.ts';

export interface NamedPublishTrace extends PublishTrace {
  readonly headline?: string;
  /** Why the story is not visible, or not everywhere. Absent if it is simply live. */
  readonly standing?: string;
}

/** How the whole pipeline is. */
export interface Status {
  /** The last changes, newest first, with the stories' present headlines. */
  readonly changes: readonly NamedPublishTrace[];
  readonly rejections: readonly Rejection[];
  /** Every front, by name. */
  readonly fronts: readonly FrontStatus[];
  /** The queues that are not empty, work and dead-letter queues, by their names without the stage. */
  readonly queues: readonly QueueStatus[];
  /** From the event to the reader, in milliseconds, over the changes listed. */
  readonly lag: { readonly p50?: number; readonly p95?: number; readonly p99?: number };
  readonly late: number;
}

export interface FrontStatus {
  readonly name: string;
  /** Whether readers see it. */
  readonly live: boolean;
  /** Epoch milliseconds. */
  readonly changedAt: number;
  /** When an event of it was last rejected, if none was accepted since. */
  readonly refusedAt?: number;
}

export interface QueueStatus {
  readonly name: string;
  readonly messages: number;
  /** At which somebody works, or which wait for their time: the next attempt of a webhook, the end of an embargo. */
  readonly putOff: number;
}

/** The number of changes that `status` shows. */
const maxChanges = 100;
const maxRejections = 20;

export function isDeadLetterQueue({ name }: QueueStatus): boolean {
  return name.endsWith('-dlq');
}

/** Returns the number of messages in dead-letter queues, with those in progress. */
export function deadLettersIn(queues: readonly QueueStatus[]): number {
  return queues.filter(isDeadLetterQueue).reduce((sum, { messages, putOff }) => sum + messages + putOff, 0);
}

/** `traces` are the changes to list, newest first: by default the last hundred. */
export async function statusOf(
  connection: Connection,
  when = inUtc,
  traces?: readonly PublishTrace[],
): Promise<Status> {
  const { publishTraces, sqs, stage } = connection;
  const [latest, rejections, changed, queues] = await Promise.all([
    traces ?? publishTraces.latest(maxChanges),
    publishTraces.rejections(maxRejections),
    publishTraces.fronts(),
    queuesOf(sqs, stage),
  ]);
  const stories = await storiesOf(connection, latest, when);
  const changes = latest.map(
    (publishTrace): NamedPublishTrace => ({ ...publishTrace, ...stories.get(publishTrace.articleId) }),
  );
  const lags = changes.flatMap((publishTrace) => (publishTrace.audio === true ? [] : (lagOf(publishTrace) ?? [])));
  const [p50, p95, p99] = [percentile(lags, 0.5), percentile(lags, 0.95), percentile(lags, 0.99)];
  return {
    changes,
    rejections,
    fronts: await frontsOf(connection, changed, rejections),
    queues,
    lag: { ...(p50 !== undefined && { p50 }), ...(p95 !== undefined && { p95 }), ...(p99 !== undefined && { p99 }) },
    late: changes.filter(isNotFresh).length,
  };
}

/**
 * Headlines of live stories, and the reasons why other stories are hidden, in no list, or at another path. Text of
 * stories that are not live is never shown.
 */
async function storiesOf(
  connection: Connection,
  publishTraces: readonly PublishTrace[],
  when: (instant: number) => string,
): Promise<ReadonlyMap<string, Pick<NamedPublishTrace, 'headline' | 'standing'>>> {
  const ids = [...new Set(publishTraces.map(({ articleId }) => articleId))];
  const heads = await Promise.all(ids.map(async (articleId) => connection.articles.head(articleId)));
  const stories = await Promise.all(
    heads.flatMap(async (head) => {
      if (!head) return [];
      const headline = head.card && { headline: head.card.headline };
      const isPlain = head.visibility === 'live' && head.pathClash === undefined && (head.feeds ?? []).length > 0;
      if (isPlain || head.uri === canaryUri) return [[head.articleId, { ...headline }] as const];
      return [
        [
          head.articleId,
          { ...headline, standing: reasonOf(await storyOf(connection, head.uri), Date.now(), when) },
        ] as const,
      ];
    }),
  );
  return new Map(stories.flat());
}

async function frontsOf(
  { fronts }: Pick<Connection, 'fronts'>,
  changed: readonly FrontTrace[],
  rejections: readonly Rejection[],
): Promise<FrontStatus[]> {
  const names = new Set([...changed.map(({ name }) => name), ...rejections.flatMap(({ front }) => front ?? [])]);
  const all = await Promise.all(
    [...names].sort().map(async (name): Promise<FrontStatus | undefined> => {
      const head = await fronts.head(frontIdOf(name));
      // Rejected before any event of it was accepted: it is listed among the rejections.
      if (head === undefined) return undefined;
      const refused = rejections.find(({ front }) => front === name);
      return {
        name,
        live: head.visibility === 'live',
        changedAt: head.settledAt,
        ...(refused && refused.refusedAt > head.settledAt && { refusedAt: refused.refusedAt }),
      };
    }),
  );
  return all.flatMap((front) => front ?? []);
}

async function queuesOf(sqs: SQSClient, stage: string): Promise<Status['queues']> {
  const prefix = `pressrun-${stage}-`;
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: prefix, MaxResults: 1000 }));
  const counted = await Promise.all(
    QueueUrls.map(async (QueueUrl) => {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl,
          AttributeNames: [
            'ApproximateNumberOfMessages',
            'ApproximateNumberOfMessagesNotVisible',
            'ApproximateNumberOfMessagesDelayed',
          ],
        }),
      );
      const count = (attribute: keyof NonNullable<typeof Attributes>): number => Number(Attributes?.[attribute] ?? 0);
      const name = QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1 + prefix.length);
      return {
        name,
        messages: count('ApproximateNumberOfMessages'),
        putOff: count('ApproximateNumberOfMessagesNotVisible') + count('ApproximateNumberOfMessagesDelayed'),
      };
    }),
  );
  return counted.filter(({ messages, putOff }) => messages + putOff > 0).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** One story's way from the CMS to the readers. */
export interface Way {
  readonly articleId: string;
  readonly uri: string;
  readonly head: Head | undefined;
  /** The visibility with its reason, as a sentence. */
  readonly standing: string;
  /** Everything that was received, oldest first. */
  readonly history: readonly HistoryLine[];
  /** Its events that were rejected, newest first. */
  readonly rejections: readonly Rejection[];
  /** The feeds that list the story, and the `seq` of its entry there. */
  readonly entries: readonly { readonly feed: string; readonly seq?: number }[];
  /** Its publish traces, newest first. */
  readonly changes: readonly PublishTrace[];
}

/**
 * Returns the trace of a story, a picture, or a front (`front:<name>`). @throws {WrongUse} No event of it was ever
 * received.
 */
export async function wayOf(connection: Connection, uri: string, when = inUtc): Promise<Way> {
  const front = frontNamed(uri);
  if (front !== undefined) return wayOfFront(connection, uri, front, when);
  const { feeds, publishTraces } = connection;
  const articleId = articleIdOf(uri);
  const [story, changes] = await Promise.all([storyOf(connection, uri), publishTraces.of(articleId)]);
  const { head } = story;
  const { feeds: named = [], place } = head ?? {};
  const entries = await Promise.all(
    named.map(async (feed) => {
      const row = place === undefined ? undefined : await feeds.row({ feed, place });
      return { feed, ...(row?.card && row.seq !== undefined && { seq: row.seq }) };
    }),
  );
  return {
    articleId,
    uri,
    head,
    standing: reasonOf(story, Date.now(), when),
    history: historyLines(story),
    rejections: story.rejections,
    entries,
    changes,
  };
}

async function wayOfFront(
  connection: Connection,
  uri: string,
  name: string,
  when: (instant: number) => string,
): Promise<Way> {
  const history = await frontHistoryOf(connection, name);
  return {
    articleId: history.articleId,
    uri,
    head: undefined,
    standing: whyOfFront(history, when),
    history: frontHistoryLines(history),
    rejections: history.rejections,
    entries: [],
    changes: [],
  };
}

/** Names the kind of a change in one word. */
export function kindOf({ change, audio }: PublishTrace): string {
  return audio === true ? 'audio' : (change ?? '?');
}

/** The steps of a change in their order, with the instant of each that was seen. */
export function stepsOf(publishTrace: PublishTrace): readonly {
  readonly step: 'received' | 'settled' | 'announced' | 'purged' | 'fresh' | 'late';
  readonly at: number;
}[] {
  const { receivedAt, settledAt, announcedAt, purgedAt, freshAt, lateAt } = publishTrace;
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
