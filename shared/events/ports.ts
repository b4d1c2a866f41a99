import type { Announcement } from './announcement.ts';

/** Puts announcements on the bus. Throws unless the bus took every one. */
export interface Announcer {
  announce(announcements: readonly Announcement[]): Promise<void>;
}

/** A subscriber's webhook. */
export interface Webhook {
  /** Returns the status of the response, whichever it is. Throws if there was no response. */
  post(headers: Readonly<Record<string, string>>, body: string): Promise<number>;
}

/** The queue of rejected events, stored as received. */
export interface RejectionQueue {
  keep(body: string): Promise<void>;
}

/** An event for the bus, made by a webhook endpoint or a sweep. */
export interface BusEvent {
  /** `cms.<name>`. */
  readonly source: string;
  readonly type: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Puts events on the bus. Throws unless the bus took every one. */
export interface Bus {
  put(events: readonly BusEvent[]): Promise<void>;
}

/** The storage of details that are too large for the bus. */
export interface PayloadStore {
  /** Idempotent: a key always has the same text. */
  put(key: string, text: string): Promise<void>;
  /** Returns undefined if there is no such payload. */
  fetch(key: string): Promise<string | undefined>;
}
