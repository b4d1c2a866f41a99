import { Duration } from 'aws-cdk-lib';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { nameIn } from './stage.ts';
import type { GivenDestination, GivenSubscriptions } from '../shared/events/subscription.ts';
import type { Bus } from './bus.ts';
import type { Stage } from './stage.ts';
import { Subscription } from './subscription.ts';
import type { Destination } from './subscription.ts';

export interface SubscriptionsProps {
  readonly stage: Stage;
  readonly bus: Bus;
  readonly given: GivenSubscriptions;
}

/** Visibility timeout divided by six, for consumers outside of Pressrun. */
const WORK_TIMEOUT = Duration.minutes(1);

/** The subscriptions that the `subscriptions` setting defines. */
export class Subscriptions extends Construct {
  constructor(scope: Construct, id: string, { stage, bus, given }: SubscriptionsProps) {
    super(scope, id);
    for (const [
      name,
      { queue, function: functionArn, webhook, apiDestination, bus: busArn, ...interest },
    ] of Object.entries(given)) {
      const to = this.#destination({ queue, function: functionArn, webhook, apiDestination, bus: busArn }, stage, name);
      new Subscription(this, name, { stage, bus, name, ...interest, to });
    }
  }

  #destination(
    { queue, function: functionArn, webhook, apiDestination, bus }: GivenDestination,
    stage: Stage,
    name: string,
  ): Destination {
    if (queue === true) return { workTimeout: WORK_TIMEOUT };
    if (queue !== undefined) return { queueArn: queue };
    if (functionArn !== undefined) {
      return {
        function: Function.fromFunctionAttributes(this, `Function-${name}`, { functionArn, sameEnvironment: true }),
        workTimeout: WORK_TIMEOUT,
      };
    }
    if (webhook !== undefined) return { webhook };
    if (apiDestination !== undefined) return { apiDestination };
    if (bus !== undefined) return { busArn: bus };
    throw new Error(`subscription ${nameIn(stage, name)} has no destination`);
  }
}
