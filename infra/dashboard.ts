import { Duration, Stack } from 'aws-cdk-lib';
import {
  Dashboard as Board,
  GraphWidget,
  MathExpression,
  Metric,
  SingleValueWidget,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IMetric, IWidget, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnEventSourceMapping, Function } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Edge } from './edge.ts';
import { ownMetric } from './own-metric.ts';
import { accountWideNameIn, nameIn } from './stage.ts';
import type { Stage } from './stage.ts';
import { DeadLetterQueue, WorkQueue } from './work-queue.ts';

export interface DashboardProps {
  readonly stage: Stage;
  readonly edge: Edge;
}

const FIVE_MINUTES = Duration.minutes(5);
const WIDTH = 24;

/** US dollars per invalidation path after CloudFront's 1,000 free ones a month. */
const PATH_PRICE = 0.005;

/**
 * The CloudWatch dashboard of a stage: first the time from the CMS's event to the reader, then errors, queues and cost.
 */
export class Dashboard extends Construct {
  readonly #stage: Stage;

  constructor(scope: Construct, id: string, { stage, edge }: DashboardProps) {
    super(scope, id);
    this.#stage = stage;
    const all = Stack.of(this).node.findAll();
    const board = new Board(this, 'Board', { dashboardName: accountWideNameIn(stage) });
    const rows: IWidget[][] = [
      [
        new TextWidget({
          width: WIDTH,
          height: 2,
          markdown: `**${nameIn(stage)}** · trace of one article: \`npm run pressrun -- --stage ${stage.name} trace URI\` · what an alarm means: the page in docs/runbook that its name ends in`,
        }),
      ],
      [this.#funnel(all), this.#late()],
      [this.#latency('p50'), this.#latency('p95'), this.#latency('p99')],
      [
        graph(
          'Dead letters',
          all
            .filter((one) => one instanceof DeadLetterQueue)
            .map((queue) => queue.metricApproximateNumberOfMessagesVisible(maximumOf(queue))),
        ),
        graph(
          'Oldest message, seconds',
          all
            .filter((one) => one instanceof WorkQueue)
            .map((queue) => queue.metricApproximateAgeOfOldestMessage(maximumOf(queue))),
        ),
        graph(
          'Iterator age, milliseconds',
          all
            .filter((one) => one instanceof CfnEventSourceMapping)
            .filter(({ startingPosition }) => startingPosition !== undefined)
            .map(iteratorAge),
        ),
      ],
      [
        graph(
          'Errors',
          functionsIn(all).map((each) => each.metricErrors({ period: FIVE_MINUTES, label: each.node.path })),
        ),
        graph(
          'Throttles',
          functionsIn(all).map((each) => each.metricThrottles({ period: FIVE_MINUTES, label: each.node.path })),
        ),
        graph(
          'Duration p99, milliseconds',
          functionsIn(all).map((each) =>
            each.metricDuration({ period: FIVE_MINUTES, statistic: Stats.p(99), label: each.node.path }),
          ),
        ),
      ],
      [...this.#purges(), this.#hitRatio(all, edge)],
    ];
    for (const row of rows) board.addWidgets(...row);
  }

  #counted(metricName: string, label: string, period = FIVE_MINUTES): Metric {
    return ownMetric(this.#stage, metricName, { period, label });
  }

  #funnel(all: readonly unknown[]): GraphWidget {
    const commands = all
      .filter((one) => one instanceof CfnRule)
      .find(({ name }) => name === nameIn(this.#stage, 'commands'));
    if (commands?.name === undefined || commands.eventBusName === undefined)
      throw new Error('no rule brings commands in');
    const received = new Metric({
      namespace: 'AWS/Events',
      metricName: 'MatchedEvents',
      dimensionsMap: { EventBusName: commands.eventBusName, RuleName: commands.name },
      statistic: Stats.SUM,
      period: FIVE_MINUTES,
      label: 'received',
    });
    return new GraphWidget({
      title: 'From the CMS to the readers',
      width: WIDTH / 2,
      left: [
        received,
        this.#counted('Stored', 'stored'),
        this.#counted('Rejected', 'rejected'),
        this.#counted('WentLive', 'live'),
        this.#counted('WentRevised', 'revised'),
        this.#counted('WentWithdrawn', 'withdrawn'),
        ownMetric(this.#stage, 'PublishToPurged', {
          period: FIVE_MINUTES,
          statistic: Stats.SAMPLE_COUNT,
          label: 'purged',
        }),
        this.#counted('Fresh', 'fresh'),
      ],
    });
  }

  #late(): GraphWidget {
    const names = {
      NotFresh: 'not fresh within a minute',
      NotPurged: 'not purged',
      PageNotFresh: 'page old',
      ListsNotFresh: 'lists old',
      StillPublic: 'withdrawn, still public',
      GivenUp: 'not stored',
      Refused: 'watch was refused',
      Drift: 'drift',
    };
    return graph(
      'What readers missed',
      Object.entries(names).map(([name, label]) => this.#counted(name, label)),
      WIDTH / 2,
    );
  }

  #latency(statistic: string): GraphWidget {
    const stages = {
      PublishToStored: 'stored',
      PublishToFeeds: 'feeds',
      PublishToPurged: 'purged',
      PublishToFresh: 'fresh',
    };
    return graph(
      `Milliseconds from the event, ${statistic}`,
      Object.entries(stages).map(([name, label]) =>
        ownMetric(this.#stage, name, { period: FIVE_MINUTES, statistic, label }),
      ),
    );
  }

  #purges(): IWidget[] {
    const paths = this.#counted('PurgePaths', 'paths', Duration.days(1));
    const dollars = new MathExpression({
      expression: `paths * ${PATH_PRICE}`,
      usingMetrics: { paths },
      label: "dollars, beyond the month's first 1,000",
      period: Duration.days(1),
    });
    return [
      graph('Paths purged', [this.#counted('PurgePaths', 'paths')]),
      new SingleValueWidget({
        title: 'Purged today',
        width: WIDTH / 3,
        height: 6,
        metrics: [paths, dollars],
        setPeriodToTimeRange: false,
      }),
    ];
  }

  /**
   * The hit ratio from requests and origin invocations, because CloudFront charges for its own cache hit metric.
   * CloudFront's metrics are in us-east-1, whatever the region of the stage.
   */
  #hitRatio(all: readonly unknown[], { distribution }: Edge): IWidget {
    const deliver = all.find((one): one is Function => one instanceof Function && one.node.path.includes('/Deliver/'));
    if (!deliver) throw new Error('nothing delivers');
    const requests = distribution.metricRequests({
      period: FIVE_MINUTES,
      statistic: Stats.SUM,
      region: 'us-east-1',
    });
    const origin = deliver.metricInvocations({ period: FIVE_MINUTES, statistic: Stats.SUM });
    return graph('Answered by the edge, %', [
      new MathExpression({
        expression: '100 * (1 - FILL(origin, 0) / requests)',
        usingMetrics: { requests, origin },
        label: 'hits',
        period: FIVE_MINUTES,
      }),
    ]);
  }
}

function graph(title: string, left: IMetric[], width = WIDTH / 3): GraphWidget {
  return new GraphWidget({ title, width, left });
}

function functionsIn(all: readonly unknown[]): Function[] {
  return all.filter((one) => one instanceof Function);
}

/** Returns how the metric of a queue is drawn: its maximum. */
function maximumOf({ node }: Construct): MetricOptions {
  return { period: FIVE_MINUTES, statistic: Stats.MAXIMUM, label: node.path };
}

function iteratorAge({ functionName, node }: CfnEventSourceMapping): Metric {
  return new Metric({
    namespace: 'AWS/Lambda',
    metricName: 'IteratorAge',
    dimensionsMap: { FunctionName: functionName },
    statistic: Stats.MAXIMUM,
    period: FIVE_MINUTES,
    label: node.path,
  });
}
