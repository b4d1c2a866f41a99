import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import middy from '@middy/core';
import type { SQSEvent } from 'aws-lambda';
import { CloudFrontCdn } from '../../shared/aws/cloudfront-cdn.ts';
import { environment } from '../../shared/aws/environment.ts';
import { EventBridgeAnnouncer } from '../../shared/aws/eventbridge-announcer.ts';
import type { PurgeRequest } from '../../shared/ports.ts';
import type { PurgeEnv } from './env.ts';
import { purge, type PurgePorts } from './purge.ts';

const env = environment<PurgeEnv>(['BUS_NAME', 'DISTRIBUTION_ID'], process.env);

const ports: PurgePorts = {
  cdn: new CloudFrontCdn(new CloudFrontClient(), env.DISTRIBUTION_ID),
  announcer: new EventBridgeAnnouncer(new EventBridgeClient(), env.BUS_NAME),
};

/** The whole batch is one flush: when it fails, all of it comes back. */
export const handler = middy<SQSEvent>().handler(async ({ Records }) => {
  await purge(
    ports,
    Records.map(({ messageId, body }) => ({ messageId, request: JSON.parse(body) as PurgeRequest })),
  );
  return { batchItemFailures: [] };
});
