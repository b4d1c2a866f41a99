import { CfnOutput, Duration, Stack, Tags } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Articles } from './articles.ts';
import type { RestoredTable } from './articles.ts';
import { Audio } from './audio.ts';
import { Bus } from './bus.ts';
import { Contracts } from './contracts.ts';
import { Dashboard } from './dashboard.ts';
import { Edge } from './edge.ts';
import type { Site } from './edge.ts';
import { Feeds } from './feeds.ts';
import { Ingest } from './ingest.ts';
import { Intake } from './intake.ts';
import { Monitoring } from './monitoring.ts';
import { Narrate } from './narrate.ts';
import { PayloadStore } from './payload-store.ts';
import { Project } from './project.ts';
import { Purge } from './purge.ts';
import { Reconcile } from './reconcile.ts';
import { Release } from './release.ts';
import type { Stage } from './stage.ts';
import { Subscriptions } from './subscriptions.ts';
import { Sweep } from './sweep.ts';
import { Traces } from './traces.ts';
import type { TracesProps } from './traces.ts';
import { Watch } from './watch.ts';
import type { Lists } from '../shared/feed/lists.ts';
import type { Owners } from '../shared/article/ownership.ts';
import { ownersOf } from '../shared/cms/sources.ts';
import type { GivenSettings } from '../shared/cms/sources.ts';
import type { Voices } from '../shared/audio/speech.ts';
import type { GivenSubscriptions } from '../shared/events/subscription.ts';

export interface PressrunProps extends StackProps {
  readonly stage: Stage;
  readonly site: Site;
  readonly archiveFor: Duration;
  /** How long purges are collected. */
  readonly purgeWindow: Duration;
  /** How many paths a month may be invalidated before the window widens. */
  readonly purgeBudget?: number;
  /** Takes the place of the stack's own articles table. */
  readonly restoredArticles?: RestoredTable;
  /** Whose events wait in a queue of their own, by their `source` on the bus. */
  readonly slowSources: readonly string[];
  /** How lists are kept fresh. */
  readonly lists: Lists;
  /** From one repair of all feeds to the next. */
  readonly reconcileEvery: Duration;
  /** How each CMS with a door is set up, by the name of its source. */
  readonly sources: GivenSettings;
  /** Prefixes of uris that a source of the bus owns, beside those that the sources own by themselves. */
  readonly owns: Owners;
  /** How many webhooks are worked on at once; without it, as many as the account allows. */
  readonly ingestConcurrency?: number;
  /** Who is told what, by their names. */
  readonly subscriptions: GivenSubscriptions;
  /** How often the CMSes are asked what their webhooks lost. */
  readonly sweepEvery: Duration;
  /** How long the desk may be quiet before a canary is sent; none at zero. */
  readonly canaryAfter: Duration;
  /** OpenTelemetry, where somebody reads its traces. */
  readonly traces?: TracesProps;
  /** Who reads stories aloud, by language; without it, nobody does. */
  readonly voices?: Voices;
  /** Who is told when an alarm rings; without it, whoever subscribes to the topic. */
  readonly alarmEmail?: string;
}

export class PressrunStack extends Stack {
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
      ingestConcurrency,
      canaryAfter,
      voices,
      traces,
      alarmEmail,
    } = props;
    Tags.of(this).add('project', 'pressrun');
    Tags.of(this).add('stage', stage.name);

    const bus = new Bus(this, 'Bus', { stage, archiveFor });
    new Contracts(this, 'Contracts', { stage });
    const articles = new Articles(this, 'Articles', {
      stage,
      ...(restoredArticles === undefined ? {} : { restored: restoredArticles }),
    });
    const feeds = new Feeds(this, 'Feeds', { stage });
    const release = new Release(this, 'Release', { stage, articles });
    const payloads = new PayloadStore(this, 'Parcels', { stage, archiveFor });
    const owners = ownersOf(sources, owns, { isProduction: stage.keepsData });
    new Intake(this, 'Intake', { stage, bus, articles, release, payloads, owners, slowSources });
    const ingest = new Ingest(this, 'Ingest', {
      stage,
      bus,
      payloads,
      settings: sources,
      owners,
      ...(ingestConcurrency === undefined ? {} : { concurrency: ingestConcurrency }),
    });
    const audio = voices && new Audio(this, 'Audio', { stage });
    const edge = new Edge(this, 'Edge', { stage, articles, feeds, site, lists, ...(audio && { audio }) });
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
    if (traces !== undefined) new Traces(this, 'Traces', traces);
    // Last, because they look at everything that stands by then.
    new Dashboard(this, 'Dashboard', { stage, edge });
    const { topic } = new Monitoring(this, 'Monitoring', {
      stage,
      ...(alarmEmail === undefined ? {} : { alarmEmail }),
    });

    new CfnOutput(this, 'BusName', { value: bus.bus.eventBusName });
    new CfnOutput(this, 'IngestUrl', { value: ingest.url.url });
    new CfnOutput(this, 'DistributionDomainName', { value: edge.distribution.distributionDomainName });
    new CfnOutput(this, 'DistributionId', { value: edge.distribution.distributionId });
    new CfnOutput(this, 'ArticlesTableName', { value: articles.table.tableName });
    new CfnOutput(this, 'FeedsTableName', { value: feeds.table.tableName });
    new CfnOutput(this, 'AlarmTopicArn', { value: topic.topicArn });
  }
}
