import { setTimeout as pause } from 'node:timers/promises';
import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { startLocalStack, type LocalStack, type LocalStackOptions } from '../../tools/laptop/stack.ts';
import type { BusEvent } from '../../tools/laptop/observations.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import { assemblyOf } from './assemblies.ts';

const timeoutMs = 30_000;

/** As a CMS writes the time of an edit. */
export function minutesAgo(minutes: number): string {
  return new Date(Date.now() - minutes * 60_000).toISOString();
}

/** An announcement in a subscription's queue. */
export interface QueuedEvent {
  readonly 'detail-type': string;
  readonly 'replay-name'?: string;
  readonly detail: { readonly id: string; readonly uri: string };
}

/** A newsroom on the local stack: it speaks to it as its users do, through AWS's own clients and HTTP at the edge. */
export class Newsroom {
  readonly announced: BusEvent[] = [];
  readonly dynamoDb: DynamoDBClient;
  readonly eventBridge: EventBridgeClient;
  readonly sqs: SQSClient;
  readonly cloudFront: CloudFrontClient;
  readonly stack: LocalStack;

  private constructor(stack: LocalStack) {
    this.stack = stack;
    const settings = {
      endpoint: stack.awsUrl,
      region: 'us-east-1',
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    };
    this.dynamoDb = new DynamoDBClient(settings);
    this.eventBridge = new EventBridgeClient(settings);
    this.sqs = new SQSClient(settings);
    this.cloudFront = new CloudFrontClient(settings);
    stack.events.on((observation) => {
      if (observation.kind === 'bus-event' && observation.event.source === 'pressrun')
        this.announced.push(observation.event);
    });
  }

  static async open(
    context: Readonly<Record<string, string>> = {},
    more: Partial<LocalStackOptions> = {},
  ): Promise<Newsroom> {
    return new Newsroom(
      await startLocalStack({
        assembly: more.assembly ?? (await assemblyOf(context)),
        awsPort: 0,
        edgePort: 0,
        ...more,
      }),
    );
  }

  /** Returns up to ten messages in a subscription's queue, and leaves them there. */
  async messagesTo(subscriber: string): Promise<QueuedEvent[]> {
    const { Messages = [] } = await this.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: `${this.stack.awsUrl}/000000000000/pressrun-local-to-${subscriber}`,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 0,
      }),
    );
    return Messages.map(({ Body = '{}' }) => JSON.parse(Body) as QueuedEvent);
  }

  async close(): Promise<void> {
    await this.stack.stop();
    for (const client of [this.dynamoDb, this.eventBridge, this.sqs, this.cloudFront]) client.destroy();
  }

  /** Puts one event about an article on the bus, as a CMS with AWS credentials does. */
  put(detailType: string, article: unknown, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
    return this.#put(detailType, { article, ...more });
  }

  putFront(detailType: string, front: unknown): Promise<string> {
    return this.#put(detailType, { front });
  }

  async #put(detailType: string, detail: unknown): Promise<string> {
    const { Entries = [] } = await this.eventBridge.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: this.stack.busName,
            Source: 'newsroom',
            DetailType: detailType,
            Detail: JSON.stringify(detail),
          },
        ],
      }),
    );
    const [entry] = Entries;
    if (entry?.EventId === undefined) throw new Error(`not taken: ${entry?.ErrorMessage ?? 'no answer'}`);
    return entry.EventId;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.stack.edgeUrl + path, { headers, redirect: 'manual' });
  }

  async json(path: string): Promise<Record<string, unknown>> {
    return (await (await this.get(path)).json()) as Record<string, unknown>;
  }

  /** The uris of a feed, as its first page at the edge lists them. */
  async uris(feed: string): Promise<string[]> {
    const response = await this.get(`/feeds/${feed}.json?limit=100`);
    if (response.status === 404) return [];
    const { items } = (await response.json()) as { items: { id: string }[] };
    return items.map(({ id }) => id);
  }

  /** How many versions of an article are stored. */
  async versions(uri: string): Promise<number> {
    const { Count = 0 } = await this.dynamoDb.send(
      new QueryCommand({
        TableName: this.stack.outputs['ArticlesTableName'],
        ConsistentRead: true,
        KeyConditionExpression: 'articleId = :id AND begins_with(sk, :v)',
        ExpressionAttributeValues: { ':id': { S: articleIdOf(uri) }, ':v': { S: 'v#' } },
      }),
    );
    return Count;
  }

  /** Announcements about one article, in the order in which they came. */
  about(uri: string, ...types: string[]): BusEvent[] {
    const articleId = articleIdOf(uri);
    return this.announced.filter(({ 'detail-type': type, detail }) => {
      const { articleId: own, articles } = detail as { articleId?: string; articles?: { articleId: string }[] };
      return (
        (types.length === 0 || types.includes(type)) &&
        (own === articleId || articles?.some((article) => article.articleId === articleId) === true)
      );
    });
  }

  /** Waits for a condition; says which one when it does not come. */
  async until(what: string, holds: () => Promise<boolean> | boolean, patience = timeoutMs): Promise<void> {
    const deadline = Date.now() + patience;
    while (!(await holds())) {
      if (Date.now() > deadline) throw new Error(`still waiting until ${what}`);
      await pause(20);
    }
  }

  /** Waits until all earlier events are processed: until a new story is announced and purged. */
  async settled(): Promise<void> {
    const uri = `urn:sentinel:${crypto.randomUUID()}`;
    await this.put('article.published', {
      uri,
      versionCreated: new Date().toISOString(),
      headlines: [{ value: 'Sentinel' }],
    });
    await this.until('a later story is purged', () => this.about(uri, 'cdn.purged').length > 0);
  }
}
