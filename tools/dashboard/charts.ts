import { html } from 'hono/html';
import { dayMilliseconds, lagOf, percentile } from '../../shared/trace/publish-trace.ts';
import { secondsText } from '../cli/text.ts';
import { chartMarkup } from './chart.ts';
import { monthStart, purgeBillOf } from './edge-metrics.ts';
import { hitRatioOf, hitRatios, latencies, published, publishRates } from './figures.ts';
import { counted } from '../cli/text.ts';
import type { Markup } from './markup.ts';
import type { Overview } from './overview.ts';

/** The charts of the overview: time to the reader, publishes, cache hits and purges. */
export function chartsMarkup(overview: Overview, timeZone: string): Markup {
  return html`<div class="charts">${latencyChart(overview, timeZone)}${rateChart(overview, timeZone)}${hitChart(overview, timeZone)}${purgeChart(overview)}</div>
${overview.edgeError === undefined ? '' : html`<p class="busy">The counts of the CDN could not be read: ${overview.edgeError}</p>`}`;
}

function periodOf({ buckets: { from, to, minutes } }: Overview, timeZone: string) {
  const timeText = (instant: number): string =>
    new Date(instant).toLocaleTimeString('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
  return { from, to, step: minutes * 60_000, timeText };
}

function latencyChart(overview: Overview, timeZone: string): Markup {
  const { buckets, traces } = overview;
  const lags = published(traces).flatMap((trace) => lagOf(trace) ?? []);
  return chartMarkup({
    ...periodOf(overview, timeZone),
    title: 'Time to the reader, seconds',
    summary:
      lags.length === 0
        ? 'nothing measured'
        : `median ${secondsText(percentile(lags, 0.5))}, 95th percentile ${secondsText(percentile(lags, 0.95))}`,
    kind: 'lines',
    atLeast: 1,
    series: [
      { label: '95th percentile', colour: 'second', points: latencies(buckets, traces, 0.95) },
      { label: 'median', colour: 'first', points: latencies(buckets, traces, 0.5) },
    ],
    valueText: String,
  });
}

function rateChart(overview: Overview, timeZone: string): Markup {
  const { buckets, traces, filter } = overview;
  return chartMarkup({
    ...periodOf(overview, timeZone),
    title: 'Publishes per minute',
    summary: `${counted(published(traces).length, 'change')} in ${counted(filter.hours, 'hour')}`,
    kind: 'bars',
    atLeast: 1,
    series: [{ label: 'publishes', colour: 'first', points: publishRates(buckets, traces) }],
    valueText: String,
  });
}

function hitChart(overview: Overview, timeZone: string): Markup {
  const { buckets, edge } = overview;
  const requests = (edge?.requests ?? []).filter(({ at }) => at >= buckets.from);
  const ratio = hitRatioOf(requests);
  return chartMarkup({
    ...periodOf(overview, timeZone),
    title: 'Cache hit ratio, %',
    summary:
      edge === undefined
        ? 'not known'
        : ratio === undefined
          ? 'no requests'
          : `${ratio.toFixed(1)} % of ${counted(
              requests.reduce((sum, each) => sum + each.requests, 0),
              'request',
            )}`,
    kind: 'lines',
    atLeast: 100,
    series: [{ label: 'hits', colour: 'first', points: hitRatios(buckets, requests) }],
    valueText: String,
  });
}

function purgeChart({ edge, now }: Overview): Markup {
  const from = monthStart(now);
  const bill = edge && purgeBillOf(edge, now);
  return chartMarkup({
    from,
    to: Math.max(Math.ceil(now / dayMilliseconds) * dayMilliseconds, from + 7 * dayMilliseconds),
    step: dayMilliseconds,
    title: 'Purged paths per day, this month',
    summary:
      edge === undefined || bill === undefined
        ? 'not known'
        : `${counted(bill.paths, 'path')}, about $${bill.dollars.toFixed(2)}; 1,000 a month are free${edge.countedSince === undefined ? '' : '; since this laptop started'}`,
    kind: 'bars',
    atLeast: 10,
    series: [
      {
        label: 'paths',
        colour: 'first',
        points: (edge?.purges ?? []).filter(({ at }) => at >= from).map(({ at, paths }) => ({ at, value: paths })),
      },
    ],
    timeText: (instant) =>
      new Date(instant).toLocaleDateString('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' }),
    valueText: (value) => value.toLocaleString('en'),
  });
}
