import { setTimeout as pause } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { startLocalStack, type LocalStack } from '../laptop/stack.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import { dayPlan, DayPlan, type Change } from './day-plan.ts';
import { Meter, type MeterReading } from './meter.ts';

/** The use of AWS by one change or one answer of the origin. Exact, except milliseconds, which are this machine's. */
export interface Units {
  readonly events: number;
  readonly queueCalls: number;
  readonly invocations: number;
  readonly gigabyteSeconds: number;
  readonly writeUnits: number;
  readonly readUnits: number;
}

export interface MeasuredUnits extends Readonly<Record<Change['kind'] | 'listFill' | 'pageFill', Units>> {
  /** Of a function for one change or one answer. A batch's time is divided by its messages. */
  readonly milliseconds: Readonly<Record<'deliver' | 'project' | 'store', number>>;
}

const stories = 20;
const quietMilliseconds = 1500;
/** Memory of each function in megabytes, as the stack sets it. Functions that are not listed have this much. */
const memories: Readonly<Record<string, number>> = { deliver: 1024, purge: 256 };
const usualMemory = 512;

/** Publishes, changes and reads some stories on a metered local stack, and divides the totals. */
export async function measureUnits(): Promise<MeasuredUnits> {
  const stack = await startLocalStack({ awsPort: 0, edgePort: 0, metered: true });
  const meter = new Meter(stack.events);
  try {
    const { changes } = dayPlan(new DayPlan({ articles: stories, updates: 4, bursts: 0, cardShare: 0.5, seed: 1 }));
    const kinds = { story: {}, card: {}, body: {} } as Record<Change['kind'], Units>;
    // All stories first, so that every later event is a change.
    let milliseconds = { project: 0, store: 0 };
    for (const kind of ['story', 'card', 'body'] as const) {
      const some = changes.filter((change) => change.kind === kind);
      meter.reset();
      for (const change of some) await put(stack, change);
      const reading = await quiet(meter);
      kinds[kind] = unitsOf(reading, some.length);
      milliseconds = {
        project: millisecondsOf(reading, 'project', some.length),
        store: millisecondsOf(reading, 'store', some.length),
      };
    }
    const lists = [
      '/',
      '/latest',
      '/feeds/latest.json',
      '/section/news',
      '/section/sport/football',
      '/topic/topic-1',
      '/author/author-1',
    ];
    const pages = Array.from(
      { length: stories },
      (_, story) => `/articles/${articleIdOf(`urn:newsroom-day:${story}`)}.json`,
    );
    const listFill = await read(stack, meter, lists);
    const deliver = millisecondsOf(meter.reading(), 'deliver', lists.length);
    return {
      ...kinds,
      listFill,
      pageFill: await read(stack, meter, pages),
      milliseconds: { ...milliseconds, deliver },
    };
  } finally {
    meter.close();
    await stack.stop();
  }
}

async function put({ awsUrl, busName }: LocalStack, { kind, event }: Change): Promise<void> {
  const { uri, ...detail } = event(Date.now());
  const client = new EventBridgeClient({
    endpoint: awsUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
  const entry = {
    EventBusName: busName,
    Source: 'cms.day',
    DetailType: kind === 'story' ? 'article.published' : 'article.updated',
    Detail: JSON.stringify(detail),
  };
  const { FailedEntryCount } = await client.send(new PutEventsCommand({ Entries: [entry] }));
  client.destroy();
  if (FailedEntryCount !== 0) throw new Error(`the bus did not take ${uri}`);
}

/** Reads each address past the edge's memory: no list was asked for by that cursor before. */
async function read({ edgeUrl }: LocalStack, meter: Meter, paths: readonly string[]): Promise<Units> {
  meter.reset();
  for (const path of paths) {
    const { status } = await fetch(`${edgeUrl}${path}${path.startsWith('/articles') ? '' : '?limit=29'}`);
    if (status !== 200) throw new Error(`${path} answered ${status}`);
  }
  return unitsOf(await quiet(meter), paths.length, 'deliver');
}

/** Waits until nothing has happened for a while. */
async function quiet(meter: Meter): Promise<MeterReading> {
  for (let before = -1; ; ) {
    const reading = meter.reading();
    const { calls, invocations } = reading;
    if (calls + invocations === before) return reading;
    before = calls + invocations;
    await pause(quietMilliseconds);
  }
}

function millisecondsOf({ by }: MeterReading, name: string, count: number): number {
  return (by.get(name)?.milliseconds ?? 0) / count;
}

function unitsOf(reading: MeterReading, count: number, only?: string): Units {
  const works = [...reading.by].filter(([name]) => only === undefined || name === only);
  const sum = (of: (name: string, work: (typeof works)[number][1]) => number): number =>
    works.reduce((total, [name, work]) => total + of(name, work), 0) / count;
  const { sent, received, deleted } = reading.messages;
  return {
    events: only === undefined ? [...reading.events.values()].reduce((total, events) => total + events, 0) / count : 0,
    queueCalls: only === undefined ? (sent + received + deleted) / count : 0,
    invocations: sum((_, { invocations }) => invocations),
    gigabyteSeconds: sum((name, { milliseconds }) => (milliseconds / 1000) * ((memories[name] ?? usualMemory) / 1024)),
    writeUnits: sum((_, { writeUnits }) => writeUnits),
    readUnits: sum((_, { readUnits }) => readUnits),
  };
}
