import { html } from 'hono/html';
import { scaleLinear, scaleUtc } from 'd3-scale';
import { line } from 'd3-shape';
import type { Point } from './figures.ts';
import type { Markup } from './markup.ts';

export interface Series {
  /** For the legend; also the class of its colour in the stylesheet: `first` or `second`. */
  readonly label: string;
  readonly colour: 'first' | 'second';
  readonly points: readonly Point[];
}

export interface ChartSettings {
  readonly title: string;
  /** What the chart says, for those who do not see it, and as its caption. */
  readonly summary: string;
  readonly kind: 'lines' | 'bars';
  readonly from: number;
  readonly to: number;
  /** Width of a bar, milliseconds. */
  readonly step: number;
  /** The top of the vertical axis is at least this. */
  readonly atLeast: number;
  readonly series: readonly Series[];
  readonly timeText: (instant: number) => string;
  readonly valueText: (value: number) => string;
}

const [width, height] = [480, 170];
const margin = { top: 8, right: 10, bottom: 22, left: 44 };

/** Draws a chart over time as SVG. Scales, ticks and paths are D3's; colours are those of the stylesheet. */
export function chartMarkup(settings: ChartSettings): Markup {
  const { title, summary, kind, from, to, step, atLeast, series, timeText, valueText } = settings;
  const values = series.flatMap(({ points }) => points.flatMap(({ value }) => value ?? []));
  const x = scaleUtc([from, to], [margin.left, width - margin.right]);
  const y = scaleLinear([0, Math.max(atLeast, ...values)], [height - margin.bottom, margin.top]).nice(4);
  const half = kind === 'lines' ? step / 2 : 0;
  const place = ({ at, value = 0 }: Point): [number, number] => [round(x(at + half)), round(y(value))];
  const path = line<Point>()
    .defined(({ value }) => value !== undefined)
    .x((point) => place(point)[0])
    .y((point) => place(point)[1])
    .digits(1);
  const bar = (point: Point): Markup => {
    const [left, top] = place(point);
    return html`<rect x="${left}" y="${top}" width="${round(Math.max(1, x(from + step) - x(from) - 1))}" height="${round(y(0) - top)}"/>`;
  };
  const dot = (point: Point): Markup => {
    const [cx, cy] = place(point);
    return html`<circle cx="${cx}" cy="${cy}" r="2"/>`;
  };
  const measured = (points: readonly Point[]): readonly Point[] => points.filter(({ value = 0 }) => value > 0);
  return html`<figure class="chart"><figcaption><b>${title}</b> <span class="quiet">${summary}</span></figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}: ${summary}">
<g class="axis">${y.ticks(4).map((tick) => html`<line x1="${margin.left}" x2="${width - margin.right}" y1="${round(y(tick))}" y2="${round(y(tick))}"/><text x="${margin.left - 6}" y="${round(y(tick))}" dy="4" text-anchor="end">${valueText(tick)}</text>`)}${x.ticks(5).map((tick) => html`<text x="${round(x(tick))}" y="${height - 5}" text-anchor="middle">${timeText(tick.getTime())}</text>`)}</g>
${series.map(({ colour, points }) => html`<g class="series ${colour}">${kind === 'bars' ? measured(points).map(bar) : html`<path d="${path(points) ?? ''}"/>${points.filter(({ value }) => value !== undefined).map(dot)}`}</g>`)}</svg>
${series.length < 2 ? '' : html`<p class="legend">${series.map(({ label, colour }) => html`<span class="${colour}">${label}</span>`)}</p>`}</figure>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
