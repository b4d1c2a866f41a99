import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import middy from '@middy/core';
import type { Context, LambdaFunctionURLEvent, LambdaFunctionURLResult } from 'aws-lambda';
import { bucketSettings, clientSettings } from '../../shared/aws/clients.ts';
import { environment } from '../../shared/aws/environment.ts';
import { eventBridgeBus } from '../../shared/aws/eventbridge.ts';
import { correlated, logFailure, logInfo, logWarning } from '../../shared/aws/log.ts';
import { Meter } from '../../shared/aws/meter.ts';
import { Bucket } from '../../shared/aws/s3-bucket.ts';
import { s3PayloadStore } from '../../shared/aws/s3-payload-store.ts';
import { SecretsManagerSecrets } from '../../shared/aws/secrets-manager-secrets.ts';
import { sources } from '../../shared/cms/sources.ts';
import { timeLimit } from '../../shared/aws/v8-time-limit.ts';
import { ingestEnv } from './env.ts';
import { ingest, type IngestPorts } from './ingest.ts';

const env = environment(ingestEnv);
const meter = new Meter(env.STAGE);
/** Most CMSes wait two seconds for a response and never retry. */
const limits = { requestTimeout: 700, maxAttempts: 2 };
const eventBridge = new EventBridgeClient(clientSettings(limits));
const secretsManager = new SecretsManagerClient(clientSettings(limits));

const ports: IngestPorts = {
  sources,
  bus: eventBridgeBus(eventBridge, env.BUS_NAME),
  payloads: s3PayloadStore(new Bucket(env.PAYLOADS_BUCKET, bucketSettings(process.env, limits))),
  secrets: new SecretsManagerSecrets(secretsManager, env.SECRET_PREFIX, { now: Date.now }),
  clock: { now: Date.now },
  settings: env.SOURCES,
  owners: env.OWNERS,
};

export const handler = middy<LambdaFunctionURLEvent, LambdaFunctionURLResult>().handler(async (event, context) =>
  correlated(event.requestContext.requestId, async () => {
    try {
      return await answer(event, context);
    } catch (error) {
      // Lambda's own log line about a timeout does not name the request.
      logFailure(error, { endpoint: event.rawPath });
      throw error;
    }
  }),
);

/** A long story takes some 100 ms. */
const validationMilliseconds = 2000;
/** The time reserved for the bus and the payload store. */
const sendingMilliseconds = 2000;

async function answer(
  { rawPath, headers, body, isBase64Encoded, requestContext }: LambdaFunctionURLEvent,
  context: Context,
): Promise<LambdaFunctionURLResult> {
  const left = (): number => context.getRemainingTimeInMillis() - sendingMilliseconds;
  const response = await ingest(
    { ...ports, limit: timeLimit(validationMilliseconds, left) },
    {
      method: requestContext.http.method,
      path: rawPath,
      headers,
      body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'),
      requestId: requestContext.requestId,
    },
  );
  const { status, issues } = response;
  if (status === 202) logInfo('taken', { endpoint: rawPath });
  // CMSes do not show the responses of their webhooks, so they are logged: without values, and for an unauthenticated
  // request without any of its content.
  if (status === 401 || status === 413 || status === 422)
    logWarning('turned away', { endpoint: rawPath, status, issues });
  if (status === 401) meter.count('Unverified');
  return { statusCode: status, headers: response.headers, body: response.body };
}
