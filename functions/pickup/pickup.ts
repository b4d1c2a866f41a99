import * as v from 'valibot';
import { largestPayloadBytes, takeIn, type IntakePorts } from '../../shared/cms/intake.ts';
import { dropFolder, droppedFile } from '../../shared/cms/dropped-file.ts';
import { sources } from '../../shared/cms/sources.ts';
import { articleRejected } from '../../shared/events/announcement.ts';
import type { Announcer, RejectionQueue } from '../../shared/events/ports.ts';
import { boundedIssues, type Issue } from '../../shared/field-schema.ts';

/** Identifies a file beside others of the same name. */
export interface FileState {
  readonly etag: string;
  /** Only of a bucket that keeps versions. */
  readonly version?: string | undefined;
}

/** The files of the bucket. */
export interface Files {
  /** Returns undefined if there is no such file any more, or another one of the same name. */
  read(key: string, state: FileState): Promise<Uint8Array | undefined>;
}

export interface PickupPorts extends IntakePorts {
  readonly files: Files;
  readonly announcer: Announcer;
  readonly rejections: RejectionQueue;
}

/** S3's event "Object Created" as EventBridge delivers it. Its key is not percent-encoded, unlike in S3's own events. */
const objectCreated = v.object({
  id: v.string(),
  time: v.pipe(v.string(), v.isoTimestamp()),
  detail: v.object({
    object: v.object({
      key: v.string(),
      size: v.number(),
      etag: v.string(),
      'version-id': v.optional(v.string()),
    }),
  }),
});

/** What became of a file. `removed`: it was deleted, renamed or overwritten before it was read. */
export type PickedUp = 'taken' | 'rejected' | 'ignored' | 'removed';

/**
 * Reads a file that was dropped into the bucket as if it were the body of its source's webhook. An invalid file is
 * announced with the fields at fault, and its event is moved to the dead-letter queue at once, since no retry would
 * help. Throws an error if a retry may help.
 */
export async function pickup(ports: PickupPorts, body: string): Promise<{ readonly file: string; result: PickedUp }> {
  const { id, time, detail } = v.parse(objectCreated, JSON.parse(body));
  const { key: file, size, etag, 'version-id': version } = detail.object;
  const { source, busSource, isRead } = droppedFile(file);
  if (!isRead) return { file, result: 'ignored' };

  const receivedAt = Date.parse(time);
  const reject = async (issues: readonly Issue[]): Promise<{ file: string; result: PickedUp }> => {
    // The announcement comes first: a repeated one has the same id, but an event sent to the queue twice would be two.
    const rejection = { eventId: id, source: busSource, file, errors: boundedIssues(issues) };
    await ports.announcer.announce([articleRejected(rejection, receivedAt, { correlationId: id })]);
    await ports.rejections.keep(body);
    return { file, result: 'rejected' };
  };
  const rejectWhole = async (message: string) => reject([{ path: '', message }]);

  if (!source)
    return rejectWhole(
      `must be in the folder of a source: ${dropFolder} and one of ${sources.map((one) => one.name).join(', ')}`,
    );
  if (size > largestPayloadBytes) return rejectWhole('must be smaller: a file may have 6 MB');
  if (size === 0) return rejectWhole('must not be empty: its transfer may have been cut off');
  const bytes = await ports.files.read(file, { etag, version });
  // Another file of the same name has an event of its own.
  if (bytes === undefined) return { file, result: 'removed' };

  const { issues } = await takeIn(ports, source, {
    body: bytes,
    contentType: '',
    headers: {},
    // In every repeat of the event the same, so that the file results in the same version.
    receivedAt,
    correlationId: id,
  });
  return issues.length > 0 ? reject(issues) : { file, result: 'taken' };
}
