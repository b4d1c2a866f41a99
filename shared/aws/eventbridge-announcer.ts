import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Announcement } from '../announcement.ts';
import type { Announcer } from '../ports.ts';

/** PutEvents takes ten entries a call. */
const mostEntries = 10;

/** Announcements on the bus, as `source: "pressrun"`. */
export class EventBridgeAnnouncer implements Announcer {
  readonly #eventBridge: EventBridgeClient;
  readonly #bus: string;

  constructor(eventBridge: EventBridgeClient, bus: string) {
    this.#eventBridge = eventBridge;
    this.#bus = bus;
  }

  async announce(announcements: readonly Announcement[]): Promise<void> {
    for (let start = 0; start < announcements.length; start += mostEntries) {
      const { FailedEntryCount = 0, Entries = [] } = await this.#eventBridge.send(
        new PutEventsCommand({
          Entries: announcements.slice(start, start + mostEntries).map(({ type, detail }) => ({
            EventBusName: this.#bus,
            Source: 'pressrun',
            DetailType: type,
            Detail: JSON.stringify(detail),
          })),
        }),
      );
      // A partly refused call is repeated whole: every announcement carries an id that repeats share.
      if (FailedEntryCount > 0)
        throw new Error(
          `the bus refused ${FailedEntryCount} announcements: ${Entries.find((entry) => entry.ErrorCode)?.ErrorCode ?? 'unknown'}`,
        );
    }
  }
}
