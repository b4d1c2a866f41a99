import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Bus, BusEvent } from '../ports.ts';
import { putEvents } from './eventbridge.ts';

/** What a CMS said, on the bus. */
export class EventBridgeBus implements Bus {
  readonly #eventBridge: EventBridgeClient;
  readonly #bus: string;

  constructor(eventBridge: EventBridgeClient, bus: string) {
    this.#eventBridge = eventBridge;
    this.#bus = bus;
  }

  async put(events: readonly BusEvent[]): Promise<void> {
    // A partly refused call is repeated whole by whoever called: a message sent twice is one version.
    await putEvents(
      this.#eventBridge,
      events.map(({ source, type, detail }) => ({ EventBusName: this.#bus, Source: source, DetailType: type, Detail: JSON.stringify(detail) })),
    );
  }
}
