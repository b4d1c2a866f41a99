import { AsyncLocalStorage } from 'node:async_hooks';
import { Logger } from '@aws-lambda-powertools/logger';

/** What a line says beside its message: names, ids, counts. Never a word of a story, never a secret. */
export type About = Readonly<Record<string, unknown>>;

let made: Logger | undefined;
/** Made with the first line: most invocations write none, and a cold start need not wait for its streams. */
const logger = (): Logger =>
  (made ??= new Logger({ serviceName: process.env['AWS_LAMBDA_FUNCTION_NAME'] ?? 'pressrun' }));
const underWay = new AsyncLocalStorage<string>();

/** Every line that is written meanwhile names the CMS's request that caused it. */
export async function correlated<T>(correlationId: string | undefined, work: () => Promise<T>): Promise<T> {
  return correlationId === undefined ? work() : underWay.run(correlationId, work);
}

/** The CMS's request that is worked on. */
export function correlationIdUnderWay(): string | undefined {
  return underWay.getStore();
}

export function logInfo(message: string, about: About = {}): void {
  logger().info(message, said(about));
}

export function logWarning(message: string, about: About = {}): void {
  logger().warn(message, said(about));
}

/** What went wrong and where in the code; what an error carries beside that may be content. */
export function logFailure(error: unknown, about: About = {}): void {
  const message = messageOf(error);
  logger().error(message, {
    ...said(about),
    ...(error instanceof Error && { error: error.name, stack: placesIn(error) }),
  });
}

function said(about: About): Record<string, unknown> {
  const correlationId = correlationIdUnderWay();
  return { ...(correlationId !== undefined && { correlationId }), ...about };
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A parser quotes what it could not read.
  return error instanceof SyntaxError ? 'what should be JSON is not' : error.message;
}

function placesIn({ stack = '' }: Error): string[] {
  return stack
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '));
}
