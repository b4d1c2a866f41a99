import { Webhook } from 'standardwebhooks';
import type { Announcement } from '../contracts/announcements.ts';
import { announcementIn } from './announcement-in.ts';

/** Header names in any case; Node's `request.headers` and the headers of a Lambda event fit. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Thrown for a webhook whose signature is wrong or older than five minutes. Answer 401. */
export class InvalidSignature extends Error {
  override readonly name = 'InvalidSignature';
}

/**
 * Verifies a webhook by Standard Webhooks 1.0 and returns its announcement, or `undefined` for a type that this copy
 * does not know. `body` is the request's body as it arrived: parsing it and writing it again changes the signature.
 *
 * @throws {InvalidSignature} the signature is wrong, or older than five minutes.
 * @throws {NotAnAnnouncement} the body is not an announcement.
 */
export function webhookAnnouncement(body: string, headers: Headers, secret: string): Announcement | undefined {
  const given = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  try {
    new Webhook(secret).verify(body, Object.fromEntries(given) as Record<string, string>, { jsonParse: false });
  } catch (cause) {
    throw new InvalidSignature(cause instanceof Error ? cause.message : 'the signature is wrong', { cause });
  }
  return announcementIn(body);
}
