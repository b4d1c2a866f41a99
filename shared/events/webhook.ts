import { createHmac } from 'node:crypto';

/** What is signed: the id that every attempt shares, when this one is made, and the very bytes that are sent. */
export interface Delivery {
  readonly id: string;
  readonly sentAt: number;
  readonly body: string;
}

/** The headers of Standard Webhooks. A signature with each secret: receivers know one of them while it is being changed. */
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

/** Whether there is a key in it as long as Standard Webhooks asks for: less can be guessed, and what is no base64 is no key at all. */
export function isSigningSecret(secret: string): boolean {
  return keyIn(secret).length >= leastKeyBytes;
}

const leastKeyBytes = 24;

/** `whsec_` only says what the text is; what follows is the key in base64. */
function keyIn(secret: string): Buffer {
  return Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
}
