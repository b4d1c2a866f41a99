import type { Finding } from '../pass.ts';
import type { Clock, DriftMeter } from '../ports.ts';

/** CloudWatch takes the metric from a log line of this form (embedded metric format); what else it holds is for who reads the log. */
export class EmfDriftMeter implements DriftMeter {
  readonly #stage: string;
  readonly #clock: Clock;

  constructor(stage: string, clock: Clock) {
    this.#stage = stage;
    this.#clock = clock;
  }

  count(findings: readonly Finding[]): void {
    if (findings.length === 0) return;
    console.log(
      JSON.stringify({
        _aws: {
          Timestamp: this.#clock.now(),
          CloudWatchMetrics: [{ Namespace: 'Pressrun', Dimensions: [['stage']], Metrics: [{ Name: 'Drift', Unit: 'Count' }] }],
        },
        stage: this.#stage,
        Drift: findings.length,
        findings,
      }),
    );
  }
}
