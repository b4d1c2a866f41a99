import { availableParallelism } from 'node:os';
import type { Fields } from '../fields.ts';
import type { FunctionRuntime } from './function-runtime.ts';
import { QueueSource } from '../sqs/queue-source.ts';
import type { Queues } from '../sqs/queues.ts';
import { StreamSource } from '../dynamodb/stream-source.ts';
import type { TableStream } from '../dynamodb/table-stream.ts';
import type { Resource } from '../cloudformation/template.ts';

export interface EventSource {
  start(): void;
  stop(): Promise<void>;
}

export interface EventSourceSurroundings {
  /** Functions by name, as mappings refer to them. */
  readonly functions: ReadonlyMap<string, FunctionRuntime>;
  readonly queues: Queues;
  readonly streams: readonly TableStream[];
  readonly report: (error: unknown) => void;
  readonly warn: (line: string) => void;
}

/**
 * Lambda gives each batch a machine of its own; here they share a few cores. Were as many under way as the mapping
 * allows, a burst would bring all of them over their timeout, where it should only wait in the queue.
 */
const maxAtOnce = 2 * availableParallelism();

/** The event source of a mapping. Undefined if the mapping is disabled or its source does not exist on a laptop. */
export function eventSourceOf(
  { logicalId, properties }: Resource,
  surroundings: EventSourceSurroundings,
): EventSource | undefined {
  const { functions, queues, streams, report, warn } = surroundings;
  if (properties.has('Enabled') && !properties.flag('Enabled')) return undefined;
  const functionName = properties.text('FunctionName');
  const runtime = functions.get(functionName.slice(functionName.lastIndexOf(':') + 1));
  if (!runtime) throw new Error(`${logicalId}.FunctionName is ${functionName}, which is no function of this stack`);
  const sourceArn = properties.text('EventSourceArn');
  const windowMilliseconds = (properties.optionalInteger('MaximumBatchingWindowInSeconds') ?? 0) * 1000;
  const reportsItemFailures = properties.texts('FunctionResponseTypes').includes('ReportBatchItemFailures');
  const patterns = patternsOf(properties, logicalId);
  const queue = queues.withArn(sourceArn);
  if (queue) {
    return new QueueSource(queue, runtime, {
      batchSize: properties.optionalInteger('BatchSize') ?? 10,
      windowMilliseconds,
      concurrency: Math.min(
        maxAtOnce,
        properties.optionalFields('ScalingConfig')?.optionalInteger('MaximumConcurrency') ?? maxAtOnce,
      ),
      reportsItemFailures,
      patterns,
    });
  }
  const stream = streams.find(({ arn }) => arn === sourceArn);
  if (!stream) {
    warn(`${logicalId} reads from ${sourceArn}, which is neither a queue nor a table's stream: not run`);
    return undefined;
  }
  const maxRetries = limitOf(properties, 'MaximumRetryAttempts');
  const oldestSeconds = limitOf(properties, 'MaximumRecordAgeInSeconds');
  const destination = properties.optionalFields('DestinationConfig')?.optionalFields('OnFailure')?.text('Destination');
  const failures = destination === undefined ? undefined : queues.withArn(destination);
  if (destination !== undefined && !failures)
    warn(`${logicalId} sends what failed to ${destination}, which is no queue of this stack`);
  return new StreamSource(stream, runtime, {
    id: logicalId,
    batchSize: properties.optionalInteger('BatchSize') ?? 100,
    windowMilliseconds,
    concurrency: maxAtOnce,
    lanes: properties.optionalInteger('ParallelizationFactor') ?? 1,
    patterns,
    reportsItemFailures,
    bisects: properties.flag('BisectBatchOnFunctionError'),
    ...(maxRetries !== undefined && { maxRetries }),
    ...(oldestSeconds !== undefined && { oldestSeconds }),
    ...(failures && {
      onFailure: async (message: string) => {
        await queues.send(failures, message);
      },
    }),
    report,
  });
}

function patternsOf(properties: Fields, logicalId: string): readonly unknown[] {
  return (properties.optionalFields('FilterCriteria')?.fieldsList('Filters') ?? []).map((filter) => {
    try {
      return JSON.parse(filter.text('Pattern')) as unknown;
    } catch (error) {
      throw new Error(`${logicalId}.FilterCriteria is not JSON`, { cause: error });
    }
  });
}

/** Lambda writes "no limit" as -1. */
function limitOf(properties: Fields, name: string): number | undefined {
  const limit = properties.optionalInteger(name);
  return limit === -1 ? undefined : limit;
}
