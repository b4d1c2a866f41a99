import { createHmac } from 'node:crypto';

/**
 * The signed parts of a request: the id, which is the same in every attempt, the time of the attempt, and the raw body.
 */
export interface Delivery {
  readonly id: string;
  readonly sentAt: number;
  readonly body: string;
}

/**
 * Returns the headers of Standard Webhooks, with a signature for each secret: during a rotation, the receiver knows
 * only one of them.
 */
export function signedHeaders({ id, sentAt, body }: Delivery, secrets: readonly string[]): Record<string, string> {
  const timestamp = String(Math.floor(sentAt / 1000));
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets
      .map(
        (secret) => `v1,${createHmac('sha256', keyIn(secret)).update(`${id}.${timestamp}.${body}`).digest('base64')}`,
      )
      .join(' '),
  };
}

/**
 * Returns whether the secret has a key of the length that Standard Webhooks requires. A shorter key can be guessed, and
 * a text that is not base64 is no key.
 */
export function isSigningSecret(secret: string): boolean {
  return keyIn(secret).length >= leastKeyBytes;
}

const leastKeyBytes = 24;

/** The prefix `whsec_` names the format; the key in base64 follows. */
function keyIn(secret: string): Buffer {
  return Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
}
