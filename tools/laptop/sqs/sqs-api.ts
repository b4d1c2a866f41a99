import { setTimeout as delay } from 'node:timers/promises';
import { AwsError, unknownOperation } from '../aws-error.ts';
import type { Fields } from '../fields.ts';
import {
  md5OfAttributes,
  md5OfBody,
  type MessageAttribute,
  type MessageAttributes,
  type Queue,
  type ReceivedMessage,
} from './queue.ts';
import type { Queues } from './queues.ts';
import { accountId } from '../cloudformation/template.ts';

type Answer = Readonly<Record<string, unknown>>;
type Entry = Readonly<Record<string, unknown>>;

const longestMessageBytes = 1_048_576;
/** SQS rejects characters that XML cannot hold. A pair of surrogates is one valid character. */
const forbiddenCharacter = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** SQS's operations, as its JSON protocol has them. */
export class SqsApi {
  readonly #queues: Queues;
  readonly #moves: Answer[] = [];
  readonly #stopping = new AbortController();

  constructor(queues: Queues) {
    this.#queues = queues;
  }

  async call(operation: string, input: Fields): Promise<Answer> {
    switch (operation) {
      case 'SendMessage':
        return this.#send(this.#queue(input), input);
      case 'SendMessageBatch':
        return this.#each(input, (queue, entry) => this.#send(queue, entry));
      case 'ReceiveMessage':
        return this.#receive(this.#queue(input), input);
      case 'DeleteMessage':
        this.#queue(input).delete(input.text('ReceiptHandle'));
        return {};
      case 'DeleteMessageBatch':
        return this.#each(input, (queue, entry) => {
          queue.delete(entry.text('ReceiptHandle'));
          return {};
        });
      case 'ChangeMessageVisibility':
        changeVisibility(this.#queue(input), input);
        return {};
      case 'ChangeMessageVisibilityBatch':
        return this.#each(input, (queue, entry) => {
          changeVisibility(queue, entry);
          return {};
        });
      case 'GetQueueUrl':
        return { QueueUrl: this.#named(input.text('QueueName')).url };
      case 'ListQueues': {
        const prefix = input.optionalText('QueueNamePrefix') ?? '';
        return {
          QueueUrls: Array.from(this.#queues.all(), ({ url }) => url).filter((url) =>
            url.slice(url.lastIndexOf('/') + 1).startsWith(prefix),
          ),
        };
      }
      case 'ListDeadLetterSourceQueues': {
        const { arn } = this.#queue(input);
        return {
          queueUrls: Array.from(this.#queues.all())
            .filter(({ settings }) => settings.redrive?.deadLetterArn === arn)
            .map(({ url }) => url),
        };
      }
      case 'GetQueueAttributes':
        return { Attributes: attributesOf(this.#queue(input), input.texts('AttributeNames')) };
      case 'SetQueueAttributes':
        throw new AwsError(
          'UnsupportedOperation',
          'a queue has the attributes that the CDK app gives it: change them there',
        );
      case 'PurgeQueue':
        this.#queue(input).purge();
        return {};
      case 'StartMessageMoveTask':
        return this.#startMove(input);
      case 'ListMessageMoveTasks':
        return {
          Results: this.#moves
            .filter(({ SourceArn }) => SourceArn === input.text('SourceArn'))
            .slice(0, input.optionalInteger('MaxResults') ?? 1),
        };
      case 'ListQueueTags':
        return { Tags: {} };
      default:
        throw unknownOperation('SQS', operation);
    }
  }

  /** Answers everyone who waits for messages. */
  close(): void {
    this.#stopping.abort();
  }

  #queue(input: Fields): Queue {
    const url = input.text('QueueUrl');
    return this.#queues.atUrl(url) ?? this.#named(url);
  }

  #named(name: string): Queue {
    const queue = this.#queues.named(name);
    if (queue) return queue;
    throw new AwsError(
      'QueueDoesNotExist',
      `There is no queue ${name}; this stack has ${Array.from(this.#queues.all(), (known) => known.name).join(', ')}`,
    );
  }

  async #send(queue: Queue, input: Fields): Promise<Answer> {
    const body = input.text('MessageBody');
    const attributes = messageAttributes(input.optionalFields('MessageAttributes'));
    checkAttributes(attributes);
    if (body === '') throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
    if (forbiddenCharacter.test(body))
      throw new AwsError('InvalidMessageContents', 'The message has a character that XML cannot hold.');
    if (Buffer.byteLength(body) + sizeOf(attributes) > longestMessageBytes) {
      throw new AwsError(
        'InvalidParameterValue',
        `One or more parameters are invalid. Reason: Message must be shorter than ${longestMessageBytes} bytes.`,
      );
    }
    const delaySeconds = input.optionalInteger('DelaySeconds');
    if (delaySeconds !== undefined && (delaySeconds < 0 || delaySeconds > 900)) {
      throw new AwsError(
        'InvalidParameterValue',
        `Value ${delaySeconds} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
      );
    }
    const { id } = await this.#queues.send(queue, body, {
      attributes,
      ...(delaySeconds !== undefined && { delaySeconds }),
    });
    const attributesDigest = md5OfAttributes(attributes);
    return {
      MessageId: id,
      MD5OfMessageBody: md5OfBody(body),
      ...(attributesDigest !== undefined && { MD5OfMessageAttributes: attributesDigest }),
    };
  }

  async #receive(queue: Queue, input: Fields): Promise<Answer> {
    const atMost = input.optionalInteger('MaxNumberOfMessages') ?? 1;
    const waitSeconds = input.optionalInteger('WaitTimeSeconds') ?? queue.settings.receiveWaitSeconds;
    const visibilitySeconds = input.optionalInteger('VisibilityTimeout');
    if (atMost < 1 || atMost > 10)
      throw new AwsError('InvalidParameterValue', 'MaxNumberOfMessages must be between 1 and 10.');
    if (waitSeconds < 0 || waitSeconds > 20)
      throw new AwsError('InvalidParameterValue', 'WaitTimeSeconds must be between 0 and 20.');
    const messages = await queue.receive({
      atMost,
      waitMilliseconds: waitSeconds * 1000,
      signal: this.#stopping.signal,
      ...(visibilitySeconds !== undefined && { visibilitySeconds }),
    });
    const systemNames = [...input.texts('AttributeNames'), ...input.texts('MessageSystemAttributeNames')];
    const names = input.texts('MessageAttributeNames');
    return messages.length === 0 ? {} : { Messages: messages.map((message) => received(message, systemNames, names)) };
  }

  async #each(input: Fields, act: (queue: Queue, entry: Fields) => Answer | Promise<Answer>): Promise<Answer> {
    const queue = this.#queue(input);
    const entries = input.fieldsList('Entries');
    if (entries.length === 0) throw new AwsError('EmptyBatchRequest', "The batch request doesn't contain any entries.");
    if (entries.length > 10)
      throw new AwsError('TooManyEntriesInBatchRequest', 'Maximum number of entries per request are 10.');
    const ids = entries.map((entry) => entry.text('Id'));
    if (new Set(ids).size < ids.length)
      throw new AwsError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
    if (!ids.every((id) => /^[\w-]{1,80}$/.test(id)))
      throw new AwsError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      );
    if (entries.reduce((bytes, entry) => bytes + bytesOf(entry), 0) > longestMessageBytes) {
      throw new AwsError('BatchRequestTooLong', `Batch requests cannot be longer than ${longestMessageBytes} bytes.`);
    }
    const successful: Entry[] = [];
    const failed: Entry[] = [];
    await Promise.all(
      entries.map(async (entry, index) => {
        const Id = ids[index];
        try {
          successful.push({ Id, ...(await act(queue, entry)) });
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          failed.push({ Id, SenderFault: true, Code: error.code, Message: error.message });
        }
      }),
    );
    return { Successful: successful, Failed: failed };
  }

  /** SQS's own redrive: moves all messages of a dead-letter queue to their queue, or to the one that is named. */
  #startMove(input: Fields): Answer {
    const sourceArn = input.text('SourceArn');
    const destinationArn = input.optionalText('DestinationArn');
    const source = this.#queues.withArn(sourceArn);
    if (!source) throw new AwsError('ResourceNotFoundException', `There is no queue ${sourceArn}`);
    const destination = destinationArn === undefined ? undefined : this.#queues.withArn(destinationArn);
    if (destinationArn !== undefined && !destination)
      throw new AwsError('ResourceNotFoundException', `There is no queue ${destinationArn}`);
    const task = {
      TaskHandle: Buffer.from(`${sourceArn} ${Date.now()}`).toString('base64'),
      Status: 'RUNNING',
      SourceArn: sourceArn,
      ...(destinationArn !== undefined && { DestinationArn: destinationArn }),
      ApproximateNumberOfMessagesMoved: 0,
      ApproximateNumberOfMessagesToMove: source.counts().ready,
      StartedTimestamp: Date.now(),
    };
    this.#moves.unshift(task);
    void this.#move(source, destination, task);
    return { TaskHandle: task.TaskHandle };
  }

  async #move(
    source: Queue,
    destination: Queue | undefined,
    task: { Status: string; ApproximateNumberOfMessagesMoved: number; FailureReason?: string },
  ): Promise<void> {
    try {
      for (;;) {
        const messages = await source.receive({ atMost: 100, waitMilliseconds: 0 });
        if (messages.length === 0) break;
        for (const message of messages) {
          const to = destination ?? this.#queues.withArn(message.deadLetterSource ?? '');
          // Messages sent to the dead-letter queue directly have no source to go back to.
          if (!to) {
            task.FailureReason = 'CouldNotDetermineMessageSource';
            continue;
          }
          await this.#queues.move(source, message.receiptHandle, to);
          task.ApproximateNumberOfMessagesMoved += 1;
        }
        await delay(0);
      }
      task.Status = task.FailureReason === undefined ? 'COMPLETED' : 'FAILED';
    } catch (error) {
      task.Status = 'FAILED';
      task.FailureReason = String(error);
    }
  }
}

function changeVisibility(queue: Queue, input: Fields): void {
  const seconds = input.integer('VisibilityTimeout');
  if (seconds < 0 || seconds > 43_200)
    throw new AwsError('InvalidParameterValue', 'VisibilityTimeout must be between 0 and 43200.');
  if (!queue.changeVisibility(input.text('ReceiptHandle'), seconds)) {
    throw new AwsError('MessageNotInflight', 'The message referred to is not in flight.');
  }
}

function messageAttributes(input: Fields | undefined): MessageAttributes {
  return Object.fromEntries(
    Object.keys(input?.record ?? {}).map((name): [string, MessageAttribute] => {
      const attribute = input?.fields(name);
      const text = attribute?.optionalText('StringValue');
      const binary = attribute?.optionalText('BinaryValue');
      return [
        name,
        {
          DataType: attribute?.text('DataType') ?? '',
          ...(text !== undefined && { StringValue: text }),
          ...(binary !== undefined && { BinaryValue: binary }),
        },
      ];
    }),
  );
}

const maxAttributes = 10;

function checkAttributes(attributes: MessageAttributes): void {
  const names = Object.keys(attributes);
  if (names.length > maxAttributes)
    throw new AwsError(
      'InvalidParameterValue',
      `Number of message attributes [${names.length}] exceeds the allowed maximum [${maxAttributes}].`,
    );
  for (const name of names)
    if (!/^(?!AWS\.|Amazon\.|\.)[\w-]+(?:\.[\w-]+)*$/i.test(name) || name.length > 256)
      throw new AwsError('InvalidParameterValue', `The message attribute name '${name}' is invalid.`);
}

/** The size of a batch's entry, which has no body where messages are deleted or hidden. */
function bytesOf(entry: Fields): number {
  const body = entry.optionalText('MessageBody') ?? '';
  return Buffer.byteLength(body) + sizeOf(messageAttributes(entry.optionalFields('MessageAttributes')));
}

function sizeOf(attributes: MessageAttributes): number {
  return Object.entries(attributes).reduce(
    (bytes, [name, { DataType, StringValue = '', BinaryValue = '' }]) =>
      bytes + Buffer.byteLength(name + DataType + StringValue) + Buffer.byteLength(BinaryValue, 'base64'),
    0,
  );
}

/** A message's system attributes: all that SQS itself knows of it. */
export function systemAttributesOf(message: ReceivedMessage): Readonly<Record<string, string>> {
  return {
    SenderId: accountId,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
    ...(message.deadLetterSource !== undefined && { DeadLetterQueueSourceArn: message.deadLetterSource }),
  };
}

function received(message: ReceivedMessage, systemNames: readonly string[], names: readonly string[]): Answer {
  const system = Object.entries(systemAttributesOf(message)).filter(
    ([name]) => systemNames.includes('All') || systemNames.includes(name),
  );
  const attributes = Object.fromEntries(
    Object.entries(message.attributes).filter(([name]) => names.some((wanted) => asksFor(wanted, name))),
  );
  const attributesDigest = md5OfAttributes(attributes);
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: md5OfBody(message.body),
    Body: message.body,
    ...(system.length > 0 && { Attributes: Object.fromEntries(system) }),
    ...(attributesDigest !== undefined && { MessageAttributes: attributes, MD5OfMessageAttributes: attributesDigest }),
  };
}

function asksFor(wanted: string, name: string): boolean {
  return (
    wanted === 'All' ||
    wanted === '.*' ||
    wanted === name ||
    (wanted.endsWith('.*') && name.startsWith(wanted.slice(0, -2)))
  );
}

function attributesOf(queue: Queue, names: readonly string[]): Answer {
  const { ready, inFlight, delayed } = queue.counts();
  const { visibilitySeconds, delaySeconds, retentionSeconds, receiveWaitSeconds, redrive } = queue.settings;
  const created = String(Math.floor(queue.createdAt / 1000));
  const all: Readonly<Record<string, string>> = {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(ready),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: created,
    LastModifiedTimestamp: created,
    VisibilityTimeout: String(visibilitySeconds),
    DelaySeconds: String(delaySeconds),
    MaximumMessageSize: String(longestMessageBytes),
    MessageRetentionPeriod: String(retentionSeconds),
    ReceiveMessageWaitTimeSeconds: String(receiveWaitSeconds),
    ...(redrive && {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: redrive.deadLetterArn,
        maxReceiveCount: redrive.maxReceiveCount,
      }),
    }),
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes('All') || names.includes(name)));
}
