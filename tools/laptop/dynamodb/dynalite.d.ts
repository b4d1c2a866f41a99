declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** The options that the tests use. */
  export default function dynalite(options?: { readonly createTableMs?: number }): Server;

  /** Only the parts of dynalite's internal modules that are used here. Its version is fixed. */
  export interface Store {
    readonly db: Record<'keys' | 'values', (options: unknown) => { close(): Promise<void> }>;
    readonly lifecycleManager: { gracefulClose(closed: (error: Error | null) => void): void };
  }

  export interface Refusal {
    readonly statusCode: number;
    readonly body: unknown;
  }

  /** An operation, of input that its validation let pass. */
  export type Act = (
    store: Store,
    input: Input,
    done: (error: (Error & Partial<Refusal>) | null, output: Output | undefined) => void,
  ) => void;

  /** A validated request, as far as it is read here: Query's expression as conditions by name. */
  export interface Input {
    ReturnConsumedCapacity?: string;
    readonly TableName?: string;
    readonly IndexName?: string;
    readonly Item?: Readonly<Record<string, unknown>>;
    readonly Key?: Readonly<Record<string, unknown>>;
    readonly KeyConditions?: Readonly<Record<string, { readonly AttributeValueList: readonly unknown[] }>>;
  }

  export interface Output {
    readonly ConsumedCapacity?: { readonly CapacityUnits: number };
  }

  export interface Validation {
    readonly types: object;
    readonly custom?: unknown;
  }

  export interface Validations {
    checkTypes(input: object, types: object): Input;
    checkValidations(input: object, types: object, custom: unknown, store: Store): void;
  }
}
