import { accept } from '../../shared/article/accept.ts';
import { boundedIssues, type Issue } from '../../shared/field-schema.ts';
import { jsonBounds, jsonIn, repeatedNameIn } from '../../shared/canonical.ts';
import { withClaimCheck } from '../../shared/events/claim-check.ts';
import type { Owners } from '../../shared/article/ownership.ts';
import type { Bus, PayloadStore } from '../../shared/events/ports.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Secrets } from '../../shared/cms/ports.ts';
import { secretsIn, verify } from '../../shared/cms/signature.ts';
import { xmlTextOf } from '../../shared/cms/xml-bytes.ts';
import { busSourceOf, settingsOf, type GivenSettings } from '../../shared/cms/sources.ts';
import { hiddenUntilScheduled, merged, storiesIn, type Command, type Source } from '../../shared/cms/source.ts';
import { NoTimeLeft, overrunOf, type TimeLimit } from '../../shared/time-limit.ts';
import type { Warning } from '../../shared/article/warning.ts';

export interface IngestPorts {
  readonly sources: readonly Source[];
  readonly bus: Bus;
  readonly payloads: PayloadStore;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly settings: GivenSettings;
  readonly owners: Owners;
  /** Limits reading the request, and validating each of its stories. */
  readonly limit?: TimeLimit;
}

export interface IngestRequest {
  readonly method: string;
  readonly path: string;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The raw bytes, because the signature covers them. */
  readonly body: Uint8Array;
  /** Lambda's id of the request, which becomes the correlation id of every change that it leads to. */
  readonly requestId: string;
}

export interface IngestResponse {
  readonly status: 202 | 204 | 401 | 404 | 405 | 413 | 422;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The fields at fault, for the log; never a value. */
  readonly issues: readonly Issue[];
}

const largestBodyBytes = 6 * 1024 * 1024;

/**
 * Processes one webhook. Returns 202 only if the bus took its events; throws if the bus did not. The valid stories of a
 * request are accepted even if others are invalid, because most CMSes never retry.
 */
export async function ingest(
  ports: IngestPorts,
  { method, path, headers, body, requestId }: IngestRequest,
): Promise<IngestResponse> {
  const [, name = ''] = /^\/ingest\/([a-z]+)\/?$/.exec(path) ?? [];
  const source = ports.sources.find((one) => one.name === name);
  if (!source)
    return problem(404, 'Unknown source', 'there is no such door; those that are open are listed in the README');
  if (method !== 'POST')
    return {
      ...problem(405, 'Method not allowed', 'webhooks are POSTed'),
      headers: { ...problemHeaders, allow: 'POST' },
    };
  if (body.byteLength > largestBodyBytes) return problem(413, 'Too large', 'a body may have 6 MB');

  const now = ports.clock.now();
  const { webhook } = secretsIn((await ports.secrets.secretOf(name)) ?? '');
  const verified = verify(source.authentication, { headers, body }, webhook, now);
  if (!verified)
    return problem(
      401,
      'Not signed',
      'the signature or token is missing or wrong, or the signature is more than five minutes old or five seconds ahead of the clock here',
    );
  // So a request that is sent again, by its sender or by anyone else, results in the same version.
  const { signedAt: receivedAt = now } = verified;

  const payload = payloadIn(source, body, headers['content-type'] ?? '');
  if ('answer' in payload) return payload.answer;
  const divided = limited(ports, () =>
    storiesIn(source, payload.value, settingsOf(source, ports.settings), { receivedAt, headers }),
  );
  if ('issues' in divided) return unreadable(divided.issues);
  const { stories } = divided;
  const reading = merged(
    stories.map((read, index) => {
      const one = limited(ports, read);
      return 'overrun' in one ? { issues: numbered(one.issues, index, stories.length) } : one;
    }),
  );
  if ('issues' in reading) return unreadable(reading.issues);
  const { unread = [] } = reading;
  if (reading.commands.length === 0) return { status: 204, headers: {}, body: '', issues: [] };

  const validated = reading.commands.map((command) =>
    limited(ports, () =>
      validate(busSourceOf(source), ports.owners, command, { receivedAt, correlationId: requestId }),
    ),
  );
  const valid = validated.flatMap((one) => ('issues' in one ? [] : [one.event]));
  const uris = new Set(valid.map(({ detail }) => detail.article.uri));
  // A story is not withdrawn for one that does not arrive.
  const good = valid.filter(({ detail: { continuedBy } }) => continuedBy === undefined || uris.has(continuedBy));
  const issues = [
    ...unread,
    ...validated.flatMap((one, index) => ('issues' in one ? numbered(one.issues, index, validated.length) : [])),
  ];
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
  const accepted = good.map(({ detail }) => detail.article.uri);
  if (issues.length > 0) return unreadable(issues, accepted);
  const warnings = validated.flatMap((one, index) =>
    'issues' in one ? [] : numbered(one.warnings, index, validated.length),
  );
  const answer = { accepted, ...(warnings.length > 0 && { warnings }) };
  return { status: 202, headers: { 'content-type': 'application/json' }, body: JSON.stringify(answer), issues: [] };
}

/** Returns the payload of a request in its source's format, or the answer to a body in another format. */
function payloadIn(
  { format }: Source,
  body: Uint8Array,
  contentType: string,
): { readonly value: unknown } | { readonly answer: IngestResponse } {
  if (format === 'xml') return { value: xmlTextOf(body, contentType) };
  const text = new TextDecoder().decode(body);
  const value = jsonIn(text);
  if (value === undefined)
    return {
      answer: problem(422, 'Not JSON', 'the body must be JSON', [{ path: '', message: `must be JSON, ${jsonBounds}` }]),
    };
  const repeated = repeatedNameIn(text);
  if (repeated === undefined) return { value };
  const path = repeated.replaceAll(/[^\w-]/g, '').slice(0, 100);
  const message = 'must occur once in its object: of two values, one reader would take the first and another the last';
  return { answer: unreadable([{ path, message }]) };
}

/** Runs work on a payload within its time limit. Returns the issue if it exceeds it. */
function limited<T>(
  { limit = (work) => work() }: IngestPorts,
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

/** Returns the fields with the story's position at the beginning of their paths, if the request has several stories. */
function numbered(fields: readonly Issue[] | readonly Warning[], index: number, of: number): Issue[] {
  return fields.map(({ path, message }) => ({ path: of > 1 ? `${index}.${path}` : path, message }));
}

function unreadable(errors: readonly Issue[], accepted: readonly string[] = []): IngestResponse {
  return problem(422, 'Unreadable', 'mend the fields named in errors', boundedIssues(errors), accepted);
}

const problemHeaders = { 'content-type': 'application/problem+json' };

/** Returns problem details (RFC 9457). */
function problem(
  status: Exclude<IngestResponse['status'], 202 | 204>,
  title: string,
  detail: string,
  issues: readonly Issue[] = [],
  accepted: readonly string[] = [],
): IngestResponse {
  const body = {
    type: 'about:blank',
    title,
    status,
    detail,
    ...(issues.length > 0 && { errors: issues }),
    ...(accepted.length > 0 && { accepted }),
  };
  return { status, headers: problemHeaders, body: JSON.stringify(body), issues };
}
