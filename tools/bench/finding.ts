/** One line of the benchmark. */
export interface Finding {
  readonly part: string;
  readonly what: string;
  /** With its unit, for people. */
  readonly figure: string;
  /** The figure over the baseline's, in this very run. */
  readonly ratio?: number;
  readonly baseline?: string;
  /** The upper or lower limit of the value. */
  readonly goal?: string;
  readonly holds?: boolean;
}

/** Median and extremes of repeated measurements. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: percentile(sorted, 50), low: sorted[0] ?? Number.NaN, high: sorted.at(-1) ?? Number.NaN };
}

/** Of values in ascending order. */
export function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor((percent / 100) * sorted.length))] ?? Number.NaN;
}

export function spreadText({ median, low, high }: Spread, unit: string, digits = 0): string {
  const text = (value: number): string => value.toFixed(digits);
  return low === high ? `${text(median)} ${unit}` : `${text(median)} ${unit} (${text(low)}–${text(high)})`;
}

export const atMost = (value: number, limit: number, unit = ''): Pick<Finding, 'goal' | 'holds'> => ({
  goal: `≤ ${limit}${unit}`,
  holds: value <= limit,
});
export const atLeast = (value: number, limit: number, unit = ''): Pick<Finding, 'goal' | 'holds'> => ({
  goal: `≥ ${limit}${unit}`,
  holds: value >= limit,
});

/** A table for people. Each part's name appears once. */
export function tableOf(findings: readonly Finding[]): string {
  const header = ['', 'measured', 'of baseline', 'baseline', 'goal', ''];
  const rows: string[][] = [];
  let part = '';
  for (const finding of findings) {
    if (finding.part !== part) {
      part = finding.part;
      rows.push([`# ${part}`]);
    }
    rows.push([
      finding.what,
      finding.figure,
      finding.ratio === undefined
        ? ''
        : `× ${finding.ratio < 0.1 ? finding.ratio.toPrecision(2) : finding.ratio.toFixed(2)}`,
      finding.baseline ?? '',
      finding.goal ?? '',
      finding.holds === undefined ? '' : finding.holds ? 'holds' : 'DOES NOT HOLD',
    ]);
  }
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.filter((row) => row.length > 1).map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    row.length === 1
      ? `\n${(row[0] ?? '').replace('# ', '')}`
      : `  ${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}`;
  return [line(header), ...rows.map(line)].join('\n');
}
