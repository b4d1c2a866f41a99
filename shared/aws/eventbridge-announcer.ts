import type { Announcement } from '../announcement.ts';
import type { Announcer } from '../ports.ts';
import type { AwsClient } from './aws-client.ts';
import { putEvents } from './eventbridge.ts';

/** Announcements on the bus, as `source: "pressrun"`. */
export class EventBridgeAnnouncer implements Announcer {
  readonly #aws: AwsClient;
  readonly #bus: string;

  constructor(aws: AwsClient, bus: string) {
    this.#aws = aws;
    this.#bus = bus;
  }

  async announce(announcements: readonly Announcement[]): Promise<void> {
    // A partly refused call is repeated whole: every announcement carries an id that repeats share.
    await putEvents(
      this.#aws,
      announcements.map(({ type, detail }) => ({
        EventBusName: this.#bus,
        Source: 'pressrun',
        DetailType: type,
        Detail: JSON.stringify(detail),
      })),
    );
  }
}
