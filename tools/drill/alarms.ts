import { GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Observation } from '../laptop/observations.ts';
import type { Resource, Template } from '../laptop/cloudformation/template.ts';
import type { StackLog } from '../laptop/stack.ts';

/**
 * A drill does not wait as long as the alarms on ages do: it compares ages with this part of an alarm's threshold.
 */
const partOfAge = 1 / 100;

/** And instead of the periods of an alarm on silence, it waits this long. */
const silenceMs = 1000;

/**
 * Whether the conditions of the template's alarms are met, from the data that CloudWatch has: the metrics in the functions'
 * log lines, failed invocations, and the lengths of queues. There are no periods: everything since `reset` counts.
 */
export class Alarms {
  readonly #alarms: readonly Resource[];
  readonly #sqs: SQSClient;
  readonly #data: { readonly key: string; readonly value: number; readonly at: number }[] = [];
  #since = Date.now();
  /** Since when a look at the queue has found messages in it. */
  readonly #waitingSince = new Map<string, number>();

  constructor(template: Template, sqs: SQSClient) {
    this.#alarms = template.all('AWS::CloudWatch::Alarm');
    this.#sqs = sqs;
  }

  reset(): void {
    this.#data.length = 0;
    this.#since = Date.now();
  }

  /** Reads metrics in the embedded metric format. */
  readLog({ line }: StackLog): void {
    if (!line.includes('"CloudWatchMetrics"')) return;
    const values = JSON.parse(line) as Readonly<Record<string, unknown>> & { readonly _aws: EmbeddedMetrics };
    for (const { Namespace, Metrics } of values._aws.CloudWatchMetrics)
      for (const { Name } of Metrics) this.#add(`${Namespace} ${Name}`, sumOf(values[Name]));
  }

  observe(observation: Observation): void {
    if (observation.kind === 'invocation' && !observation.ok)
      this.#add(`AWS/Lambda Errors ${observation.functionName}`, 1);
  }

  /** The alarm's description, with its page in the runbook. `name` is without the stage. */
  textOf(name: string): string {
    return this.#named(name).properties.text('AlarmDescription');
  }

  /** Whether the alarm is about the length of a queue, so that it ends when the queue is empty. */
  isOfQueue(name: string): boolean {
    return this.#named(name).properties.text('Namespace') === 'AWS/SQS';
  }

  async isMet(name: string): Promise<boolean> {
    const { properties } = this.#named(name);
    const [namespace, metric] = [properties.text('Namespace'), properties.text('MetricName')];
    const of = properties.fieldsList('Dimensions')[0]?.text('Value') ?? '';
    const threshold = properties.integer('Threshold');
    if (properties.text('ComparisonOperator') === 'LessThanThreshold') {
      const from = Date.now() - silenceMs;
      return this.#since <= from && this.#sum(`Pressrun ${metric}`, from) < threshold;
    }
    const value = await this.#valueOf(namespace, metric, of);
    return value >= (metric === 'ApproximateAgeOfOldestMessage' ? threshold * partOfAge : threshold);
  }

  #named(name: string): Resource {
    const alarm = this.#alarms.find((each) => each.name === `pressrun-local-${name}`);
    if (!alarm) throw new Error(`the template has no alarm pressrun-local-${name}`);
    return alarm;
  }

  async #valueOf(namespace: string, metric: string, of: string): Promise<number> {
    if (namespace === 'AWS/SQS') {
      const { QueueUrl } = await this.#sqs.send(new GetQueueUrlCommand({ QueueName: of }));
      const { Attributes } = await this.#sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl,
          AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
        }),
      );
      const visible = Number(Attributes?.['ApproximateNumberOfMessages']);
      if (metric !== 'ApproximateAgeOfOldestMessage') return visible;
      if (visible + Number(Attributes?.['ApproximateNumberOfMessagesNotVisible']) === 0) this.#waitingSince.delete(of);
      else if (!this.#waitingSince.has(of)) this.#waitingSince.set(of, Date.now());
      return (Date.now() - (this.#waitingSince.get(of) ?? Date.now())) / 1000;
    }
    return this.#sum(namespace === 'Pressrun' ? `Pressrun ${metric}` : `${namespace} ${metric} ${of}`);
  }

  #add(key: string, value: number): void {
    this.#data.push({ key, value, at: Date.now() });
  }

  #sum(key: string, from = 0): number {
    return this.#data.reduce((sum, datum) => (datum.key === key && datum.at > from ? sum + datum.value : sum), 0);
  }
}

interface EmbeddedMetrics {
  readonly CloudWatchMetrics: readonly {
    readonly Namespace: string;
    readonly Metrics: readonly { readonly Name: string }[];
  }[];
}

function sumOf(value: unknown): number {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.reduce<number>((sum, each) => sum + (typeof each === 'number' ? each : 0), 0);
}
