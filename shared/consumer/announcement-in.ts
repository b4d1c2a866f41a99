import * as v from 'valibot';
import { announcementSchemas } from '../events/announcement-schema.ts';
import type { Announcement } from '../contracts/announcements.ts';
import { issuesOf } from '../field-schema.ts';

/** Thrown for an input that claims to be an announcement but is not. */
export class NotAnAnnouncement extends Error {
  override readonly name = 'NotAnAnnouncement';
}

/**
 * Returns the announcement in the input of a queue, function or webhook: the text or object of an EventBridge event, or
 * the body of a webhook. Returns `undefined` for a type that this copy does not know, since a newer Pressrun may send
 * more than an older consumer asked for.
 */
export function announcementIn(given: unknown): Announcement | undefined {
  const event = typeof given === 'string' ? jsonIn(given) : given;
  const { type, detail } = namesIn(event);
  const schema = isKnown(type) ? announcementSchemas[type] : undefined;
  if (schema === undefined) return undefined;
  const { success, output, issues } = v.safeParse<v.GenericSchema<unknown, unknown>>(schema, detail);
  if (!success)
    throw new NotAnAnnouncement(
      `${type}: ${issuesOf(issues)
        .map(({ path, message }) => `${path} ${message}`)
        .join('; ')}`,
    );
  return { type, detail: output } as Announcement;
}

/** EventBridge uses `detail-type` and `detail`, Standard Webhooks `type` and `data`. */
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
