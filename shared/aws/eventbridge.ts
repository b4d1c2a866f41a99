import { PutEventsCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Announcer, Bus } from '../events/ports.ts';

/** PutEvents takes up to ten entries and one megabyte in a call. */
const maxEntries = 10;
const maxBytes = 1_000_000;

export interface EventEntry {
  readonly EventBusName: string;
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
}

/**
 * Puts events of CMSes on the bus. If a call fails in part, the caller repeats all of it: a repeated event is the same
 * version.
 */
export const eventBridgeBus = (eventBridge: EventBridgeClient, bus: string): Bus => ({
  put: (events) =>
    putEvents(
      eventBridge,
      events.map(({ source, type, detail }) => ({
        EventBusName: bus,
        Source: source,
        DetailType: type,
        Detail: JSON.stringify(detail),
      })),
    ),
});

/**
 * Puts announcements on the bus. If a call fails in part, the caller repeats all of it: a repeated announcement has the
 * same id.
 */
export const eventBridgeAnnouncer = (eventBridge: EventBridgeClient, bus: string): Announcer => ({
  announce: (announcements) =>
    eventBridgeBus(eventBridge, bus).put(
      announcements.map((announcement) => ({ source: 'pressrun', ...announcement })),
    ),
});

/** Puts events on a bus in as few calls as possible. Throws unless the bus took every one. */
export async function putEvents(eventBridge: EventBridgeClient, entries: readonly EventEntry[]): Promise<void> {
  for (const call of calls(entries)) {
    const { FailedEntryCount, Entries = [] } = await eventBridge.send(new PutEventsCommand({ Entries: call }));
    if (FailedEntryCount !== 0) {
      const refused = Entries.find(({ ErrorCode }) => ErrorCode !== undefined);
      throw new Error(
        `the bus refused ${FailedEntryCount ?? 'some'} events: ${refused?.ErrorCode ?? 'unknown'} ${refused?.ErrorMessage ?? ''}`.trim(),
      );
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
