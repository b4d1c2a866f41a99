import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Announcement } from '../announcement.ts';
import type { Announcer } from '../ports.ts';
import { putEvents } from './eventbridge.ts';

/** Announcements on the bus, as `source: "pressrun"`. */
export class EventBridgeAnnouncer implements Announcer {
  readonly #eventBridge: EventBridgeClient;
  readonly #bus: string;

  constructor(eventBridge: EventBridgeClient, bus: string) {
    this.#eventBridge = eventBridge;
    this.#bus = bus;
  }

  async announce(announcements: readonly Announcement[]): Promise<void> {
    // A partly refused call is repeated whole: every announcement carries an id that repeats share.
    await putEvents(
      this.#eventBridge,
      announcements.map(({ type, detail }) => ({
        EventBusName: this.#bus,
        Source: 'pressrun',
        DetailType: type,
        Detail: JSON.stringify(detail),
      })),
    );
  }
}
