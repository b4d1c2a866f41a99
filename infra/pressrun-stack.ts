import { CfnOutput, Duration, Stack, Tags } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { Articles } from './articles.ts';
import type { RestoredTable } from './articles.ts';
import { Audio } from './audio.ts';
import { Bus } from './bus.ts';
import { Contracts } from './contracts.ts';
import { Dashboard } from './dashboard.ts';
import { Edge } from './edge.ts';
import type { SiteProps } from './edge.ts';
import { Feeds } from './feeds.ts';
import { Ingest } from './ingest.ts';
import { Monitoring } from './monitoring.ts';
import { Narrate } from './narrate.ts';
import { PayloadStore } from './payload-store.ts';
import { Pickup } from './pickup.ts';
import { Project } from './project.ts';
import { Purge } from './purge.ts';
import { Reconcile } from './reconcile.ts';
import { Release } from './release.ts';
import type { Stage } from './stage.ts';
import { Store } from './store.ts';
import { Subscriptions } from './subscriptions.ts';
import { Sweep } from './sweep.ts';
import { Watch } from './watch.ts';
import type { Lists } from '../shared/feed/lists.ts';
import type { Owners } from '../shared/article/ownership.ts';
import { ownersOf } from '../shared/cms/sources.ts';
import type { GivenSettings } from '../shared/cms/sources.ts';
import type { Voices } from '../shared/audio/speech.ts';
import type { GivenSubscriptions } from '../shared/events/subscription.ts';

export interface PressrunProps extends StackProps {
  readonly stage: Stage;
  readonly site: SiteProps;
  readonly archiveFor: Duration;
  /** The collecting window of purges. */
  readonly purgeWindow: Duration;
  /** Invalidation paths a month before the window widens. */
  readonly purgeBudget?: number;
  /** Replaces the stack's own articles table. */
  readonly restoredArticles?: RestoredTable;
  /** Bus sources whose events wait in a queue of their own. */
  readonly slowSources: readonly string[];
  /** How lists are kept fresh. */
  readonly lists: Lists;
  /** Time between two repairs of all feeds. */
  readonly reconcileEvery: Duration;
  /** Settings of each CMS that has a webhook endpoint, by the name of its source. */
  readonly sources: GivenSettings;
  /** Prefixes of uris that a bus source owns, in addition to those that the sources own by default. */
  readonly owns: Owners;
  /** The bucket of files that agencies deliver: `managed`, or the name of a bucket; without it, there is none. */
  readonly dropBucket?: string;
  /** Reserved concurrency of `ingest`; without it, the account's. */
  readonly ingestConcurrency?: number;
  /** Reserved concurrency of `deliver`; without it, the account's. */
  readonly deliverConcurrency?: number;
  /** Subscriptions by their name. */
  readonly subscriptions: GivenSubscriptions;
  /** Time between two sweeps, which query the CMSes for events that webhooks lost. */
  readonly sweepEvery: Duration;
  /** Time without a publish before a canary is sent; 0 for none. */
  readonly canaryAfter: Duration;
  /** Voices of audio renditions by language; without it, there are no renditions. */
  readonly voices?: Voices;
  /** E-mail address for alarms; without it, the topic has no subscriber. */
  readonly alarmEmail?: string;
}

/** CloudFormation rejects tags on these, although the CDK would write them. */
const UNTAGGED = ['AWS::CloudWatch::Dashboard'];

/** One stage of Pressrun. */
export class PressrunStack extends Stack {
  readonly stage: Stage;
  /** The bus of CMSes' events and of announcements; `grantPublish` lets a CMS put events on it. */
  readonly bus: Bus;
  /** The topic of every alarm. */
  readonly alarmTopic: ITopic;

  constructor(scope: Construct, id: string, props: PressrunProps) {
    super(scope, id, props);
    const {
      stage,
      site,
      archiveFor,
      purgeWindow,
      purgeBudget,
      lists,
      restoredArticles,
      slowSources,
      reconcileEvery,
      sources,
      owns,
      sweepEvery,
      subscriptions,
      dropBucket,
      ingestConcurrency,
      deliverConcurrency,
      canaryAfter,
      voices,
      alarmEmail,
    } = props;
    for (const [name, value] of Object.entries({ project: 'pressrun', stage: stage.name }))
      Tags.of(this).add(name, value, { excludeResourceTypes: UNTAGGED });

    const bus = new Bus(this, 'Bus', { stage, archiveFor });
    this.stage = stage;
    this.bus = bus;
    new Contracts(this, 'Contracts', { stage });
    const articles = new Articles(this, 'Articles', {
      stage,
      ...(restoredArticles === undefined ? {} : { restored: restoredArticles }),
    });
    const feeds = new Feeds(this, 'Feeds', { stage });
    const release = new Release(this, 'Release', { stage, articles });
    const payloads = new PayloadStore(this, 'Payloads', { stage, archiveFor });
    const owners = ownersOf(sources, owns, { isProduction: stage.keepsData });
    // The id of earlier versions: with another one, CloudFormation would find the names of its resources in use.
    new Store(this, 'Intake', { stage, bus, articles, release, payloads, owners, slowSources });
    const ingest = new Ingest(this, 'Ingest', {
      stage,
      bus,
      payloads,
      settings: sources,
      owners,
      ...(ingestConcurrency === undefined ? {} : { concurrency: ingestConcurrency }),
    });
    const pickup =
      dropBucket === undefined
        ? undefined
        : new Pickup(this, 'Pickup', { stage, bus, payloads, settings: sources, owners, bucket: dropBucket });
    const audio = voices && new Audio(this, 'Audio', { stage });
    const edge = new Edge(this, 'Edge', {
      stage,
      articles,
      feeds,
      site,
      lists,
      ...(audio && { audio }),
      ...(deliverConcurrency === undefined ? {} : { concurrency: deliverConcurrency }),
    });
    const purge = new Purge(this, 'Purge', {
      stage,
      bus,
      edge,
      site,
      articles,
      window: purgeWindow,
      ...(purgeBudget === undefined ? {} : { budget: purgeBudget }),
    });
    const narrate =
      voices &&
      audio &&
      new Narrate(this, 'Narrate', {
        stage,
        bus,
        articles,
        release,
        purge,
        audio,
        voices,
        language: site.theme.language,
        purgeAgainAfter: edge.settledAfter,
      });
    new Project(this, 'Project', { stage, bus, articles, feeds, purge, purgeAgainAfter: edge.settledAfter, lists });
    new Reconcile(this, 'Reconcile', { stage, bus, articles, feeds, purge, release, narrate, every: reconcileEvery });
    new Sweep(this, 'Sweep', { stage, bus, articles, feeds, payloads, ingest, settings: sources, every: sweepEvery });
    new Subscriptions(this, 'Subscriptions', { stage, bus, given: subscriptions });
    new Watch(this, 'Watch', { stage, bus, articles, edge, release, canaryAfter });
    // Last, because it looks for constructs that are already in the tree.
    new Dashboard(this, 'Dashboard', { stage, edge });
    const { topic } = new Monitoring(this, 'Monitoring', {
      stage,
      ...(alarmEmail === undefined ? {} : { alarmEmail }),
    });

    this.alarmTopic = topic;

    new CfnOutput(this, 'BusName', { value: bus.bus.eventBusName });
    new CfnOutput(this, 'IngestUrl', { value: ingest.url.url });
    if (pickup) new CfnOutput(this, 'DropBucketName', { value: pickup.bucket.bucketName });
    new CfnOutput(this, 'DistributionDomainName', { value: edge.distribution.distributionDomainName });
    new CfnOutput(this, 'DistributionId', { value: edge.distribution.distributionId });
    new CfnOutput(this, 'ArticlesTableName', { value: articles.table.tableName });
    new CfnOutput(this, 'FeedsTableName', { value: feeds.table.tableName });
    new CfnOutput(this, 'AlarmTopicArn', { value: topic.topicArn });
  }
}
