import type { Clock } from '../../shared/clock.ts';
import type { Secrets } from '../../shared/cms/ports.ts';
import type { Webhook } from '../../shared/events/ports.ts';
import { secretsIn } from '../../shared/cms/signature.ts';
import { isSigningSecret, signedHeaders } from '../../shared/events/webhook.ts';

export interface NotifyPorts {
  readonly webhook: Webhook;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly subscriber: string;
}

/** The part of the bus event that is sent to the subscriber. */
export interface AnnouncedEvent {
  readonly 'detail-type': string;
  readonly time: string;
  readonly detail: { readonly id: string; readonly occurredAt?: string } & Readonly<Record<string, unknown>>;
}

/** Thrown if the receiver did not confirm the announcement. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken';
}

/**
 * Sends one announcement to a webhook, as Standard Webhooks specifies. Throws {@link NotTaken} for any status but 2xx,
 * so that it is sent again.
 */
export async function notify(
  { webhook, secrets, clock, subscriber }: NotifyPorts,
  { detail, time, ...event }: AnnouncedEvent,
): Promise<void> {
  const valid = secretsIn((await secrets.secretOf(subscriber)) ?? '').webhook;
  // A receiver must reject an unsigned message: it could not trust it.
  if (valid.length === 0) throw new NotTaken(`there is no signing secret for ${subscriber}`);
  // A signature with a guessable key proves nothing. The message is retried, and ends in the dead-letter queue.
  if (!valid.every(isSigningSecret))
    throw new NotTaken(
      `the secret to-${subscriber} has a value (current or previous) that is not base64 of at least 24 bytes (with or without whsec_ before it): write a longer one there and at the receiver, then redrive the queue`,
    );
  const body = JSON.stringify({ type: event['detail-type'], timestamp: detail.occurredAt ?? time, data: detail });
  const headers = signedHeaders({ id: detail.id, sentAt: clock.now(), body }, valid);
  const status = await webhook.post({ ...headers, 'content-type': 'application/json' }, body);
  if (status < 200 || status > 299) throw new NotTaken(`the receiver answered ${status}`);
}

/** Seconds between attempts: short for a restart of the receiver, hours for an outage. Together more than a day. */
const pausesSeconds = [5, 60, 300, 1800, 3600, 7200, 14_400, 28_800, 43_200];

/**
 * Returns the seconds to wait after a failed attempt; the first attempt is 1. Returns 0 after the last attempt: the
 * message then goes to the dead-letter queue.
 */
export function pauseSecondsAfter(attempt: number): number {
  return pausesSeconds[Math.max(attempt, 1) - 1] ?? 0;
}

/**
 * Returns the log fields of a failed attempt: subscriber, host, reason, and the next attempt. The rest of the address
 * may be secret.
 */
export function failureOf(
  error: unknown,
  { subscriber, url, attempt }: { readonly subscriber: string; readonly url: string; readonly attempt: number },
): NotTaken {
  const pause = pauseSecondsAfter(attempt);
  const then = pause === 0 ? 'it goes to the dead-letter queue' : `the next is in ${pause} s`;
  const why = error instanceof Error ? error.message : String(error);
  return new NotTaken(
    `${subscriber} was not reached at ${new URL(url).host}: ${why}; that was attempt ${attempt}, ${then}`,
    { cause: error },
  );
}
