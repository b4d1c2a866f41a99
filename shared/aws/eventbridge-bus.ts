import type { Bus, BusEvent } from '../ports.ts';
import type { AwsClient } from './aws-client.ts';
import { putEvents } from './eventbridge.ts';

/** What a CMS said, on the bus. */
export class EventBridgeBus implements Bus {
  readonly #aws: AwsClient;
  readonly #bus: string;

  constructor(aws: AwsClient, bus: string) {
    this.#aws = aws;
    this.#bus = bus;
  }

  async put(events: readonly BusEvent[]): Promise<void> {
    // A partly refused call is repeated whole by whoever called: a message sent twice is one version.
    await putEvents(
      this.#aws,
      events.map(({ source, type, detail }) => ({ EventBusName: this.#bus, Source: source, DetailType: type, Detail: JSON.stringify(detail) })),
    );
  }
}
