export type * from '../contracts/announcements.ts';
export { announcementIn, NotAnAnnouncement } from './announcement-in.ts';
export {
  changes,
  ChangesExpired,
  ChangesUnavailable,
  type Change,
  type ChangesOptions,
  type ChangesPage,
} from './changes.ts';
export { consume, type Consumer, type Seen } from './consume.ts';
export { MemorySeen } from './memory-seen.ts';
export { InvalidSignature, webhookAnnouncement, type Headers } from './webhook.ts';
