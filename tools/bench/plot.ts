/** One line of a plot: points in the order they are joined. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Plot {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly logarithmicX?: true;
  readonly logarithmicY?: true;
  readonly series: readonly Series[];
}

const [width, height] = [420, 300];
const margin = { left: 64, right: 16, top: 36, bottom: 48 };
/** Distinct for people with colour blindness, on white and on black. */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#8a6d00', '#56b4e9'];

/** Plots beside each other, as one SVG. */
export function svgOf(plots: readonly Plot[]): string {
  const parts = plots.map((plot, index) => `<g transform="translate(${index * width} 0)">${plotted(plot)}</g>`);
  const tall = height + 18 * Math.max(...plots.map(({ series }) => series.length));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width * plots.length} ${tall}" font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/>${parts.join('')}</svg>\n`;
}

function plotted({ title, x, y, logarithmicX, logarithmicY, series }: Plot): string {
  const points = series.flatMap((one) => one.points);
  const across = scale(
    points.map(([value]) => value),
    [margin.left, width - margin.right],
    logarithmicX === true,
  );
  const up = scale(
    [logarithmicY === true ? Math.min(...points.map(([, value]) => value)) : 0, ...points.map(([, value]) => value)],
    [height - margin.bottom, margin.top],
    logarithmicY === true,
  );
  const ticksX = [...new Set(points.map(([value]) => value))].sort((a, b) => a - b);
  const ticksY = up.ticks;
  return [
    `<text x="${width / 2}" y="20" text-anchor="middle" font-weight="bold">${title}</text>`,
    ...ticksY.map(
      (tick) =>
        `<line x1="${margin.left}" x2="${width - margin.right}" y1="${fixed(up.at(tick))}" y2="${fixed(up.at(tick))}" stroke="#ddd"/><text x="${margin.left - 6}" y="${fixed(up.at(tick) + 4)}" text-anchor="end">${short(tick)}</text>`,
    ),
    ...ticksX.map(
      (tick) =>
        `<text x="${fixed(across.at(tick))}" y="${height - margin.bottom + 18}" text-anchor="middle">${short(tick)}</text>`,
    ),
    `<text x="${width / 2}" y="${height - 10}" text-anchor="middle">${x}</text>`,
    `<text x="14" y="${height / 2}" text-anchor="middle" transform="rotate(-90 14 ${height / 2})">${y}</text>`,
    ...series.flatMap(({ name, points: line }, index) => {
      const colour = colours[index % colours.length] ?? '#000';
      const at = line.map(([px, py]) => [fixed(across.at(px)), fixed(up.at(py))] as const);
      return [
        `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${at.map((pair) => pair.join(',')).join(' ')}"/>`,
        ...at.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`),
        `<rect x="${margin.left}" y="${height + 18 * index - 4}" width="10" height="10" fill="${colour}"/><text x="${margin.left + 16}" y="${height + 18 * index + 5}">${name}</text>`,
      ];
    }),
  ].join('');
}

interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

function scale(values: readonly number[], [start, end]: readonly [number, number], isLogarithmic: boolean): Scale {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (isLogarithmic) {
    const [from, to] = [
      Math.floor(Math.log10(low)),
      Math.max(Math.ceil(Math.log10(high)), Math.floor(Math.log10(low)) + 1),
    ];
    return {
      at: (value) => start + ((end - start) * (Math.log10(value) - from)) / (to - from),
      ticks: Array.from({ length: to - from + 1 }, (_, index) => 10 ** (from + index)),
    };
  }
  const step = stepFor(high - low);
  const top = Math.ceil(high / step) * step;
  const bottom = Math.floor(low / step) * step;
  return {
    at: (value) => start + ((end - start) * (value - bottom)) / (top - bottom),
    ticks: Array.from({ length: Math.round((top - bottom) / step) + 1 }, (_, index) => bottom + index * step),
  };
}

function stepFor(range: number): number {
  const rough = Math.max(range, 1e-9) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power;
}

function short(value: number): string {
  return new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 }).format(value);
}

function fixed(value: number): string {
  return value.toFixed(1);
}
