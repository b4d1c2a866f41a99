import type { AwsClient } from './aws-client.ts';

/** PutEvents takes ten entries and one megabyte a call. */
const mostEntries = 10;
const mostBytes = 1_000_000;

export interface EventEntry {
  readonly EventBusName: string;
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
}

/** Puts events on a bus, in as few calls as they fit; throws unless every one was taken. */
export async function putEvents(aws: AwsClient, entries: readonly EventEntry[]): Promise<void> {
  for (const call of calls(entries)) {
    const answer = (await aws.json('events', 'AWSEvents.PutEvents', { Entries: call })) as {
      readonly FailedEntryCount?: number;
      readonly Entries?: readonly { readonly ErrorCode?: string }[];
    };
    if (answer.FailedEntryCount !== 0)
      throw new Error(
        `the bus refused ${answer.FailedEntryCount ?? 'some'} events: ${answer.Entries?.find(({ ErrorCode }) => ErrorCode)?.ErrorCode ?? 'unknown'}`,
      );
  }
}

function calls(entries: readonly EventEntry[]): EventEntry[][] {
  const made: EventEntry[][] = [];
  let bytes = Infinity;
  for (const entry of entries) {
    const size = Buffer.byteLength(entry.Detail) + 200;
    const last = made.at(-1);
    if (last === undefined || last.length >= mostEntries || bytes + size > mostBytes) {
      made.push([entry]);
      bytes = size;
    } else {
      last.push(entry);
      bytes += size;
    }
  }
  return made;
}
