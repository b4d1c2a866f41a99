import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDbArticles, DynamoDbPictures } from '../../shared/aws/dynamodb-articles.ts';
import { readPass } from '../../shared/aws/dynamodb-passes.ts';
import { SignedFetch } from '../../shared/aws/signed-fetch.ts';
import type { Pass } from '../../shared/pass.ts';

/** Where the stage runs: AWS, or a laptop's local stack. */
export interface Connection {
  readonly stage: string;
  readonly sqs: SQSClient;
  readonly eventBridge: EventBridgeClient;
  readonly articles: DynamoDbArticles;
  readonly pictures: DynamoDbPictures;
  /** The record of a pass of reconcile, by its id. */
  readonly pass: (passId: string) => Promise<Pass | undefined>;
  /** For the services of which no SDK client is here, with the same credentials. */
  readonly aws: () => Promise<SignedFetch>;
}

/** Stage `local` is the laptop's unless an address is given; every other stage is AWS's, with the usual credentials. */
export function connect(stage: string, endpointUrl: string | undefined, awsPort: string): Connection {
  const endpoint = endpointUrl ?? (stage === 'local' ? `http://127.0.0.1:${awsPort}` : undefined);
  const settings = {
    ...(endpoint !== undefined && { endpoint }),
    ...(stage === 'local' && { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }),
  };
  const sqs = new SQSClient(settings);
  const dynamoDb = new DynamoDBClient(settings);
  const table = `pressrun-${stage}-articles`;
  return {
    stage,
    sqs,
    eventBridge: new EventBridgeClient(settings),
    articles: new DynamoDbArticles(dynamoDb, table),
    pictures: new DynamoDbPictures(dynamoDb, table),
    pass: async (passId) => readPass(dynamoDb, table, passId),
    aws: async () => {
      const { accessKeyId, secretAccessKey, sessionToken } = await sqs.config.credentials();
      return new SignedFetch(
        {
          AWS_REGION: await sqs.config.region(),
          AWS_ENDPOINT_URL: endpoint,
          AWS_ACCESS_KEY_ID: accessKeyId,
          AWS_SECRET_ACCESS_KEY: secretAccessKey,
          AWS_SESSION_TOKEN: sessionToken,
        },
        // A piece of an import takes its time.
        { patienceMilliseconds: 300_000 },
      );
    },
  };
}
