declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** Only what the laptop stack uses. */
  export interface DynaliteOptions {
    /** Directory of a LevelDB; in memory without it. */
    readonly path?: string;
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
  }

  /** An HTTP server that also serves requests which are handed to it as `request` events, without a connection. */
  export default function dynalite(options?: DynaliteOptions): Server;
}
