import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { correlationIdUnderWay } from './log.ts';

/** Metrics of the house, as log lines that CloudWatch reads (embedded metric format), by stage. */
export class Meter {
  readonly #metrics = new Metrics({ namespace: 'Pressrun' });

  constructor(stage: string) {
    this.#metrics.clearDefaultDimensions();
    this.#metrics.setDefaultDimensions({ stage });
  }

  /** One of each. */
  count(...names: readonly string[]): void {
    this.#publish(MetricUnit.Count, Object.fromEntries(names.map((name) => [name, 1])));
  }

  /** `about` is for whoever reads the log. */
  add(name: string, value: number, about: Readonly<Record<string, string | object>> = {}): void {
    for (const [key, said] of Object.entries(about)) this.#metrics.addMetadata(key, said as string);
    this.#publish(MetricUnit.Count, { [name]: value });
  }

  milliseconds(values: Readonly<Record<string, number>>): void {
    this.#publish(MetricUnit.Milliseconds, values);
  }

  /** At once: an invocation that is cut off has then said what it did. */
  #publish(unit: (typeof MetricUnit)[keyof typeof MetricUnit], values: Readonly<Record<string, number>>): void {
    const correlationId = correlationIdUnderWay();
    if (correlationId !== undefined) this.#metrics.addMetadata('correlationId', correlationId);
    for (const [name, value] of Object.entries(values)) this.#metrics.addMetric(name, unit, value);
    this.#metrics.publishStoredMetrics();
  }
}
