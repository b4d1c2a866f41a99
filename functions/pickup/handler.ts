import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { bucketSettings, clientSettings } from '../../shared/aws/clients.ts';
import { environment } from '../../shared/aws/environment.ts';
import { eventBridgeAnnouncer, eventBridgeBus } from '../../shared/aws/eventbridge.ts';
import { logInfo, logWarning } from '../../shared/aws/log.ts';
import { queueHandler } from '../../shared/aws/queue-batch.ts';
import { Bucket } from '../../shared/aws/s3-bucket.ts';
import { s3PayloadStore } from '../../shared/aws/s3-payload-store.ts';
import { sqsRejectionQueue } from '../../shared/aws/sqs.ts';
import { timeLimit } from '../../shared/aws/v8-time-limit.ts';
import { pickupEnv } from './env.ts';
import { pickup, type PickupPorts } from './pickup.ts';

const env = environment(pickupEnv);
const eventBridge = new EventBridgeClient(clientSettings());
const files = new Bucket(env.DROP_BUCKET, bucketSettings(process.env));

const ports: PickupPorts = {
  files: {
    read: (key, { etag, version }) =>
      files.read(key, version === undefined ? { IfMatch: `"${etag}"` } : { VersionId: version }),
  },
  bus: eventBridgeBus(eventBridge, env.BUS_NAME),
  announcer: eventBridgeAnnouncer(eventBridge, env.BUS_NAME),
  rejections: sqsRejectionQueue(new SQSClient(clientSettings()), env.REJECTED_QUEUE_URL),
  payloads: s3PayloadStore(new Bucket(env.PAYLOADS_BUCKET, bucketSettings(process.env))),
  settings: env.SOURCES,
  owners: env.OWNERS,
};

/** A long story takes some 100 ms. */
const validationMilliseconds = 2000;
/** The time reserved for the bus and the payload store. */
const sendingMilliseconds = 5000;

export const handler = queueHandler(async ({ body, messageId }, context) => {
  const left = (): number => context.getRemainingTimeInMillis() - sendingMilliseconds;
  const { file, result } = await pickup({ ...ports, limit: timeLimit(validationMilliseconds, left) }, body);
  (result === 'rejected' || result === 'removed' ? logWarning : logInfo)(result, { messageId, file });
});
