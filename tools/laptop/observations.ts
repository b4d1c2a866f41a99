import type { Capacity } from './dynamodb/capacity.ts';
import type { AwsService } from './faults.ts';

/** An event as the local bus delivers it. `time` is ISO 8601 with whole seconds, as in EventBridge. */
export interface BusEvent {
  readonly id: string;
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: unknown;
  readonly time: string;
}

/** Something that the local stack saw happen, with the epoch milliseconds at which it saw it. */
export type Observation =
  | { readonly kind: 'bus-event'; readonly event: BusEvent; readonly at: number }
  | {
      readonly kind: 'table-write';
      readonly table: string;
      readonly key: Readonly<Record<string, unknown>>;
      readonly at: number;
    }
  | {
      readonly kind: 'invocation';
      readonly functionName: string;
      readonly ok: boolean;
      readonly milliseconds: number;
      readonly at: number;
    }
  /** Of a stack that is metered: one call over AWS's wire protocols, and the capacity that DynamoDB would bill for it. */
  | {
      readonly kind: 'call';
      readonly caller: string;
      readonly service: AwsService;
      readonly operation: string;
      readonly capacity?: Capacity;
      readonly partition?: string;
      readonly at: number;
    }
  /** `received` by a function's event source or over the wire. */
  | {
      readonly kind: 'message';
      readonly queue: string;
      readonly step: 'sent' | 'received' | 'deleted';
      readonly at: number;
    };

/**
 * Observations of the running stack. The trace is drawn from the stack's side, so that functions need no code for it
 * that production does not have. Keys of a `table-write` are plain values (`{ articleId: '…', sk: 'v#…' }`), not
 * DynamoDB's typed attributes.
 */
export interface StackEvents {
  /** Listens until the returned function is called. */
  on(listener: (observation: Observation) => void): () => void;
}

/** Sends the stack's observations to its listeners. */
export class Observations implements StackEvents {
  readonly #listeners = new Set<(observation: Observation) => void>();

  on(listener: (observation: Observation) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Whether there are listeners. Without them, requests need not be parsed for observations. */
  get wanted(): boolean {
    return this.#listeners.size > 0;
  }

  notify(observation: Observation): void {
    for (const listener of this.#listeners) listener(observation);
  }
}
