import { setTimeout as pause } from 'node:timers/promises';
import type { Envelope } from './event-archive.ts';
import type { Fields } from '../fields.ts';
import type { Queue } from '../sqs/queue.ts';
import type { Queues } from '../sqs/queues.ts';
import type { SecretsApi } from '../secretsmanager/secrets-api.ts';
import type { Template } from '../cloudformation/template.ts';

/** A rule's target. */
export interface Target {
  readonly id: string;
  readonly arn: string;
  /** As PutTargets takes it, so that another rule can be given the same. */
  readonly declaration: Readonly<Record<string, unknown>>;
  /** Resolves when the event is safe there, or on its way. */
  send(event: Envelope): Promise<void>;
}

export interface TargetSurroundings {
  readonly queues: Queues;
  readonly destinations: ApiDestinations;
  /** Puts an event on another bus of the stack. Undefined if there is no such bus. */
  readonly busAt: (arn: string) => ((event: Envelope) => Promise<void>) | undefined;
  readonly warn: (line: string) => void;
}

/** The target that a rule declares. Undefined if a laptop does not have it. */
export function targetOf(
  target: Fields,
  ruleId: string,
  { queues, destinations, busAt, warn }: TargetSurroundings,
): Target | undefined {
  const arn = target.text('Arn');
  const unknown = ['Input', 'InputTransformer'].find((property) => target.has(property));
  if (unknown !== undefined)
    warn(`rule ${ruleId} has an ${unknown}, which is not known on a laptop: its target gets whole events`);
  const about = { id: target.text('Id'), arn, declaration: target.record };
  const inputPath = target.optionalText('InputPath');
  const bodyOf = (event: Envelope): string =>
    JSON.stringify(inputPath === undefined ? event : partOf(event, inputPath));
  const queue = queues.withArn(arn);
  if (queue) {
    return {
      ...about,
      send: async (event) => {
        await queues.send(queue, bodyOf(event));
      },
    };
  }
  const deadLetterArn = target.optionalFields('DeadLetterConfig')?.optionalText('Arn');
  const deadLetters = deadLetterArn === undefined ? undefined : queues.withArn(deadLetterArn);
  if (destinations.has(arn)) {
    const retries = target.optionalFields('RetryPolicy')?.optionalInteger('MaximumRetryAttempts') ?? 185;
    return {
      ...about,
      send: (event) => {
        destinations.call(arn, bodyOf(event), retries, deadLetters);
        return Promise.resolve();
      },
    };
  }
  const put = busAt(arn);
  if (put) return { ...about, send: put };
  warn(`rule ${ruleId} has the target ${arn}, which is not on this laptop: its events go nowhere`);
  return undefined;
}

/** A path of plain names, such as `$.detail`: all that rules are seen to use. */
function partOf(event: Envelope, path: string): unknown {
  return path
    .split('.')
    .slice(1)
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined,
      event,
    );
}

interface ApiDestination {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** EventBridge waits no longer for an answer. */
const timeoutMs = 5000;
const longestPauseMilliseconds = 60_000;

/** API destinations: the addresses that EventBridge calls, with their credentials. */
export class ApiDestinations {
  readonly #byArn: ReadonlyMap<string, ApiDestination>;
  readonly #queues: Queues;
  readonly #report: (error: unknown) => void;
  readonly #closing = new AbortController();
  readonly #underWay = new Set<Promise<void>>();

  constructor(
    template: Template,
    {
      secrets,
      queues,
      report,
    }: { readonly secrets: SecretsApi; readonly queues: Queues; readonly report: (error: unknown) => void },
  ) {
    const connections = new Map(
      template.all('AWS::Events::Connection').map(({ arn, properties }) => {
        const key = properties.fields('AuthParameters').optionalFields('ApiKeyAuthParameters');
        return [
          arn,
          key === undefined ? {} : { [key.text('ApiKeyName')]: secrets.resolved(key.text('ApiKeyValue')) },
        ] as const;
      }),
    );
    this.#byArn = new Map(
      template.all('AWS::Events::ApiDestination').map(({ arn, properties }) => [
        arn,
        {
          url: properties.text('InvocationEndpoint'),
          method: properties.text('HttpMethod'),
          headers: connections.get(properties.text('ConnectionArn')) ?? {},
        },
      ]),
    );
    this.#queues = queues;
    this.#report = report;
  }

  has(arn: string): boolean {
    return this.#byArn.has(arn);
  }

  /**
   * Calls until it succeeds, at most as often as the target allows. After that, or when the laptop stops, the event
   * goes to the dead-letter queue.
   */
  call(arn: string, body: string, retries: number, deadLetters: Queue | undefined): void {
    const destination = this.#byArn.get(arn);
    if (!destination) return;
    const call = this.#untilTaken(destination, body, retries)
      .then(async (taken) => {
        if (!taken && deadLetters) await this.#queues.send(deadLetters, body);
      })
      .catch(this.#report)
      .finally(() => this.#underWay.delete(call));
    this.#underWay.add(call);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#underWay);
  }

  async #untilTaken(destination: ApiDestination, body: string, retries: number): Promise<boolean> {
    const { signal } = this.#closing;
    for (let attempt = 0; attempt <= retries && !signal.aborted; attempt += 1) {
      if (attempt > 0)
        await pause(Math.min(longestPauseMilliseconds, 500 * 2 ** attempt), undefined, { signal }).catch(
          () => undefined,
        );
      if (await isTaken(destination, body, signal)) return true;
    }
    return false;
  }
}

async function isTaken({ url, method, headers }: ApiDestination, body: string, closing: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(url, {
      method,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Amazon/EventBridge/ApiDestinations',
        ...headers,
      },
      body,
      signal: AbortSignal.any([closing, AbortSignal.timeout(timeoutMs)]),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
