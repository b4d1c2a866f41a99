import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type Message,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { accept, type Accepted } from '../../shared/accept.ts';
import type { Fault } from '../../shared/announcement.ts';

/** An event in store's dead-letter queue: refused (`errors` says why) or failed too often (`errors` is empty). */
export interface RejectedEvent {
  readonly eventId: string;
  readonly source: string;
  readonly detailType?: string;
  readonly uri?: string;
  readonly time?: string;
  readonly errors: readonly Fault[];
}

/** How long messages stay hidden from others while they are looked at. */
const lookSeconds = 30;

/** Lists what lies in store's dead-letter queue and leaves it there. */
export async function rejectedEvents(sqs: SQSClient, stage: string): Promise<RejectedEvent[]> {
  const queue = await queueUrl(sqs, `pressrun-${stage}-store-dlq`);
  const events: RejectedEvent[] = [];
  const seen: Message[] = [];
  try {
    for await (const message of messages(sqs, queue)) {
      seen.push(message);
      events.push(describe(message));
    }
  } finally {
    await Promise.all(
      seen.map(async ({ ReceiptHandle }) =>
        sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: queue, ReceiptHandle, VisibilityTimeout: 0 })),
      ),
    );
  }
  return events.sort((a, b) => (a.time ?? '').localeCompare(b.time ?? ''));
}

/** Moves what lay in the dead-letter queue before `startedAt` (epoch ms) back to store, and returns how many; what is refused anew meanwhile stays. */
export async function redrive(sqs: SQSClient, stage: string, startedAt: number): Promise<number> {
  const from = await queueUrl(sqs, `pressrun-${stage}-store-dlq`);
  const to = await queueUrl(sqs, `pressrun-${stage}-store`);
  let count = 0;
  for await (const message of messages(sqs, from)) {
    if (Number(message.Attributes?.SentTimestamp) > startedAt) {
      await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: from, ReceiptHandle: message.ReceiptHandle, VisibilityTimeout: 0 }));
      break;
    }
    // Sent before it is deleted: a crash in between sends it twice, which changes nothing.
    await sqs.send(new SendMessageCommand({ QueueUrl: to, MessageBody: message.Body }));
    await sqs.send(new DeleteMessageCommand({ QueueUrl: from, ReceiptHandle: message.ReceiptHandle }));
    count += 1;
  }
  return count;
}

async function queueUrl(sqs: SQSClient, name: string): Promise<string> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
  if (QueueUrl === undefined) throw new Error(`there is no queue ${name}: is --stage right?`);
  return QueueUrl;
}

async function* messages(sqs: SQSClient, queue: string): AsyncGenerator<Message> {
  for (;;) {
    // Long polling asks every server of the queue: an empty answer then means an empty queue.
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queue,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 1,
        VisibilityTimeout: lookSeconds,
        MessageSystemAttributeNames: ['SentTimestamp'],
      }),
    );
    if (Messages.length === 0) return;
    yield* Messages;
  }
}

function describe({ Body = '', MessageId = '' }: Message): RejectedEvent {
  const event = parsed(Body);
  const text = (name: string): string | undefined => (typeof event[name] === 'string' ? event[name] : undefined);
  const accepted = accept(Body, MessageId);
  const detailType = text('detail-type');
  const time = text('time');
  const known = { ...(detailType !== undefined && { detailType }), ...(time !== undefined && { time }) };
  if (accepted.kind === 'refused') {
    const { eventId, source, uri, errors } = accepted;
    return { eventId, source, ...known, ...(uri !== undefined && { uri }), errors };
  }
  return { eventId: text('id') ?? MessageId, source: text('source') ?? '', ...known, ...uriOf(accepted), errors: [] };
}

function uriOf(accepted: Accepted): { uri?: string } {
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
