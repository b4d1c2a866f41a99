import { boundedIssues, type Issue } from '../../shared/field-schema.ts';
import type { Clock } from '../../shared/clock.ts';
import { largestPayloadBytes, takeIn, type IntakePorts } from '../../shared/cms/intake.ts';
import type { Secrets } from '../../shared/cms/ports.ts';
import { secretsIn, verify } from '../../shared/cms/signature.ts';
import type { Source } from '../../shared/cms/source.ts';

export interface IngestPorts extends IntakePorts {
  readonly sources: readonly Source[];
  readonly secrets: Secrets;
  readonly clock: Clock;
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
  if (!source) return problem(404, 'Unknown source', 'there is no webhook endpoint of this name');
  if (method !== 'POST')
    return {
      ...problem(405, 'Method not allowed', 'webhooks are POSTed'),
      headers: { ...problemHeaders, allow: 'POST' },
    };
  if (body.byteLength > largestPayloadBytes) return problem(413, 'Too large', 'a body may have 6 MB');

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

  const { accepted, issues, warnings } = await takeIn(ports, source, {
    body,
    contentType: headers['content-type'] ?? '',
    headers,
    receivedAt,
    correlationId: requestId,
  });
  if (issues.length > 0)
    return problem(422, 'Unreadable', 'correct the fields that errors names', boundedIssues(issues), accepted);
  if (accepted.length === 0) return { status: 204, headers: {}, body: '', issues: [] };
  const answer = { accepted, ...(warnings.length > 0 && { warnings }) };
  return { status: 202, headers: { 'content-type': 'application/json' }, body: JSON.stringify(answer), issues: [] };
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
