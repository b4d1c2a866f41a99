export class Percentiles {
  readonly #samples: number[] = [];

  add(sample: number): void {
    this.#samples.push(sample);
  }

  summary(): { readonly p50: number; readonly p95: number; readonly worst: number; readonly samples: number } {
    const sorted = this.#samples.toSorted((a, b) => a - b);
    const at = (share: number): number =>
      sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
    return { p50: at(0.5), p95: at(0.95), worst: sorted.at(-1) ?? 0, samples: sorted.length };
  }
}
