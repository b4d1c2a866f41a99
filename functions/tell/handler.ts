import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { environment } from '../../shared/aws/environment.ts';
import { HttpWebhook } from '../../shared/aws/http-webhook.ts';
import { logFailure } from '../../shared/aws/log.ts';
import { eachMessage } from '../../shared/aws/queue-batch.ts';
import { SecretsManagerSecrets } from '../../shared/aws/secrets-manager-secrets.ts';
import { SignedFetch } from '../../shared/aws/signed-fetch.ts';
import type { TellEnv } from './env.ts';
import { pauseSecondsAfter, tell, type TellPorts, type ToldEvent } from './tell.ts';

const env = environment<TellEnv>(['SUBSCRIBER', 'WEBHOOK_URL', 'SECRET_PREFIX', 'QUEUE_URL'], process.env);
const clock = { now: Date.now };
const sqs = new SQSClient();

const ports: TellPorts = {
  webhook: new HttpWebhook(env.WEBHOOK_URL),
  secrets: new SecretsManagerSecrets(new SignedFetch(process.env), env.SECRET_PREFIX, clock),
  clock,
  subscriber: env.SUBSCRIBER,
};

export const handler = middy<SQSEvent, SQSBatchResponse>().handler(async ({ Records }) =>
  eachMessage(Records, async (record) => {
    try {
      await tell(ports, JSON.parse(record.body) as ToldEvent);
    } catch (error) {
      await putOff(record);
      throw error;
    }
  }),
);

/** The message comes back by itself; here it only learns when. */
async function putOff({ receiptHandle, attributes, messageId }: SQSRecord): Promise<void> {
  try {
    await sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: env.QUEUE_URL,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: pauseSecondsAfter(Number(attributes.ApproximateReceiveCount)),
      }),
    );
  } catch (error) {
    logFailure(error, { messageId });
  }
}
