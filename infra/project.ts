import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping, FilterCriteria, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import type { ProjectEnv } from '../functions/project/env.ts';
import { allow } from './access.ts';
import type { Lists } from '../shared/feed/lists.ts';
import type { Articles } from './articles.ts';
import type { Bus } from './bus.ts';
import type { Feeds } from './feeds.ts';
import type { Purge } from './purge.ts';
import { ServiceFunction } from './service-function.ts';
import type { Stage } from './stage.ts';
import { DeadLetterQueue, toSend, WorkQueue } from './work-queue.ts';

export interface ProjectProps {
  readonly stage: Stage;
  readonly bus: Bus;
  readonly articles: Articles;
  readonly feeds: Feeds;
  readonly purge: Purge;
  /** The time after which no request from before a withdrawal is in flight at the origin. */
  readonly purgeAgainAfter: Duration;
  readonly lists: Lists;
}

const TIMEOUT = Duration.seconds(30);

/** Reads the articles table's stream, and writes feeds, purge requests and announcements. */
export class Project extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { stage, bus, articles, feeds, purge, purgeAgainAfter, lists }: ProjectProps,
  ) {
    super(scope, id);
    const retryQueue = new WorkQueue(this, 'RetryQueue', {
      stage,
      name: 'project-retry',
      workTimeout: TIMEOUT,
      maxReceiveCount: 10,
      staleAfter: Duration.minutes(15),
    });
    const project = new ServiceFunction<ProjectEnv>(this, 'Project', {
      stage,
      name: 'project',
      description: 'Brings feeds in line with heads, asks for purges, announces.',
      timeout: TIMEOUT,
      requeuesItself: true,
      memorySize: 512,
      environment: {
        ARTICLES_TABLE: articles.toReadHeads(),
        FEEDS_TABLE: feeds.toPlace(),
        BUS_NAME: bus.toAnnounce(),
        RETRY_QUEUE_URL: toSend(retryQueue),
        PURGE_QUEUE_URL: toSend(purge.queue),
        PURGE_URGENT_QUEUE_URL: toSend(purge.urgentQueue),
        LISTS: lists,
        PURGE_AGAIN_SECONDS: purgeAgainAfter.toSeconds().toString(),
      },
    });
    retryQueue.feed(project, { batchSize: 10, maxConcurrency: 5 });
    this.#follow(articles, project, new DeadLetterQueue(this, 'StreamDeadLetters', { stage, name: 'project-stream' }));
  }

  #follow(articles: Articles, project: ServiceFunction<ProjectEnv>, deadLetters: DeadLetterQueue): void {
    const { tableArn, tableStreamArn } = articles.table;
    if (tableStreamArn === undefined) {
      throw new Error('the articles table has no stream');
    }
    // CDK's own grant would allow listing all streams of the account.
    allow(project.role, {
      actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
      resources: [tableStreamArn],
    });
    allow(project.role, {
      actions: ['dynamodb:ListStreams'],
      resources: [`${tableArn}/stream/*`],
      wildcardReason: "Lambda asks which streams this one table has; a stream's name is the time at which it was made.",
    });
    new EventSourceMapping(this, 'Stream', {
      target: project.function,
      eventSourceArn: tableStreamArn,
      // Only heads change feeds; versions, holds and paths are filtered out.
      filters: [FilterCriteria.filter({ dynamodb: { Keys: { sk: { S: ['head'] } } } })],
      // LATEST would miss records that are written while the mapping is being created.
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      // Lambda keeps the order of each article's records, however many batches of a shard run at once.
      parallelizationFactor: 10,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      // `project` sends an article that fails to its own queue. A batch fails as a whole if that queue is unavailable
      // or a record crashes the function: bisecting isolates such a record, and twenty attempts outlast most outages.
      retryAttempts: 20,
      onFailure: new SqsDlq(deadLetters),
    });
  }
}
