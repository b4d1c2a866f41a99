import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { correlationIdUnderWay } from './log.ts';

/** Writes metrics as log lines that CloudWatch extracts (embedded metric format), by stage. */
export class Meter {
  readonly #metrics = new Metrics({ namespace: 'Pressrun' });

  constructor(stage: string) {
    this.#metrics.clearDefaultDimensions();
    this.#metrics.setDefaultDimensions({ stage });
  }

  /** Adds one to each metric. */
  count(...names: readonly string[]): void {
    this.#publish(MetricUnit.Count, Object.fromEntries(names.map((name) => [name, 1])));
  }

  /** Adds a value to a metric; `about` adds fields to the log line. */
  add(name: string, value: number, about: Readonly<Record<string, string | object>> = {}): void {
    for (const [key, value] of Object.entries(about)) this.#metrics.addMetadata(key, value as string);
    this.#publish(MetricUnit.Count, { [name]: value });
  }

  milliseconds(values: Readonly<Record<string, number>>): void {
    this.#publish(MetricUnit.Milliseconds, values);
  }

  /** Writes the metrics at once, so that an invocation that is cut off has reported its work. */
  #publish(unit: (typeof MetricUnit)[keyof typeof MetricUnit], values: Readonly<Record<string, number>>): void {
    const correlationId = correlationIdUnderWay();
    if (correlationId !== undefined) this.#metrics.addMetadata('correlationId', correlationId);
    for (const [name, value] of Object.entries(values)) this.#metrics.addMetric(name, unit, value);
    this.#metrics.publishStoredMetrics();
  }
}
