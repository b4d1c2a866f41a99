import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import middy from '@middy/core';
import type { SQSEvent } from 'aws-lambda';
import { CloudFrontCdn } from '../../shared/aws/cloudfront-cdn.ts';
import { environment } from '../../shared/aws/environment.ts';
import { EventBridgeAnnouncer } from '../../shared/aws/eventbridge-announcer.ts';
import { logFailure, logInfo } from '../../shared/aws/log.ts';
import { Meter } from '../../shared/aws/meter.ts';
import { WebSubHub } from '../../shared/aws/websub-hub.ts';
import { correlationIdIn } from '../../shared/correlation.ts';
import type { PurgeRequest } from '../../shared/ports.ts';
import type { PurgeEnv } from './env.ts';
import { purge, type PurgePorts } from './purge.ts';
import { tellHub, type TellHubPorts } from './tell-hub.ts';

const env = environment<PurgeEnv>(['STAGE', 'BUS_NAME', 'DISTRIBUTION_ID'], process.env);

const ports: PurgePorts = {
  cdn: new CloudFrontCdn(new CloudFrontClient(), env.DISTRIBUTION_ID),
  announcer: new EventBridgeAnnouncer(new EventBridgeClient(), env.BUS_NAME),
};
const meter = new Meter(env.STAGE);
const hubPorts: TellHubPorts | undefined =
  env.HUB_URL === undefined || env.SITE_URL === undefined ? undefined : { hub: new WebSubHub(env.HUB_URL), siteUrl: env.SITE_URL };

/** The whole batch is one flush: when it fails, all of it comes back. */
export const handler = middy<SQSEvent>().handler(async ({ Records }) => {
  const messages = Records.map(({ messageId, body }) => ({ messageId, request: JSON.parse(body) as PurgeRequest }));
  const correlationIds = [...new Set(Records.flatMap(({ body }) => correlationIdIn(body) ?? []))];
  try {
    const paths = await purge(ports, messages);
    meter.count('PurgePaths', paths);
    logInfo('purged', { paths, correlationIds });
  } catch (error) {
    logFailure(error, { correlationIds });
    throw error;
  }
  if (hubPorts) {
    try {
      await tellHub(
        hubPorts,
        messages.map(({ request }) => request),
      );
    } catch (error) {
      // Subscribers hear of the next change, and poll: no reason to purge, and to pay, again.
      logFailure(error, { hub: 'not told' });
    }
  }
  return { batchItemFailures: [] };
});
