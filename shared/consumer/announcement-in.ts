import * as v from 'valibot';
import { announcementSchemas } from '../events/announcement-schema.ts';
import type { Announcement } from '../events/announcement.ts';
import { faultsOf } from '../field-schema.ts';

/** What came claims to be an announcement, and is none. */
export class NotAnAnnouncement extends Error {
  override readonly name = 'NotAnAnnouncement';
}

/**
 * The announcement in what a queue, a function or a webhook was given: the text or the object of an EventBridge event, or the
 * body of a webhook. `undefined` for a kind that this copy does not know: a newer Pressrun may tell more than an older consumer asked for.
 */
export function announcementIn(given: unknown): Announcement | undefined {
  const event = typeof given === 'string' ? jsonIn(given) : given;
  const { type, detail } = namesIn(event);
  const schema = isKnown(type) ? announcementSchemas[type] : undefined;
  if (schema === undefined) return undefined;
  const { success, output, issues } = v.safeParse<v.GenericSchema<unknown, unknown>>(schema, detail);
  if (!success)
    throw new NotAnAnnouncement(
      `${type}: ${faultsOf(issues)
        .map(({ path, message }) => `${path} ${message}`)
        .join('; ')}`,
    );
  return { type, detail: output } as Announcement;
}

/** EventBridge says `detail-type` and `detail`, Standard Webhooks `type` and `data`. */
function namesIn(event: unknown): { readonly type: string; readonly detail: unknown } {
  const fields = typeof event === 'object' && event !== null ? (event as Readonly<Record<string, unknown>>) : {};
  const type = fields['detail-type'] ?? fields['type'];
  if (typeof type !== 'string') throw new NotAnAnnouncement('it has neither a detail-type nor a type');
  return { type, detail: fields['detail'] ?? fields['data'] };
}

function isKnown(type: string): type is keyof typeof announcementSchemas {
  return Object.hasOwn(announcementSchemas, type);
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NotAnAnnouncement('it is not JSON');
  }
}
