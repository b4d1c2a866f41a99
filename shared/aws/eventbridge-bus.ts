import type { Bus, BusEvent } from '../ports.ts';
import type { SignedFetch } from './signed-fetch.ts';

/** PutEvents takes ten entries and one megabyte a call. */
const mostEntries = 10;
const mostBytes = 1_000_000;

/** What a CMS said, on the bus. */
export class EventBridgeBus implements Bus {
  readonly #aws: SignedFetch;
  readonly #bus: string;

  constructor(aws: SignedFetch, bus: string) {
    this.#aws = aws;
    this.#bus = bus;
  }

  async put(events: readonly BusEvent[]): Promise<void> {
    for (const call of calls(events.map((event) => this.#entry(event)))) {
      const answer = (await this.#aws.json('events', 'AWSEvents.PutEvents', { Entries: call })) as {
        readonly FailedEntryCount?: number;
        readonly Entries?: readonly { readonly ErrorCode?: string }[];
      };
      // A partly refused call is repeated whole by whoever called: a message sent twice is one version.
      if (answer.FailedEntryCount !== 0)
        throw new Error(
          `the bus refused ${answer.FailedEntryCount ?? 'some'} events: ${answer.Entries?.find(({ ErrorCode }) => ErrorCode)?.ErrorCode ?? 'unknown'}`,
        );
    }
  }

  #entry({ source, type, detail }: BusEvent) {
    return { EventBusName: this.#bus, Source: source, DetailType: type, Detail: JSON.stringify(detail) };
  }
}

function calls<Entry extends { readonly Detail: string }>(entries: readonly Entry[]): Entry[][] {
  const made: Entry[][] = [];
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
