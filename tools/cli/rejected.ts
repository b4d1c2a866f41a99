import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageCommand,
  type Message,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { accept } from '../../shared/article/accept.ts';
import type { Accepted } from '../../shared/article/bus-event.ts';
import { droppedFile } from '../../shared/cms/dropped-file.ts';
import type { Issue } from '../../shared/field-schema.ts';
import type { Connection } from './connection.ts';
import { WrongUse } from './exits.ts';
import { pathWithoutPositions } from './text.ts';

/**
 * An event in the dead-letter queue of store or pickup: rejected (`errors` has the issues) or failed too often (`errors`
 * is empty).
 */
export interface RejectedEvent {
  readonly eventId: string;
  readonly source: string;
  readonly detailType?: string;
  readonly uri?: string;
  readonly front?: string;
  /** The key of a file that was dropped into S3. */
  readonly file?: string;
  readonly time?: string;
  readonly errors: readonly Issue[];
}

/** Visibility timeout while the queue is listed. At the end, messages become visible again. */
const lookSeconds = 300;

/** Rejections that are searched for the stage's reasons: about one bad day. */
const maxRejections = 1000;

/** Lists the messages of the dead-letter queues of store and pickup, and leaves them there. */
export async function rejectedEvents({
  sqs,
  stage,
  publishTraces,
}: Pick<Connection, 'sqs' | 'stage' | 'publishTraces'>): Promise<RejectedEvent[]> {
  const said = new Map((await publishTraces.rejections(maxRejections)).map(({ eventId, errors }) => [eventId, errors]));
  const messages = await messagesIn(sqs, await queueUrl(sqs, `pressrun-${stage}-store-dlq`));
  const files = await queueUrl(sqs, `pressrun-${stage}-pickup-dlq`).catch((error: unknown) => {
    // Only a stage to which agencies deliver files has this queue.
    if (!(error instanceof WrongUse)) throw error;
  });
  if (files !== undefined) messages.push(...(await messagesIn(sqs, files)));
  return messages
    .map((message) => rejectedEventIn(message, said))
    .sort((a, b) => (a.time ?? '').localeCompare(b.time ?? ''));
}

/** Returns the messages of a queue, and leaves them there. */
async function messagesIn(sqs: SQSClient, queue: string): Promise<Message[]> {
  const seen = new Map<string, Message>();
  try {
    for await (const batch of batches(sqs, queue)) {
      const fresh = batch.filter(({ MessageId = '' }) => !seen.has(MessageId));
      // Messages repeat: listing took longer than their visibility timeout, so the list is complete.
      if (fresh.length === 0) break;
      for (const message of batch) seen.set(message.MessageId ?? '', message);
    }
  } finally {
    await showAgain(sqs, queue, [...seen.values()]);
  }
  return [...seen.values()];
}

/** Rejected events with the same source and invalid field. */
export interface RejectionCount {
  readonly source: string;
  /** Positions in lists are written as `*`. Undefined for events that failed too often. */
  readonly path: string | undefined;
  readonly count: number;
}

/** Counts rejected events by source and invalid field, the most frequent first. An event counts once for each field. */
export function rejectionCounts(events: readonly RejectedEvent[]): RejectionCount[] {
  const counts = new Map<string, RejectionCount>();
  for (const { source, errors } of events) {
    const paths = new Set(errors.map(({ path }) => pathWithoutPositions(path)));
    for (const path of paths.size === 0 ? [undefined] : paths) {
      const key = JSON.stringify([source, path]);
      counts.set(key, { source, path, count: (counts.get(key)?.count ?? 0) + 1 });
    }
  }
  return [...counts.values()].sort((a, b) => b.count - a.count || a.source.localeCompare(b.source));
}

/**
 * Queues whose dead letters can be sent again unchanged. Events that the bus could not deliver were meant for store.
 */
export const redrivable = [
  'store',
  'store-slow',
  'pickup',
  'bus',
  'release',
  'project-retry',
  'purge',
  'purge-urgent',
  'reconcile',
  'watch',
  'narrate',
] as const;
/** Those, and by `to-<name>` the queue of a subscription. */
export type Redrivable = (typeof redrivable)[number] | `to-${string}`;

export function isRedrivable(queue: string): queue is Redrivable {
  return queue.startsWith('to-') || (redrivable as readonly string[]).includes(queue);
}

/** Queues are not strictly ordered: after this many consecutive batches without an old message, no old message is assumed left. */
const maxBatchesOfNew = 5;

/**
 * Moves messages that were in a dead-letter queue before `startedAt` (epoch ms) back to their queue, and returns their
 * number. Messages that fail meanwhile stay.
 */
export async function redrive(
  sqs: SQSClient,
  stage: string,
  startedAt: number,
  queue: Redrivable = 'store',
): Promise<number> {
  const from = await queueUrl(sqs, `pressrun-${stage}-${queue}-dlq`);
  const to = await queueUrl(sqs, `pressrun-${stage}-${queue === 'bus' ? 'store' : queue}`);
  const rejectedAgain: Message[] = [];
  let count = 0;
  let batchesOfNew = 0;
  try {
    for await (const batch of batches(sqs, from)) {
      const before = count;
      for (const message of batch) {
        if (Number(message.Attributes?.SentTimestamp) > startedAt) {
          rejectedAgain.push(message);
          continue;
        }
        // Sent before it is deleted: after a crash in between it is sent twice, which is harmless.
        await sqs.send(new SendMessageCommand({ QueueUrl: to, MessageBody: message.Body }));
        await sqs.send(new DeleteMessageCommand({ QueueUrl: from, ReceiptHandle: message.ReceiptHandle }));
        count += 1;
      }
      // Where work fails faster than this looks, there would be no end to it.
      batchesOfNew = count === before ? batchesOfNew + 1 : 0;
      if (batchesOfNew === maxBatchesOfNew) break;
    }
  } finally {
    await showAgain(sqs, from, rejectedAgain);
  }
  return count;
}

async function showAgain(sqs: SQSClient, queue: string, messages: readonly Message[]): Promise<void> {
  await Promise.all(
    messages.map(async ({ ReceiptHandle }) =>
      sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: queue, ReceiptHandle, VisibilityTimeout: 0 })),
    ),
  );
}

export async function queueUrl(sqs: SQSClient, name: string): Promise<string> {
  try {
    const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
    return QueueUrl;
  } catch (error) {
    if (error instanceof QueueDoesNotExist)
      throw new WrongUse(`there is no queue ${name}: is --stage right?`, { cause: error });
    throw error;
  }
}

async function* batches(sqs: SQSClient, queue: string): AsyncGenerator<Message[]> {
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queue,
        MaxNumberOfMessages: 10,
        // Long polling asks every server of the queue: an empty answer then means an empty queue.
        WaitTimeSeconds: 1,
        VisibilityTimeout: lookSeconds,
        MessageSystemAttributeNames: ['SentTimestamp'],
      }),
    );
    if (Messages.length === 0) return;
    yield Messages;
  }
}

/**
 * Reads a message of the dead-letter queue of store or pickup. `said` has the stage's reasons by event id; the stage
 * knows the owners of uris. Older events are validated again here, but files are not read.
 */
export function rejectedEventIn(
  { Body = '', MessageId = '', Attributes }: Pick<Message, 'Body' | 'MessageId' | 'Attributes'>,
  said: ReadonlyMap<string, readonly Issue[]>,
): RejectedEvent {
  const event = parsed(Body);
  const text = (name: string): string | undefined => (typeof event[name] === 'string' ? event[name] : undefined);
  const accepted = accept(Body, MessageId, {}, Number(Attributes?.SentTimestamp ?? Infinity));
  const detailType = text('detail-type');
  const time = text('time');
  const known = { ...(detailType !== undefined && { detailType }), ...(time !== undefined && { time }) };
  const file = fileIn(event);
  if (file !== undefined) {
    const eventId = text('id') ?? MessageId;
    return { eventId, source: droppedFile(file).busSource, ...known, file, errors: said.get(eventId) ?? [] };
  }
  if (accepted.kind === 'rejected') {
    const { eventId, source, uri, front, errors } = accepted;
    const subject = { ...(uri !== undefined && { uri }), ...(front !== undefined && { front }) };
    return { eventId, source, ...known, ...subject, errors: said.get(eventId) ?? errors };
  }
  const eventId = text('id') ?? MessageId;
  return { eventId, source: text('source') ?? '', ...known, ...subjectOf(accepted), errors: said.get(eventId) ?? [] };
}

/** Returns the key of the file that an event of S3 names. */
function fileIn({ source, detail }: Record<string, unknown>): string | undefined {
  const read = v.safeParse(v.object({ object: v.object({ key: v.string() }) }), detail);
  return source === 'aws.s3' && read.success ? read.output.object.key : undefined;
}

function subjectOf(accepted: Accepted): { uri?: string; front?: string } {
  if (accepted.kind === 'front') return { front: accepted.version.content.front.name };
  if (accepted.kind === 'version') return { uri: accepted.version.content.article.uri };
  return accepted.kind === 'hold' ? { uri: accepted.hold.uri } : {};
}

function parsed(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
