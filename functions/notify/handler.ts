import { SQSClient } from '@aws-sdk/client-sqs';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { clientSettings } from '../../shared/aws/clients.ts';
import { environment } from '../../shared/aws/environment.ts';
import { HttpWebhook } from '../../shared/aws/http-webhook.ts';
import { logFailure } from '../../shared/aws/log.ts';
import { queueHandler } from '../../shared/aws/queue-batch.ts';
import { SecretsManagerSecrets } from '../../shared/aws/secrets-manager-secrets.ts';
import { changeVisibility } from '../../shared/aws/sqs.ts';
import { notifyEnv } from './env.ts';
import { failureOf, pauseSecondsAfter, notify, type NotifyPorts, type AnnouncedEvent } from './notify.ts';

const env = environment(notifyEnv);
const clock = { now: Date.now };
const secretsManager = new SecretsManagerClient(clientSettings());
const sqs = new SQSClient(clientSettings());

const ports: NotifyPorts = {
  webhook: new HttpWebhook(env.WEBHOOK_URL),
  secrets: new SecretsManagerSecrets(secretsManager, env.SECRET_PREFIX, clock),
  clock,
  subscriber: env.SUBSCRIBER,
};

/** The event of a test by an operator. The operator gets the reason of a failure, and there is no further attempt. */
interface TestCall {
  readonly test: AnnouncedEvent;
}

export const handler = async (event: SQSEvent | TestCall, context: Context): Promise<SQSBatchResponse | Tested> =>
  'test' in event ? tested(event.test) : fromQueue(event, context);

interface Tested {
  /** Why the receiver did not confirm the announcement; absent if it did. */
  readonly failure?: string;
}

async function tested(announcement: AnnouncedEvent): Promise<Tested> {
  try {
    await notify(ports, announcement);
    return {};
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

const fromQueue = queueHandler(async (record) => {
  try {
    await notify(ports, JSON.parse(record.body) as AnnouncedEvent);
  } catch (error) {
    await delayRetry(record);
    throw failureOf(error, { subscriber: env.SUBSCRIBER, url: env.WEBHOOK_URL, attempt: attemptOf(record) });
  }
});

/** Sets the delay until SQS delivers the message again. */
async function delayRetry(record: SQSRecord): Promise<void> {
  const { receiptHandle, messageId } = record;
  try {
    await changeVisibility(sqs, env.QUEUE_URL, receiptHandle, pauseSecondsAfter(attemptOf(record)));
  } catch (error) {
    logFailure(error, { messageId });
  }
}

function attemptOf({ attributes }: SQSRecord): number {
  return Number(attributes.ApproximateReceiveCount);
}
