import type { Day, Purging } from './newsroom-day.ts';
import { pathDollars, prices } from './prices.ts';
import type { MeasuredUnits, Units } from './units.ts';

/** A month's bill in dollars, by line. */
export interface Bill {
  readonly lines: Readonly<Record<string, number>>;
  readonly total: number;
  readonly paths: number;
}

const daysAMonth = 30;
const secondsADay = 86_400;
const million = 1_000_000;

/** Returns the cost of thirty such days. */
export function billOf(day: Day, purging: Purging, units: MeasuredUnits, burstSeconds: number): Bill {
  const published = sumOf(
    ['story', 'card', 'body'].map((kind) => scaled(units[kind as 'story'], day.changes[kind as 'story'] * daysAMonth)),
  );
  const fills = {
    list: fillsADay(day, 'listFills', burstSeconds) * daysAMonth,
    page: fillsADay(day, 'pageFills', burstSeconds) * daysAMonth,
  };
  const read = sumOf([scaled(units.listFill, fills.list), scaled(units.pageFill, fills.page)]);
  const paths = day.paths * daysAMonth;
  const lines = {
    'events on the bus': (published.events * prices.millionEvents) / million,
    'queue calls': (published.queueCalls * prices.millionQueueCalls) / million,
    'functions, publishing': functionDollars(published),
    'write units': (published.writeUnits * prices.millionWriteUnits) / million,
    'read units, publishing': (published.readUnits * prices.millionReadUnits) / million,
    'functions, answering the CDN': functionDollars(read),
    'read units, answering the CDN': (read.readUnits * prices.millionReadUnits) / million,
    'Origin Shield': purging === 'ttl' ? ((fills.list + fills.page) * prices.millionShieldRequests) / million : 0,
    'purge paths': pathDollars(paths),
  };
  return { lines, total: Object.values(lines).reduce((sum, dollars) => sum + dollars, 0), paths };
}

/** Of a calm second and of one in a burst, as measured, for as many as the day has of each. */
function fillsADay({ calm, bursts }: Day, kind: 'listFills' | 'pageFills', burstSeconds: number): number {
  return (
    (calm[kind] / calm.seconds) * (secondsADay - burstSeconds) +
    (bursts.seconds === 0 ? 0 : bursts[kind] / bursts.seconds) * burstSeconds
  );
}

function functionDollars({ invocations, gigabyteSeconds }: Units): number {
  return (invocations * prices.millionInvocations) / million + gigabyteSeconds * prices.gigabyteSecond;
}

function scaled(units: Units, count: number): Units {
  return mapped((field) => units[field] * count);
}

function sumOf(all: readonly Units[]): Units {
  return mapped((field) => all.reduce((sum, units) => sum + units[field], 0));
}

function mapped(of: (field: keyof Units) => number): Units {
  return {
    events: of('events'),
    queueCalls: of('queueCalls'),
    invocations: of('invocations'),
    gigabyteSeconds: of('gigabyteSeconds'),
    writeUnits: of('writeUnits'),
    readUnits: of('readUnits'),
  };
}
