import type { Clock, Secrets, Webhook } from '../../shared/ports.ts';
import { secretsIn } from '../../shared/cms/signature.ts';
import { isSigningSecret, signedHeaders } from '../../shared/events/webhook.ts';

export interface NotifyPorts {
  readonly webhook: Webhook;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly subscriber: string;
}

/** An announcement as the bus hands it over, as much of it as is sent on. */
export interface AnnouncedEvent {
  readonly 'detail-type': string;
  readonly time: string;
  readonly detail: { readonly id: string; readonly occurredAt?: string } & Readonly<Record<string, unknown>>;
}

/** The receiver did not say that it has it. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken';
}

/** Tells one announcement to a webhook, by the letter of Standard Webhooks; anything but a 2xx means that it has to be told again. */
export async function notify(
  { webhook, secrets, clock, subscriber }: NotifyPorts,
  { detail, time, ...event }: AnnouncedEvent,
): Promise<void> {
  const valid = secretsIn((await secrets.secretOf(subscriber)) ?? '').webhook;
  // Unsigned, the receiver could only refuse it, or worse, not.
  if (valid.length === 0) throw new NotTaken(`there is no secret to sign with for ${subscriber}`);
  // With a key that anybody can guess, anybody could be believed. The message waits, at last in the dead-letter queue.
  if (!valid.every(isSigningSecret))
    throw new NotTaken(
      `the secret to-${subscriber} has a current or a previous that is no base64 of at least 24 bytes (whsec_ may stand before it): write a longer one there and at the receiver, then redrive the queue`,
    );
  const body = JSON.stringify({ type: event['detail-type'], timestamp: detail.occurredAt ?? time, data: detail });
  const headers = signedHeaders({ id: detail.id, sentAt: clock.now(), body }, valid);
  const status = await webhook.post({ ...headers, 'content-type': 'application/json' }, body);
  if (status < 200 || status > 299) throw new NotTaken(`the receiver answered ${status}`);
}

/** Seconds between one attempt and the next: at once for a restart, hours for a night. All together more than a day. */
const pausesSeconds = [5, 60, 300, 1800, 3600, 7200, 14_400, 28_800, 43_200];

/** How long to wait after an attempt that failed; the first is 1. After the last, nothing is waited for: the message goes to the dead-letter queue. */
export function pauseSecondsAfter(attempt: number): number {
  return pausesSeconds[Math.max(attempt, 1) - 1] ?? 0;
}

/** What whoever is called for it has to know: who was not told, where, why, and when it is tried again. Of the address only its host, since the rest may be a secret. */
export function failureOf(
  error: unknown,
  { subscriber, url, attempt }: { readonly subscriber: string; readonly url: string; readonly attempt: number },
): NotTaken {
  const pause = pauseSecondsAfter(attempt);
  const then = pause === 0 ? 'it goes to the dead-letter queue' : `the next is in ${pause} s`;
  const why = error instanceof Error ? error.message : String(error);
  return new NotTaken(
    `${subscriber} was not told at ${new URL(url).host}: ${why}; that was attempt ${attempt}, ${then}`,
    { cause: error },
  );
}
