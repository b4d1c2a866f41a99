import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { EventBus, Rule, RuleTargetInput, type EventPattern } from 'aws-cdk-lib/aws-events';
import { EventBus as BusTarget, LambdaFunction, SfnStateMachine, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

/** Pressrun tests itself with this article. Rules that choose by feed never match it: it is in none. */
const canary = '4h22byqqqqosuivf';

/** The stack of a team that does not own Pressrun's: rules on its bus, with a target of each kind. */
export class RulesStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const eventBus = EventBus.fromEventBusName(this, 'Bus', 'pressrun-dev');
    // EventBridge tries for a day. What it could not deliver by then is kept here.
    const deadLetterQueue = new Queue(this, 'DeadLetters', { enforceSSL: true, retentionPeriod: Duration.days(14) });
    const delivery = { deadLetterQueue, retryAttempts: 185, maxEventAge: Duration.hours(24) };
    const rule = (name: string, eventPattern: EventPattern): Rule => new Rule(this, name, { eventBus, eventPattern });

    // A function: everything about stories that are in Sport, and the change by which one leaves it.
    const app = new Lambda(this, 'App', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async ({ detail }) => console.log(detail.id);'),
    });
    rule('Sport', {
      source: ['pressrun'],
      detailType: ['article.live', 'article.revised', 'article.withdrawn'],
      detail: { $or: [{ feeds: ['section/sport'] }, { leftFeeds: ['section/sport'] }] },
    }).addTarget(new LambdaFunction(app, delivery));

    // A queue: publications, but none that a replay of the archive brought.
    const queue = new Queue(this, 'Queue', { enforceSSL: true });
    rule('Publications', {
      source: ['pressrun'],
      detailType: ['article.live'],
      detail: { replay: [{ exists: false }], articleId: [{ 'anything-but': canary }] },
    }).addTarget(new SqsQueue(queue, delivery));

    // Step Functions: what Pressrun rejected of one CMS.
    const correction = new StateMachine(this, 'Correction', {
      definitionBody: DefinitionBody.fromChainable(new Pass(this, 'AskTheDesk')),
    });
    rule('Rejected', {
      source: ['pressrun'],
      detailType: ['article.rejected'],
      detail: { source: ['cms.ghost'] },
    }).addTarget(new SfnStateMachine(correction, { ...delivery, input: RuleTargetInput.fromEventPath('$.detail') }));

    // Another account: its bus must let this account put events. EventBridge takes no retry policy for a bus.
    const partner = EventBus.fromEventBusArn(
      this,
      'Partner',
      'arn:aws:events:eu-west-1:210987654321:event-bus/partner',
    );
    rule('Withdrawals', {
      source: ['pressrun'],
      detailType: ['article.withdrawn'],
      detail: { articleId: [{ 'anything-but': canary }] },
    }).addTarget(new BusTarget(partner, { deadLetterQueue }));
  }
}
