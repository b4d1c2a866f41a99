import { PutEventsCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge';

/** PutEvents takes ten entries and one megabyte a call. */
const maxEntries = 10;
const maxBytes = 1_000_000;

export interface EventEntry {
  readonly EventBusName: string;
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
}

/** Puts events on a bus, in as few calls as they fit. Throws unless every one was taken. */
export async function putEvents(eventBridge: EventBridgeClient, entries: readonly EventEntry[]): Promise<void> {
  for (const call of calls(entries)) {
    const { FailedEntryCount, Entries = [] } = await eventBridge.send(new PutEventsCommand({ Entries: call }));
    if (FailedEntryCount !== 0) {
      const refused = Entries.find(({ ErrorCode }) => ErrorCode !== undefined);
      throw new Error(`the bus refused ${FailedEntryCount ?? 'some'} events: ${refused?.ErrorCode ?? 'unknown'} ${refused?.ErrorMessage ?? ''}`.trim());
    }
  }
}

function calls(entries: readonly EventEntry[]): EventEntry[][] {
  const made: EventEntry[][] = [];
  let bytes = Infinity;
  for (const entry of entries) {
    const size = Buffer.byteLength(entry.Detail) + 200;
    const last = made.at(-1);
    if (last === undefined || last.length >= maxEntries || bytes + size > maxBytes) {
      made.push([entry]);
      bytes = size;
    } else {
      last.push(entry);
      bytes += size;
    }
  }
  return made;
}
