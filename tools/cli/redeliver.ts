import { GetQueueAttributesCommand, ListQueuesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { didYouMean } from '../../shared/did-you-mean.ts';
import { WrongUse } from './exits.ts';
import { queueUrl, redrive } from './rejected.ts';

/** Events that were not yet delivered to a subscription. */
export interface Backlog {
  readonly subscription: string;
  /** In its dead-letter queue. They stay there until `redeliver`. */
  readonly dead: number;
  /** In its queue. Messages that wait for their next attempt cannot be received earlier. */
  readonly waiting: number;
}

/** @throws {WrongUse} There is no subscription of this name that has a queue of Pressrun's. */
export async function backlogOf(sqs: SQSClient, stage: string, subscription: string): Promise<Backlog> {
  const prefix = `pressrun-${stage}-to-`;
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: prefix, MaxResults: 1000 }));
  const queues = QueueUrls.map((url) => url.slice(url.lastIndexOf('/') + 1 + prefix.length));
  if (!queues.includes(subscription) || !queues.includes(`${subscription}-dlq`)) {
    const names = queues.filter((name) => queues.includes(`${name}-dlq`)).sort();
    throw new WrongUse(
      `no subscription ${subscription} has a queue of Pressrun's own on ${stage}: ${names.length === 0 ? 'there is none' : `it must be one of ${names.join(', ')}`}${didYouMean(subscription, names)}`,
    );
  }
  const [dead, waiting] = await Promise.all([
    countOf(sqs, `${prefix}${subscription}-dlq`),
    countOf(sqs, prefix + subscription),
  ]);
  return { subscription, dead, waiting };
}

/** Sends the dead letters of a subscription to it again, and returns how many. */
export async function redeliver(sqs: SQSClient, stage: string, subscription: string, now: number): Promise<number> {
  return redrive(sqs, stage, now, `to-${subscription}`);
}

const counts = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

async function countOf(sqs: SQSClient, name: string): Promise<number> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: await queueUrl(sqs, name), AttributeNames: [...counts] }),
  );
  return counts.reduce((sum, count) => sum + Number(Attributes?.[count] ?? 0), 0);
}
