import { existsSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { Invoke, Outcome, Bundle } from './function-runtime.ts';

/** Runs in a worker thread: loads one function's bundle as Lambda's runtime would, and answers invocations. */

type Handler = (event: unknown, context: unknown) => unknown;

const { directory, handler: handlerName, functionName, functionArn, memoryMegabytes } = workerData as Bundle;

function send(message: Outcome): void {
  parentPort?.postMessage(message);
}

function errorOf(error: unknown): {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly stackTrace: readonly string[];
} {
  return error instanceof Error
    ? {
        errorType: error.name,
        errorMessage: error.message,
        stackTrace:
          error.stack
            ?.split('\n')
            .slice(1)
            .map((line) => line.trim()) ?? [],
      }
    : { errorType: typeof error, errorMessage: String(error), stackTrace: [] };
}

/** In AWS there is no directory above a bundle. Here, a package.json above must not turn CommonJS into a module. */
function forgetPackagesAbove(): void {
  if (existsSync(join(directory, 'package.json'))) return;
  const inside = pathToFileURL(join(directory, '/')).href;
  registerHooks({
    load: (url, context, next) =>
      next(url, url.startsWith(inside) && url.endsWith('.js') ? { ...context, format: 'commonjs' } : context),
  });
}

function load(): Handler {
  const [file = '', name = ''] = handlerName.split('.');
  const path = join(directory, `${file}.js`);
  const module = createRequire(path)(path) as Readonly<Record<string, unknown>>;
  const handler = module[name];
  if (typeof handler !== 'function') throw new Error(`${handlerName} is undefined or not exported`);
  return handler as Handler;
}

/** Before the bundle is loaded, because it keeps `Date.now`. */
const rightNow = Date.now;
let clockAhead = 0;
Date.now = () => rightNow() + clockAhead;

async function answer(handler: Handler, { id, requestId, event, deadline, clockAhead: ahead }: Invoke): Promise<void> {
  clockAhead = ahead;
  try {
    const result = await handler(JSON.parse(event), {
      awsRequestId: requestId,
      callbackWaitsForEmptyEventLoop: true,
      functionName,
      functionVersion: '$LATEST',
      invokedFunctionArn: functionArn,
      logGroupName: `/aws/lambda/${functionName}`,
      logStreamName: 'local',
      memoryLimitInMB: String(memoryMegabytes),
      getRemainingTimeInMillis: () => deadline - rightNow(),
    });
    // As in Lambda, the result loses everything that JSON leaves out.
    send({ kind: 'succeeded', id, result: JSON.stringify(result) });
  } catch (error) {
    send({ kind: 'failed', id, ...errorOf(error) });
  }
}

forgetPackagesAbove();
const handler = load();
parentPort?.on('message', (invoke: Invoke) => void answer(handler, invoke));
send({ kind: 'ready' });
