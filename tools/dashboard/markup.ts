import type { html } from 'hono/html';

/** Escaped HTML. */
export type Markup = ReturnType<typeof html>;

/** What the dashboard's pages know of their stage. */
export interface Surroundings {
  readonly edgeUrl: string;
  readonly timeZone: string;
}

/** How long after the newsroom began to wait. */
export function afterText(milliseconds: number): string {
  return milliseconds < 60_000
    ? `+${(milliseconds / 1000).toFixed(2)} s`
    : `+${(milliseconds / 60_000).toFixed(1)} min`;
}

/** The time of the day, to the millisecond. */
export function clockText(instant: number, timeZone: string): string {
  return new Date(instant).toLocaleTimeString('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  });
}
