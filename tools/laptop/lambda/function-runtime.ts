import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import pLimit, { type LimitFunction } from 'p-limit';
import type { Faults } from '../faults.ts';

/** A function's code and the values of its context. */
export interface Bundle {
  readonly directory: string;
  /** `file.export`, as in the template. */
  readonly handler: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMegabytes: number;
}

export interface FunctionSettings extends Bundle {
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  /** How many invocations may be under way; more wait their turn. */
  readonly concurrency: number;
}

export interface Invoke {
  readonly id: number;
  readonly requestId: string;
  readonly event: string;
  readonly deadline: number;
  /** How many milliseconds the clock is ahead of `deadline`'s. */
  readonly clockAhead: number;
}

export type Outcome =
  | { readonly kind: 'ready' }
  | { readonly kind: 'succeeded'; readonly id: number; readonly result: string | undefined }
  | {
      readonly kind: 'failed';
      readonly id: number;
      readonly errorType: string;
      readonly errorMessage: string;
      readonly stackTrace: readonly string[];
    };

export interface FunctionLog {
  readonly functionName: string;
  readonly line: string;
  readonly level: 'info' | 'error';
}

/** An invocation that did not end in an answer: the handler threw, took too long, or took its process down. */
export class FunctionError extends Error {
  override readonly name = 'FunctionError';
  readonly errorType: string;
  readonly requestId: string;
  readonly stackTrace: readonly string[];

  constructor(
    requestId: string,
    {
      errorType,
      errorMessage,
      stackTrace = [],
    }: { readonly errorType: string; readonly errorMessage: string; readonly stackTrace?: readonly string[] },
  ) {
    super(errorMessage);
    this.requestId = requestId;
    this.errorType = errorType;
    this.stackTrace = stackTrace;
  }
}

export interface FunctionWatcher {
  readonly log: (entry: FunctionLog) => void;
  readonly invoked: (invocation: {
    readonly functionName: string;
    readonly ok: boolean;
    readonly milliseconds: number;
  }) => void;
}

/** Lambda's bound on the payload of a synchronous invocation and on its answer, bytes (Lambda quotas; the runtime's own message names this number). */
export const maxPayloadBytes = 6_291_556;

interface Running {
  readonly requestId: string;
  readonly resolve: (result: string | undefined) => void;
  readonly reject: (error: FunctionError) => void;
  readonly timer: NodeJS.Timeout;
}

const program = new URL('./function-worker.ts', import.meta.url);

/** One Lambda function: its bundle in a worker thread, without this process's environment. */
export class FunctionRuntime {
  readonly settings: FunctionSettings;
  readonly #watcher: FunctionWatcher;
  readonly #limit: LimitFunction;
  readonly #faults: Faults | undefined;
  #host: Host | undefined;
  readonly #retired = new Set<Host>();
  #stopped = false;

  constructor(settings: FunctionSettings, watcher: FunctionWatcher, faults?: Faults) {
    this.settings = settings;
    this.#watcher = watcher;
    this.#faults = faults;
    this.#limit = pLimit(settings.concurrency);
  }

  /** Resolves when the bundle is loaded. A bundle that does not load is an error of the stack, not of an invocation. */
  async start(): Promise<void> {
    await this.#current().ready;
  }

  /** Whether as many invocations are under way as may be. */
  get isBusy(): boolean {
    return this.#limit.activeCount >= this.#limit.concurrency;
  }

  /** Resolves with the handler's result after a round trip through JSON. Rejects with a FunctionError. */
  async invoke(event: unknown): Promise<unknown> {
    const result = await this.invokeJson(JSON.stringify(event));
    return result === undefined ? undefined : (JSON.parse(result) as unknown);
  }

  /** The same for who has JSON and wants JSON. */
  invokeJson(event: string): Promise<string | undefined> {
    return this.#limit(async () => this.#watched(event));
  }

  async #watched(event: string): Promise<string | undefined> {
    const { functionName } = this.settings;
    const requestId = randomUUID();
    const startedAt = performance.now();
    const took = (): number => performance.now() - startedAt;
    try {
      const result = await this.#invoke(requestId, event);
      this.#watcher.invoked({ functionName, ok: true, milliseconds: took() });
      return result;
    } catch (error) {
      const reason =
        error instanceof FunctionError
          ? `${error.errorType}: ${[error.message, ...error.stackTrace].join('\n    ')}`
          : String(error);
      // An invocation that stopping interrupts is no error of the function.
      if (!this.#stopped) this.#watcher.log({ functionName, level: 'error', line: `${requestId} ${reason}` });
      this.#watcher.invoked({ functionName, ok: false, milliseconds: took() });
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    const hosts = [...this.#retired, ...(this.#host ? [this.#host] : [])];
    this.#host = undefined;
    await Promise.all(hosts.map((host) => host.terminate()));
  }

  async #invoke(requestId: string, event: string): Promise<string | undefined> {
    if (this.#stopped)
      throw new FunctionError(requestId, { errorType: 'Runtime.Stopped', errorMessage: 'the stack is stopping' });
    const eventBytes = Buffer.byteLength(event);
    if (eventBytes > maxPayloadBytes)
      throw new FunctionError(requestId, {
        errorType: 'RequestEntityTooLargeException',
        errorMessage: `${eventBytes} byte payload is too large for the RequestResponse invocation type (limit ${maxPayloadBytes} bytes)`,
      });
    const host = this.#current();
    const { timeoutSeconds } = this.settings;
    const killAfter = this.#faults?.killAfter(this.settings.functionName);
    // Other invocations of the thread end with it, as when a machine fails.
    if (killAfter !== undefined) setTimeout(() => void host.terminate(), killAfter);
    const clockAhead = this.#faults?.clockAhead?.(this.settings.functionName) ?? 0;
    const result = await host.run({ requestId, event, clockAhead }, timeoutSeconds * 1000, () => {
      // Lambda ends the environment of an invocation that timed out. Here others may share it: they may end first, but no new one starts in it.
      this.#retire(host);
      return new FunctionError(requestId, {
        errorType: 'Sandbox.Timedout',
        errorMessage: `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
      });
    });
    const resultBytes = Buffer.byteLength(result ?? '');
    if (resultBytes > maxPayloadBytes)
      throw new FunctionError(requestId, {
        errorType: 'Function.ResponseSizeTooLarge',
        errorMessage: `Response payload size (${resultBytes} bytes) exceeded maximum allowed payload size (${maxPayloadBytes} bytes).`,
      });
    return result;
  }

  #current(): Host {
    this.#host ??= new Host(this.settings, this.#watcher.log, (host) => {
      this.#retired.delete(host);
      if (this.#host === host) this.#host = undefined;
    });
    return this.#host;
  }

  #retire(host: Host): void {
    if (this.#host === host) this.#host = undefined;
    this.#retired.add(host);
    host.terminateWhenIdle();
  }
}

/** One worker thread and the invocations that it is busy with. */
class Host {
  readonly ready: Promise<void>;
  readonly #worker: Worker;
  readonly #running = new Map<number, Running>();
  #last = 0;
  #leaving = false;

  constructor(settings: FunctionSettings, log: (entry: FunctionLog) => void, ended: (host: Host) => void) {
    const { functionName, environment, memoryMegabytes, directory, handler, functionArn } = settings;
    const bundle: Bundle = { directory, handler, functionName, functionArn, memoryMegabytes };
    this.#worker = new Worker(program, {
      env: environment,
      workerData: bundle,
      name: functionName,
      stdout: true,
      stderr: true,
      // Without this process's flags: a debugger's, or a test runner's loader.
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: memoryMegabytes },
    });
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    this.ready = promise;
    // `start` reports it. A replacement that fails to load fails its invocations.
    promise.catch(() => undefined);
    let crash: Error | undefined;
    this.#worker.on('message', (outcome: Outcome) => {
      if (outcome.kind === 'ready') resolve(undefined);
      else this.#finish(outcome);
    });
    this.#worker.on('error', (error: Error) => {
      crash = error;
    });
    this.#worker.on('exit', (code) => {
      const reason = crash?.message ?? `exit status ${code}`;
      reject(new Error(`function ${functionName} does not start: ${reason}`, { cause: crash }));
      for (const { requestId, reject: fail, timer } of this.#running.values()) {
        clearTimeout(timer);
        fail(
          new FunctionError(requestId, {
            errorType: 'Runtime.ExitError',
            errorMessage: `the function's process ended: ${reason}`,
            stackTrace: crash?.stack?.split('\n').slice(1) ?? [],
          }),
        );
      }
      this.#running.clear();
      ended(this);
    });
    for (const [stream, level] of [
      [this.#worker.stdout, 'info'],
      [this.#worker.stderr, 'error'],
    ] as const) {
      eachLine(stream, (line) => {
        log({ functionName, line, level: level === 'error' || isErrorLine(line) ? 'error' : 'info' });
      });
    }
  }

  run(
    { requestId, event, clockAhead }: Pick<Invoke, 'requestId' | 'event' | 'clockAhead'>,
    timeoutMilliseconds: number,
    timedOut: () => FunctionError,
  ): Promise<string | undefined> {
    const id = (this.#last += 1);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#running.delete(id);
        reject(timedOut());
      }, timeoutMilliseconds);
      this.#running.set(id, { requestId, resolve, reject, timer });
      const deadline = Date.now() + timeoutMilliseconds;
      this.#worker.postMessage({ id, requestId, event, deadline, clockAhead } satisfies Invoke);
    });
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  terminateWhenIdle(): void {
    this.#leaving = true;
    if (this.#running.size === 0) void this.#worker.terminate();
  }

  #finish(outcome: Exclude<Outcome, { readonly kind: 'ready' }>): void {
    const running = this.#running.get(outcome.id);
    this.#running.delete(outcome.id);
    if (running) {
      clearTimeout(running.timer);
      if (outcome.kind === 'failed') running.reject(new FunctionError(running.requestId, outcome));
      else running.resolve(outcome.result);
    }
    if (this.#leaving) this.terminateWhenIdle();
  }
}

function eachLine(stream: Readable, notify: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Infinity }).on('line', notify);
}

/** Structured logs go to standard output at every level. */
function isErrorLine(line: string): boolean {
  return /"level":\s*"(error|fatal|critical)"/i.test(line);
}
