import { AsyncLocalStorage } from 'node:async_hooks';
import { Logger } from '@aws-lambda-powertools/logger';

/** The fields of a log line besides its message: names, ids and counts, but never article text or a secret. */
export type About = Readonly<Record<string, unknown>>;

let made: Logger | undefined;
/**
 * The logger is created with the first line: most invocations write none, and creating it would slow the cold start.
 */
const logger = (): Logger =>
  (made ??= new Logger({ serviceName: process.env['AWS_LAMBDA_FUNCTION_NAME'] ?? 'pressrun' }));
const underWay = new AsyncLocalStorage<string>();

/** Runs `work` with the correlation id as a field of every log line. */
export async function correlated<T>(correlationId: string | undefined, work: () => Promise<T>): Promise<T> {
  return correlationId === undefined ? work() : underWay.run(correlationId, work);
}

/** Returns the correlation id of the work in progress; undefined outside `correlated`. */
export function correlationIdUnderWay(): string | undefined {
  return underWay.getStore();
}

export function logInfo(message: string, about: About = {}): void {
  logger().info(message, withCorrelationId(about));
}

export function logWarning(message: string, about: About = {}): void {
  logger().warn(message, withCorrelationId(about));
}

/** Logs an error's message and stack. Other properties of the error may contain article text and are left out. */
export function logFailure(error: unknown, about: About = {}): void {
  const message = messageOf(error);
  logger().error(message, {
    ...withCorrelationId(about),
    ...(error instanceof Error && { error: error.name, stack: placesIn(error) }),
  });
}

function withCorrelationId(about: About): Record<string, unknown> {
  const correlationId = correlationIdUnderWay();
  return { ...(correlationId !== undefined && { correlationId }), ...about };
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // The message of a parser's error quotes the input.
  return error instanceof SyntaxError ? 'the input is not valid JSON' : error.message;
}

function placesIn({ stack = '' }: Error): string[] {
  return stack
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '));
}
