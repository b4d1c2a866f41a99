import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDbArticles, DynamoDbPictures } from '../../shared/aws/dynamodb-articles.ts';

/** Where the stage runs: AWS, or a laptop's local stack. */
export interface Connection {
  readonly stage: string;
  readonly sqs: SQSClient;
  readonly eventBridge: EventBridgeClient;
  readonly articles: DynamoDbArticles;
  readonly pictures: DynamoDbPictures;
}

/** Stage `local` is the laptop's unless an address is given; every other stage is AWS's, with the usual credentials. */
export function connect(stage: string, endpointUrl: string | undefined, awsPort: string): Connection {
  const endpoint = endpointUrl ?? (stage === 'local' ? `http://127.0.0.1:${awsPort}` : undefined);
  const settings = {
    ...(endpoint !== undefined && { endpoint }),
    ...(stage === 'local' && { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }),
  };
  const dynamoDb = new DynamoDBClient(settings);
  const articlesTable = `pressrun-${stage}-articles`;
  return {
    stage,
    sqs: new SQSClient(settings),
    eventBridge: new EventBridgeClient(settings),
    articles: new DynamoDbArticles(dynamoDb, articlesTable),
    pictures: new DynamoDbPictures(dynamoDb, articlesTable),
  };
}
