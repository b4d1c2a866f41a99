import { accept } from '../article/accept.ts';
import type { Owners } from '../article/ownership.ts';
import type { Warning } from '../article/warning.ts';
import { jsonBounds, jsonIn, repeatedNameIn } from '../canonical.ts';
import { withClaimCheck } from '../events/claim-check.ts';
import type { Bus, PayloadStore } from '../events/ports.ts';
import type { Issue } from '../field-schema.ts';
import { NoTimeLeft, overrunOf, type TimeLimit } from '../time-limit.ts';
import { merged, type Command } from './command.ts';
import { hiddenUntilScheduled, storiesIn, type Arrival, type Source } from './source.ts';
import { busSourceOf, settingsOf, type GivenSettings } from './sources.ts';
import { xmlTextOf } from './xml-bytes.ts';

export interface IntakePorts {
  readonly bus: Bus;
  readonly payloads: Pick<PayloadStore, 'put'>;
  readonly settings: GivenSettings;
  readonly owners: Owners;
  /** Limits reading the payload, and validating each of its stories. */
  readonly limit?: TimeLimit;
}

/** What a CMS or an agency sent: the body of a webhook, or a file. */
export interface Payload extends Arrival {
  readonly body: Uint8Array;
  readonly contentType: string;
  /** The correlation id of every change that results from the payload. */
  readonly correlationId: string;
}

/** The result of a payload. All three lists are empty if the payload does not affect readers. */
export interface Taken {
  /** The uris of the stories that are on the bus. */
  readonly accepted: readonly string[];
  /** The fields at fault, of the other stories or of the whole payload; never a value. */
  readonly issues: readonly Issue[];
  readonly warnings: readonly Warning[];
}

/** The largest payload that is read. Lambda takes no larger request. */
export const largestPayloadBytes = 6 * 1024 * 1024;

/**
 * Maps a payload by its source, and puts its events on the bus. The valid stories of a payload are accepted even if
 * others are invalid, because most senders never retry. Throws if the bus did not take the events.
 */
export async function takeIn(
  ports: IntakePorts,
  source: Source,
  { body, contentType, headers, receivedAt, correlationId }: Payload,
): Promise<Taken> {
  const payload = valueIn(source, body, contentType);
  if ('issues' in payload) return rejected(payload.issues);
  const divided = limited(ports, () =>
    storiesIn(source, payload.value, settingsOf(source, ports.settings), { receivedAt, headers }),
  );
  if ('issues' in divided) return rejected(divided.issues);
  const { stories } = divided;
  const reading = merged(
    stories.map((read, index) => {
      const one = limited(ports, read);
      return 'overrun' in one ? { issues: numbered(one.issues, index, stories.length) } : one;
    }),
  );
  if ('issues' in reading) return rejected(reading.issues);
  const { commands, unread = [] } = reading;

  const validated = commands.map((command) =>
    limited(ports, () => validate(busSourceOf(source), ports.owners, command, { receivedAt, correlationId })),
  );
  const valid = validated.flatMap((one) => ('issues' in one ? [] : [one.event]));
  const uris = new Set(valid.map(({ detail }) => detail.article.uri));
  // A story is not withdrawn if the one that continues it is invalid.
  const good = valid.filter(({ detail: { continuedBy } }) => continuedBy === undefined || uris.has(continuedBy));
  const events = good.flatMap((event) => [...hiddenUntilScheduled(source, event.detail), event]);
  if (events.length > 0)
    await ports.bus.put(
      await Promise.all(
        events.map(async ({ type, detail }) => ({
          source: busSourceOf(source),
          type,
          detail: await withClaimCheck(ports.payloads, { ...detail }),
        })),
      ),
    );
  return {
    accepted: good.map(({ detail }) => detail.article.uri),
    issues: [
      ...unread,
      ...validated.flatMap((one, index) => ('issues' in one ? numbered(one.issues, index, validated.length) : [])),
    ],
    warnings: validated.flatMap((one, index) =>
      'issues' in one ? [] : numbered(one.warnings, index, validated.length),
    ),
  };
}

function rejected(issues: readonly Issue[]): Taken {
  return { accepted: [], issues, warnings: [] };
}

/** Returns the payload in its source's format, or the issues of a body in another format. */
function valueIn(
  { format }: Source,
  body: Uint8Array,
  contentType: string,
): { readonly value: unknown } | { readonly issues: readonly Issue[] } {
  if (format === 'xml') return { value: xmlTextOf(body, contentType) };
  const text = new TextDecoder().decode(body);
  const value = jsonIn(text);
  if (value === undefined) return { issues: [{ path: '', message: `must be JSON, ${jsonBounds}` }] };
  const repeated = repeatedNameIn(text);
  if (repeated === undefined) return { value };
  const path = repeated.replaceAll(/[^\w-]/g, '').slice(0, 100);
  const message = 'must occur once in its object: of two values, one reader would take the first and another the last';
  return { issues: [{ path, message }] };
}

/** Runs work on a payload within its time limit. Returns the issue if it exceeds it. */
function limited<T>(
  { limit = (work) => work() }: IntakePorts,
  work: () => T,
): T | { readonly issues: readonly Issue[]; readonly overrun: true } {
  try {
    return limit(work);
  } catch (error) {
    const overrun = error instanceof NoTimeLeft ? new Error('must come in a smaller request') : overrunOf(error);
    if (overrun === undefined) throw error;
    return { issues: [{ path: '', message: overrun.message }], overrun: true };
  }
}

/** Validates the event as `store` will, so that the sender gets the issues in the response. */
function validate(
  source: string,
  owners: Owners,
  { type, detail }: Command,
  arrival: { readonly receivedAt: number; readonly correlationId: string },
) {
  const event = { source, type, detail: { ...arrival, ...detail } };
  const accepted = accept(
    JSON.stringify({
      id: 'ingest',
      source,
      time: new Date(arrival.receivedAt).toISOString(),
      'detail-type': type,
      detail: event.detail,
    }),
    'ingest',
    owners,
  );
  if (accepted.kind === 'rejected') return { issues: accepted.errors };
  return { event, warnings: accepted.kind === 'version' ? (accepted.version.content.warnings ?? []) : [] };
}

/** Returns the fields with the story's position at the beginning of their paths, if the payload has several stories. */
function numbered(fields: readonly Issue[] | readonly Warning[], index: number, of: number): Issue[] {
  return fields.map(({ path, message }) => ({ path: of > 1 ? `${index}.${path}` : path, message }));
}
