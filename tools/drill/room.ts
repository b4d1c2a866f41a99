import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { articleIdOf } from '../../shared/article/article.ts';
import type { Head } from '../../shared/article/head.ts';
import { connect, type Connection } from '../cli/connection.ts';
import { run } from '../cli/run.ts';
import { queueUrl } from '../cli/rejected.ts';
import { statusOf } from '../cli/status.ts';
import { readAssembly, synthesise } from '../laptop/cloudformation/assembly.ts';
import { Template } from '../laptop/cloudformation/template.ts';
import { PlannedFaults } from '../laptop/faults.ts';
import { isRecord } from '../laptop/fields.ts';
import { startLocalStack, type LocalStack } from '../laptop/stack.ts';
import { Alarms } from './alarms.ts';

/** The settings of the stack that drills run on. */
export const drillContext = { purgeWindowSeconds: '0', canaryMinutes: '1', narrate: '{"en":"Amy"}' };

const timeoutMs = 60_000;
const pollIntervalMs = 25;

/** Of Ghost's webhooks. */
export const ghostSecret = 'drill-secret-of-ghost';

/** The output of a command of the CLI, and its exit code. */
export interface Ran {
  readonly output: string;
  readonly code: number;
}

/** A running laptop in which drills break something, and the tools of the person on call. */
export class Room {
  readonly faults: PlannedFaults;
  readonly alarms: Alarms;
  readonly connection: Connection;
  readonly stack: LocalStack;

  readonly #assembly: string;

  private constructor(
    stack: LocalStack,
    faults: PlannedFaults,
    alarms: Alarms,
    connection: Connection,
    assembly: string,
  ) {
    this.#assembly = assembly;
    this.stack = stack;
    this.faults = faults;
    this.alarms = alarms;
    this.connection = connection;
  }

  /** `synthesised` is an assembly that was synthesised with `drillContext`; without it, this is done now. */
  static async open(synthesised?: string): Promise<Room> {
    const assembly = await mkdtemp(join(tmpdir(), 'pressrun-drill-'));
    if (synthesised === undefined) await synthesise(assembly, { stage: 'local', ...drillContext });
    else await cp(synthesised, assembly, { recursive: true });
    await giveUpSooner(assembly);
    const faults = new PlannedFaults();
    const open: { alarms?: Alarms } = {};
    const stack = await startLocalStack({
      assembly,
      awsPort: 0,
      edgePort: 0,
      faults,
      ingestSecrets: JSON.stringify({ ghost: ghostSecret }),
      log: (entry) => open.alarms?.readLog(entry),
    });
    const connection = connect('local', stack.awsUrl, '');
    const template = new Template(readAssembly(assembly), {
      awsUrl: stack.awsUrl,
      edgeHost: new URL(stack.edgeUrl).host,
    });
    const alarms = (open.alarms = new Alarms(template, connection.sqs));
    stack.events.on((observation) => {
      alarms.observe(observation);
    });
    return new Room(stack, faults, alarms, connection, assembly);
  }

  async close(): Promise<void> {
    await this.stack.stop();
    await rm(this.#assembly, { recursive: true });
  }

  /** Puts one event for each uri on the bus, as a CMS does. */
  async publish(
    uris: readonly string[],
    fields: Readonly<Record<string, unknown>> = {},
    source = 'newsroom',
  ): Promise<void> {
    for (let from = 0; from < uris.length; from += 10)
      await this.connection.eventBridge.send(
        new PutEventsCommand({
          Entries: uris.slice(from, from + 10).map((uri) => ({
            EventBusName: this.stack.busName,
            Source: source,
            DetailType: 'article.published',
            Detail: JSON.stringify({
              article: { uri, versionCreated: new Date().toISOString(), headlines: [{ value: uri }], ...fields },
            }),
          })),
        }),
      );
  }

  head(uri: string): Promise<Head | undefined> {
    return this.connection.articles.head(articleIdOf(uri));
  }

  async isLive(uri: string): Promise<boolean> {
    return (await this.head(uri))?.visibility === 'live';
  }

  get(path: string): Promise<Response> {
    return fetch(this.stack.edgeUrl + path);
  }

  /** Whether the feed at the edge lists the article. */
  async lists(feed: string, uri: string): Promise<boolean> {
    const response = await this.get(`/feeds/${feed}.json?limit=100`);
    if (!response.ok) return false;
    const { items } = (await response.json()) as { readonly items: readonly { readonly id: string }[] };
    return items.some(({ id }) => id === uri);
  }

  queueUrl(name: string): Promise<string> {
    return queueUrl(this.connection.sqs, `pressrun-local-${name}`);
  }

  /** How many messages lie in a queue. */
  async messagesIn(name: string): Promise<number> {
    const { queues } = await statusOf(this.connection);
    return queues.find((queue) => queue.name === name)?.messages ?? 0;
  }

  /** Runs a command of the CLI, without a process of its own. */
  async pressrun(words: readonly string[]): Promise<Ran> {
    const lines: string[] = [];
    const line = (text: string): void => void lines.push(text);
    const code = await run(['--endpoint-url', this.stack.awsUrl, ...words], { out: line, err: line });
    return { output: lines.join('\n'), code };
  }

  /** Waits for a condition, or throws an error that names it. */
  async until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!(await holds())) {
      if (Date.now() > deadline) throw new Error(`still waiting until ${what}`);
      await pause(pollIntervalMs);
    }
  }
}

/**
 * How soon failed messages come back, and how often, where a drill waits until they are given up: longer than work takes
 * here, also on a busy machine, and where a drill slows `store` down.
 */
const deliveries = 2;
const visibilitySeconds: Readonly<Record<string, number>> = {
  'pressrun-local-store': 3,
  'pressrun-local-project-retry': 2,
  'pressrun-local-purge': 2,
  'pressrun-local-narrate': 2,
};

/** A drill does not wait for ten deliveries. */
async function giveUpSooner(assembly: string): Promise<void> {
  for (const name of (await readdir(assembly)).filter((file) => file.endsWith('.template.json'))) {
    const template = JSON.parse(await readFile(join(assembly, name), 'utf8'), (key, value: unknown) => {
      if (key === 'DELIVERIES') return String(deliveries);
      const seconds = isRecord(value) ? visibilitySeconds[String(value['QueueName'])] : undefined;
      if (!isRecord(value) || seconds === undefined || !isRecord(value['RedrivePolicy'])) return value;
      return {
        ...value,
        VisibilityTimeout: seconds,
        RedrivePolicy: { ...value['RedrivePolicy'], maxReceiveCount: deliveries },
      };
    }) as unknown;
    await writeFile(join(assembly, name), JSON.stringify(template));
  }
}
