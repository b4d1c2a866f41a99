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
  /** After how long no request that the origin began before a withdrawal can still be answered. */
  readonly purgeAgainAfter: Duration;
  readonly lists: Lists;
}

const TIMEOUT = Duration.seconds(30);

/** From the articles' stream to the feeds, the purges and the announcements. */
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
    // Written out because CDK's own grant lists the streams of the whole account.
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
      // Versions, holds and paths are written here as well; feeds only follow heads.
      filters: [FilterCriteria.filter({ dynamodb: { Keys: { sk: { S: ['head'] } } } })],
      // Not LATEST: that would miss what is written while the mapping comes up.
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      // Lambda keeps the order of each article, however many batches of a shard run side by side.
      parallelizationFactor: 10,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      // `project` sends an article that fails to its own queue. A batch that fails as a whole met an outage of that
      // queue, or a record that kills the function; bisecting corners the one, twenty attempts outlast most of the other.
      retryAttempts: 20,
      onFailure: new SqsDlq(deadLetters),
    });
  }
}
