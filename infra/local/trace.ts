/** An event as it stands on the local bus. `time` is ISO 8601 with the one-second resolution that EventBridge has. */
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
  | { readonly kind: 'table-write'; readonly table: string; readonly key: Readonly<Record<string, unknown>>; readonly at: number }
  | { readonly kind: 'invocation'; readonly functionName: string; readonly ok: boolean; readonly at: number };

/**
 * A window into the running stack. The trace is drawn from what the stack saw on its way, not from what the
 * functions say of themselves, so that it needs nothing of them that production would not have.
 *
 * Keys of a `table-write` are plain values (`{ articleId: '…', sk: 'v#…' }`), not DynamoDB's typed attributes.
 */
export interface StackEvents {
  /** Listens until the returned function is called. */
  on(listener: (observation: Observation) => void): () => void;
}
