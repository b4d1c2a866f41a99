import { describe, expect, test } from '@jest/globals';
import { parser } from 'sax';
import { dayMilliseconds, type PublishTrace } from '../../shared/trace/publish-trace.ts';
import { differenceLines, differencesBetween } from '../../tools/cli/differences.ts';
import { chartMarkup } from '../../tools/dashboard/chart.ts';
import { comparisonMarkup } from '../../tools/dashboard/comparison.ts';
import { purgeBillOf } from '../../tools/dashboard/edge-metrics.ts';
import { bucketsOf, hitRatioOf, hitRatios, latencies, publishRates } from '../../tools/dashboard/figures.ts';
import { choicesIn, filterIn, isOf, waitsFor } from '../../tools/dashboard/filter.ts';
import { overviewMarkup } from '../../tools/dashboard/overview-page.ts';
import type { Overview } from '../../tools/dashboard/overview.ts';
import { story } from './story.ts';

const now = Date.parse('2026-11-26T12:00:30Z');
const minute = 60_000;

/** A change that was received some minutes ago, and was fresh after so many seconds. */
function trace(minutesAgo: number, seconds?: number, more: Partial<PublishTrace> = {}): PublishTrace {
  const receivedAt = now - minutesAgo * minute;
  return {
    articleId: `article-${minutesAgo}`,
    uri: `urn:x:${minutesAgo}`,
    seq: receivedAt,
    change: 'live',
    receivedAt,
    settledAt: receivedAt,
    announcedAt: receivedAt,
    ...(seconds !== undefined && { purgedAt: receivedAt, freshAt: receivedAt + seconds * 1000 }),
    ...more,
  };
}

function overview(more: Partial<Overview> = {}): Overview {
  return {
    filter: filterIn(new URLSearchParams()),
    choices: { sections: [], sources: [] },
    buckets: bucketsOf(6, now),
    now,
    traces: [],
    isCut: false,
    changes: [],
    inFlight: [],
    rejections: [],
    queues: [],
    warnings: [],
    edge: { requests: [], purges: [] },
    ...more,
  };
}

async function pageOf(more: Partial<Overview> = {}): Promise<string> {
  return (
    await overviewMarkup(overview(more), { edgeUrl: 'http://edge.example', timeZone: 'Europe/London' })
  ).toString();
}

describe('the figures of the dashboard', () => {
  test('are in buckets of whole minutes, the last of which has not ended', () => {
    const { starts, from, to } = bucketsOf(1, now);
    expect([starts.length, from, to]).toEqual([
      60,
      Date.parse('2026-11-26T11:01:00Z'),
      Date.parse('2026-11-26T12:01:00Z'),
    ]);
    expect(bucketsOf(24, now).starts).toHaveLength(72);
  });

  test('are the percentiles of the times to the reader, and nothing where nothing was published', () => {
    const traces = [trace(1, 1), trace(1, 2), trace(1, 9), trace(1), trace(1, 50, { audio: true })];
    const measured = (share: number): unknown =>
      latencies(bucketsOf(1, now), traces, share).filter(({ value }) => value !== undefined);
    expect(measured(0.5)).toEqual([{ at: Date.parse('2026-11-26T11:59:00Z'), value: 2 }]);
    expect(measured(0.95)).toEqual([{ at: Date.parse('2026-11-26T11:59:00Z'), value: 9 }]);
  });

  test('count publishes a minute, without audio', () => {
    const rates = publishRates(bucketsOf(6, now), [trace(2), trace(3, 1), trace(3, 1, { audio: true })]);
    expect(rates.filter(({ value }) => value !== 0)).toEqual([{ at: Date.parse('2026-11-26T11:55:00Z'), value: 0.4 }]);
  });

  test('are the share of requests that no origin answered', () => {
    const requests = [
      { at: now - minute, requests: 8, fromOrigin: 2 },
      { at: now - 90_000, requests: 2, fromOrigin: 0 },
    ];
    expect(hitRatioOf(requests)).toBe(80);
    expect(hitRatioOf([])).toBeUndefined();
    expect(hitRatioOf([{ at: now, requests: 1, fromOrigin: 3 }])).toBe(0);
    expect(hitRatios(bucketsOf(6, now), requests).flatMap(({ value }) => value ?? [])).toEqual([80]);
  });

  test('are what the purges of this month cost beyond the free ones', () => {
    const purges = [
      { at: now - 30 * dayMilliseconds, paths: 5000 },
      { at: now - dayMilliseconds, paths: 900 },
      { at: now, paths: 300 },
    ];
    expect(purgeBillOf({ requests: [], purges }, now)).toEqual({ paths: 1200, dollars: 1 });
    expect(purgeBillOf({ requests: [], purges: purges.slice(0, 2) }, now)).toEqual({ paths: 900, dollars: 0 });
  });
});

describe('the filter of the dashboard', () => {
  const filter = (query: string): ReturnType<typeof filterIn> => filterIn(new URLSearchParams(query));
  const change = trace(30, 1, { feeds: ['latest', 'section/news/local'], source: 'cms.ghost' });

  test.each([
    ['', true],
    ['section=news/local', true],
    ['section=news', false],
    ['section=', true],
    ['source=cms.ghost', true],
    ['source=wire', false],
    ['late=1', false],
    ['hours=1', true],
    ['hours=7', true],
  ])('stands in the query of the page: %j', (query, isShown) => {
    expect(isOf(filter(query), change, now)).toBe(isShown);
  });

  test('names changes of its period, and late ones also when they became fresh', () => {
    expect(isOf(filter('hours=1'), trace(61, 1), now)).toBe(false);
    expect(isOf(filter('late=1'), trace(5, 90, { late: ['page'], lateAt: now }), now)).toBe(true);
  });

  test('offers the sections and sources that there are', () => {
    const rejection = { eventId: 'e', source: 'wire', errors: [], refusedAt: now };
    expect(choicesIn([change, change], [rejection])).toEqual({
      sections: ['news/local'],
      sources: ['cms.ghost', 'wire'],
    });
  });
});

test('a change waits for its announcement, its purge and its first reader, and is not followed for ever', () => {
  expect(waitsFor(trace(1, undefined, { announcedAt: undefined as never }), now)).toBe('announcement');
  expect(waitsFor(trace(1), now)).toBe('purge');
  expect(waitsFor(trace(1, undefined, { purgedAt: now }), now)).toBe('first reader');
  expect(waitsFor(trace(1, 1), now)).toBeUndefined();
  expect(waitsFor(trace(1, undefined, { lateAt: now }), now)).toBeUndefined();
  expect(waitsFor(trace(11), now)).toBeUndefined();
});

describe('the overview', () => {
  test('says in one sentence that all is well, or what is not', async () => {
    expect(await pageOf()).toMatch(/<p id="verdict" role="status" class="good">All is well\.<\/p>/);
    const late = trace(2, undefined, { late: ['page'], lateAt: now });
    const page = await pageOf({
      traces: [late],
      rejections: [
        {
          eventId: 'e',
          source: 'wire',
          uri: 'urn:x:<1>',
          errors: [{ path: 'article.headlines.0', message: 'is empty' }],
          refusedAt: now,
        },
      ],
      queues: [
        { name: 'store', messages: 2, putOff: 1 },
        { name: 'store-dlq', messages: 1, putOff: 0 },
      ],
    });
    expect(page).toContain(
      'class="bad">1 change did not reach the readers in time, 1 event rejected, 1 message in dead-letter queues.</p>',
    );
    expect(page).toContain('urn:x:&lt;1&gt;');
    expect(page).toContain('article.headlines.0: is empty');
    expect(page).toMatch(/store \(dead letters\)<\/th><td>1<\/td><td>0<\/td>/);
  });

  test('says why the counts of the CDN are not there', async () => {
    const page = await pageOf({ edge: undefined, edgeError: 'User is not authorized' });
    expect(page).toContain('could not be read: User is not authorized');
  });

  test('lists changes on their way with their step, and warnings by source', async () => {
    const page = await pageOf({
      inFlight: [{ change: { ...trace(1), headline: 'Bridge <open>' }, waiting: 'purge' }],
      warnings: [
        {
          source: 'wire',
          path: 'bodies.*',
          message: 'is not shown',
          count: 3,
          articles: 2,
          uri: 'urn:x:1',
          lastAt: '',
        },
      ],
    });
    expect(page).toMatch(/Bridge &lt;open&gt;<\/a> <span class="busy">waits for the purge<\/span>/);
    expect(page).toMatch(/<th scope="row">wire<\/th><td>bodies\.\*: is not shown.*<td>2<\/td>/);
  });

  test('folds all changes but the last twenty', async () => {
    const page = await pageOf({ changes: Array.from({ length: 23 }, (_, index) => trace(index, 1)) });
    expect(page).toContain('<summary>3 more</summary>');
  });
});

describe('a chart', () => {
  const chart = async (values: readonly (number | undefined)[], kind: 'lines' | 'bars'): Promise<string> => {
    const markup = await chartMarkup({
      title: 'Time <s>',
      summary: 'median 2 s',
      kind,
      from: now - 4 * minute,
      to: now,
      step: minute,
      atLeast: 1,
      series: [
        {
          label: 'median',
          colour: 'first',
          points: values.map((value, index) => ({ at: now - (4 - index) * minute, value })),
        },
      ],
      timeText: (instant) => new Date(instant).toISOString().slice(11, 16),
      valueText: String,
    });
    return markup.toString();
  };

  test('is well-formed SVG whose line has a gap where nothing was measured', async () => {
    const drawn = await chart([1, 2, undefined, 4], 'lines');
    const svg = /<svg[^]*<\/svg>/.exec(drawn)?.[0] ?? '';
    expect(() => parser(true).write(svg).close()).not.toThrow();
    expect(/ d="([^"]*)"/.exec(svg)?.[1]?.match(/M/g)).toHaveLength(2);
    expect(svg.match(/<circle/g)).toHaveLength(3);
    expect(svg).toContain('aria-label="Time &lt;s&gt;: median 2 s"');
    expect(svg).not.toContain('NaN');
  });

  test('has its ticks on both axes, and a bar for every value', async () => {
    const drawn = await chart([1, 0, undefined, 4], 'bars');
    expect(drawn.match(/<rect/g)).toHaveLength(2);
    expect(Array.from(drawn.matchAll(/text-anchor="end">([^<]*)/g), ([, label]) => label)).toEqual([
      '0',
      '1',
      '2',
      '3',
      '4',
    ]);
    expect(Array.from(drawn.matchAll(/text-anchor="middle">([^<]*)/g), ([, label]) => label)).toContain('11:59');
  });
});

describe('two versions side by side', () => {
  const before = story();
  const after = {
    ...before,
    headlines: [{ role: 'main', value: 'Bridge <open>' }],
    bodies: [{ contentType: 'text/html', value: '<p>The first lorries crossed at six.</p><p>Rain fell.</p>' }],
  };

  test('have each changed field and paragraph once, with the words that differ marked', async () => {
    const differences = differencesBetween(before, after);
    const page = (await comparisonMarkup('urn:x:1', { versions: 2, older: '1', newer: '2', differences })).toString();
    expect(page).toContain('<h3>headlines</h3>');
    expect(page.match(/<h3>body<\/h3>/g)).toHaveLength(1);
    expect(page).toMatch(/<del>five<\/del>[^]*<ins>six<\/ins>/);
    expect(page).toContain('main: ');
    expect(page).toContain('&lt;open&gt;');
    expect(differenceLines(before, after)).toContain('  ~ The first lorries crossed at [-five-]{+six+}.');
  });

  test('show texts as texts, and their JSON where nothing else differs', () => {
    const role = { ...before, headlines: [{ role: 'main', value: 'Bridge', contentType: 'text/plain' }] };
    const lines = differenceLines({ ...before, headlines: [{ role: 'main', value: 'Bridge' }] }, role);
    expect(lines).toEqual([
      'headlines:',
      '  - [{"role":"main","value":"Bridge"}]',
      '  + [{"role":"main","value":"Bridge","contentType":"text/plain"}]',
    ]);
    expect(differenceLines(before, after).slice(0, 3)).toEqual([
      'headlines:',
      '  - main: Harbour bridge reopens after storm repairs',
      '  + main: Bridge <open>',
    ]);
  });

  test('say when readers would see no difference', async () => {
    const differences = differencesBetween(before, before);
    const page = await comparisonMarkup('urn:x:1', { versions: 2, older: '1', newer: '2', differences });
    expect(page.toString()).toContain('Readers would see no difference.');
  });
});
