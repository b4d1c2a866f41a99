import { AspectPriority, Aspects, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnEventSourceMapping, Function } from 'aws-cdk-lib/aws-lambda';
import { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { IConstruct } from 'constructs';
import { Edge } from './edge.ts';
import { Ingest } from './ingest.ts';
import { maxPulled } from '../shared/picture/pulled-pictures.ts';
import { Purge } from './purge.ts';
import { Reconcile } from './reconcile.ts';
import { silentPeriods, SILENCE_PERIOD } from './silence.ts';
import { nameIn } from './stage.ts';
import type { Stage } from './stage.ts';
import { Store } from './store.ts';
import { Watch } from './watch.ts';
import { DeadLetterQueue, WorkQueue } from './work-queue.ts';

export interface MonitoringProps {
  readonly stage: Stage;
  readonly alarmEmail?: string;
}

interface Watched {
  /** Title of the alarm's page in docs/runbook. Its slug is the page's file name and the end of the alarm's name. */
  readonly runbook: string;
  readonly metric: Metric;
  /** The alarm fires at this value and above. */
  readonly threshold: number;
  /** Consecutive periods over the threshold; 1 by default. */
  readonly periods?: number;
  /** The alarm fires below the threshold, and if there is no data. */
  readonly onSilence?: true;
}

const A_MINUTE = Duration.minutes(1);
const FIVE_MINUTES = Duration.minutes(5);

/**
 * An alarm on everything in the stack that can fail. It finds the constructs by walking the tree, so new ones are
 * included.
 */
export class Monitoring extends Construct {
  readonly topic: Topic;
  readonly #stage: Stage;

  constructor(scope: Construct, id: string, { stage, alarmEmail }: MonitoringProps) {
    super(scope, id);
    this.#stage = stage;
    const stack = Stack.of(this);
    this.topic = new Topic(this, 'Alarms', { topicName: nameIn(stage, 'alarms'), enforceSSL: true });
    // A topic with a policy loses the default one, which lets the account's alarms publish.
    this.topic.grantPublish(
      new ServicePrincipal('cloudwatch.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
      }),
    );
    if (alarmEmail !== undefined) {
      this.topic.addSubscription(new EmailSubscription(alarmEmail));
      Validations.of(this.topic).acknowledge({
        id: 'Serverless-SNSRedrivePolicy',
        reason:
          'What SNS cannot mail is still an alarm in CloudWatch; a queue of lost mail would need an alarm of its own.',
      });
    }
    // Visited at synthesis, because an app may add subscriptions to the stack later.
    Aspects.of(stack).add(
      {
        visit: (construct) => {
          for (const watch of watchesOn(construct)) this.#ring(construct, watch);
        },
      },
      { priority: AspectPriority.MUTATING },
    );
  }

  #ring(construct: IConstruct, { runbook, metric, threshold, periods = 1, onSilence }: Watched): void {
    const place = construct.node.scopes
      .slice(Stack.of(this).node.scopes.length)
      .map(({ node }) => node.id)
      .filter((part) => part !== 'Resource');
    const name = [nameIn(this.#stage), ...place, slugOf(runbook)].join('-');
    // An app that is synthesised twice visits its constructs twice.
    if (this.node.tryFindChild(name)) return;
    const alarm = new Alarm(this, name, {
      alarmName: name,
      alarmDescription: `${runbook}. What to do: docs/runbook/${slugOf(runbook)}.md`,
      metric,
      threshold,
      comparisonOperator: onSilence
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: periods,
      // Most of these metrics have no data while nothing is published.
      treatMissingData: onSilence ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    const action = new SnsAction(this.topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
}

function watchesOn(construct: IConstruct): Watched[] {
  if (construct instanceof DeadLetterQueue) {
    const metric = construct.metricApproximateNumberOfMessagesVisible({ period: A_MINUTE, statistic: Stats.MAXIMUM });
    return [{ runbook: 'A dead-letter queue is not empty', metric, threshold: construct.alarmThreshold }];
  }
  if (construct instanceof WorkQueue) {
    const metric = construct.metricApproximateAgeOfOldestMessage({ period: A_MINUTE, statistic: Stats.MAXIMUM });
    return [{ runbook: 'A queue falls behind', metric, threshold: construct.staleAfter.toSeconds() }];
  }
  if (construct instanceof Queue) {
    throw new Error(
      `${construct.node.path} is neither a WorkQueue nor a DeadLetterQueue: its messages would have no alarm`,
    );
  }
  if (construct instanceof Function) {
    return [
      // Handlers report failed messages one by one; an invocation that fails as a whole is always unexpected.
      { runbook: 'A function fails', metric: construct.metricErrors({ period: FIVE_MINUTES }), threshold: 1 },
      {
        runbook: 'A function is throttled',
        metric: construct.metricThrottles({ period: FIVE_MINUTES }),
        threshold: 1,
        periods: 2,
      },
    ];
  }
  if (construct instanceof CfnEventSourceMapping && construct.startingPosition !== undefined) {
    const metric = lambdaMetric('IteratorAge', construct.functionName);
    return [{ runbook: 'The stream falls behind', metric, threshold: Duration.minutes(1).toMilliseconds() }];
  }
  if (construct instanceof CfnRule) {
    return [
      { runbook: 'The bus cannot deliver', metric: ruleMetric('FailedInvocations', construct), threshold: 1 },
      {
        runbook: 'The bus lost an event',
        metric: ruleMetric('InvocationsFailedToBeSentToDlq', construct),
        threshold: 1,
      },
    ];
  }
  if (construct instanceof ScheduleGroup) {
    return [
      {
        runbook: 'A scheduled call was dropped',
        metric: construct.metricDropped({ period: FIVE_MINUTES, statistic: Stats.SUM }),
        threshold: 1,
      },
    ];
  }
  if (construct instanceof Purge && construct.hasBudget) {
    return [
      {
        runbook: 'The purge budget runs out',
        metric: construct.budgetPercent({ period: FIVE_MINUTES, statistic: Stats.MAXIMUM }),
        threshold: 80,
      },
    ];
  }
  if (construct instanceof Edge) {
    return [
      {
        runbook: 'Readers are throttled',
        metric: construct.deliver.metricThrottles({ period: A_MINUTE }),
        threshold: 1,
      },
    ];
  }
  if (construct instanceof Reconcile) {
    return [
      {
        runbook: 'The feeds drifted',
        metric: construct.drift({ period: FIVE_MINUTES, statistic: Stats.SUM }),
        threshold: 1,
      },
    ];
  }
  if (construct instanceof Ingest) {
    return [
      {
        runbook: 'Webhooks are rejected',
        metric: construct.unverified({ period: Duration.minutes(15) }),
        threshold: 5,
      },
    ];
  }
  if (construct instanceof Store) {
    return [
      {
        runbook: 'Stories are rejected',
        metric: construct.metric('Rejected', { period: Duration.minutes(15) }),
        threshold: 5,
      },
      {
        runbook: 'A valid event could not be stored',
        metric: construct.metric('GivenUp', { period: A_MINUTE }),
        threshold: 1,
      },
      {
        runbook: 'The list of pulled pictures fills up',
        metric: construct.metric('PulledPictures', { period: A_MINUTE, statistic: Stats.MAXIMUM }),
        threshold: 0.8 * maxPulled,
      },
    ];
  }
  if (construct instanceof Watch) {
    const { metric, canaryMinutes } = construct;
    return [
      {
        runbook: 'A publish is not fresh within a minute',
        metric: metric('NotFresh', { period: FIVE_MINUTES }),
        threshold: 1,
      },
      {
        runbook: 'A withdrawn story is still public',
        metric: metric('StillPublic', { period: A_MINUTE }),
        threshold: 1,
      },
      ...(canaryMinutes > 0
        ? [
            {
              runbook: 'The watcher is silent',
              metric: metric('Watched', { period: SILENCE_PERIOD }),
              threshold: 1,
              periods: silentPeriods(canaryMinutes),
              onSilence: true as const,
            },
          ]
        : []),
    ];
  }
  return [];
}

function lambdaMetric(metricName: string, functionName: string): Metric {
  return new Metric({
    namespace: 'AWS/Lambda',
    metricName,
    dimensionsMap: { FunctionName: functionName },
    period: A_MINUTE,
    statistic: Stats.MAXIMUM,
  });
}

function ruleMetric(metricName: string, { name, eventBusName, node }: CfnRule): Metric {
  // The rule's Ref is `bus|rule` on a custom bus, which matches no metric, so its name is used.
  if (name === undefined || eventBusName === undefined) {
    throw new Error(`${node.path} needs a name and a bus, or its alarms would have no data`);
  }
  return new Metric({
    namespace: 'AWS/Events',
    metricName,
    // Metrics of the default bus have no dimension for it.
    dimensionsMap: { ...(eventBusName !== 'default' && { EventBusName: eventBusName }), RuleName: name },
    period: A_MINUTE,
    statistic: Stats.SUM,
  });
}

function slugOf(title: string): string {
  return title.toLowerCase().replaceAll(' ', '-');
}
