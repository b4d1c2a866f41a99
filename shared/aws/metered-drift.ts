import type { Finding } from '../pass.ts';
import type { DriftMeter } from '../ports.ts';
import type { Meter } from './meter.ts';

/** Drift as a metric; what was found stands in the same line, for who reads the log. */
export class MeteredDrift implements DriftMeter {
  readonly #meter: Meter;

  constructor(meter: Meter) {
    this.#meter = meter;
  }

  count(findings: readonly Finding[]): void {
    if (findings.length > 0) this.#meter.add('Drift', findings.length, { findings });
  }
}
