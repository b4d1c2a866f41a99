import { randomUUID } from 'node:crypto';
import type { OriginRequest, OriginResponse } from '../cloudfront/origin.ts';
import { isRecord } from '../fields.ts';
import { FunctionError, type FunctionRuntime } from './function-runtime.ts';

/** A request to a function URL. The origin's requests have no body. */
export type FunctionUrlRequest = OriginRequest & { readonly body?: Buffer };

/** A function behind a function URL: the distribution's origin, or open to anybody. Calls beyond its concurrency are throttled, as at AWS. */
export function functionUrl(
  runtime: FunctionRuntime,
  domain: string,
): (request: FunctionUrlRequest) => Promise<OriginResponse> {
  return async (request) => {
    if (runtime.isBusy)
      return {
        statusCode: 429,
        headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'TooManyRequestsException' },
        body: Buffer.from('{"Message":"Rate Exceeded."}'),
      };
    try {
      return responseOf(await runtime.invoke(eventOf(request, domain)));
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error;
      // Lambda measures the event, in which a body is escaped or in base64, so the body itself may be well below the bound.
      if (error.errorType === 'RequestEntityTooLargeException')
        return {
          statusCode: 413,
          headers: { 'content-type': 'application/json' },
          body: Buffer.from('{"Message":"Request Entity Too Large"}'),
        };
      return {
        statusCode: 502,
        headers: { 'content-type': 'application/json', 'x-amzn-errortype': error.errorType },
        body: Buffer.from('{"Message":"Internal Server Error"}'),
      };
    }
  };
}

/** Lambda's payload format 2.0. */
function eventOf(
  { method, rawPath, rawQueryString, headers, body }: FunctionUrlRequest,
  domain: string,
): Readonly<Record<string, unknown>> {
  const lowerCase = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    const before = query.get(name);
    query.set(name, before === undefined ? value : `${before},${value}`);
  }
  const cookies = lowerCase['cookie']?.split('; ');
  const now = new Date();
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    ...(cookies && { cookies }),
    headers: { ...lowerCase, host: domain },
    ...(query.size > 0 && { queryStringParameters: Object.fromEntries(query) }),
    requestContext: {
      accountId: 'anonymous',
      apiId: domain.split('.')[0],
      domainName: domain,
      domainPrefix: domain.split('.')[0],
      http: {
        method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: lowerCase['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: now.toISOString(),
      timeEpoch: now.getTime(),
    },
    ...encoded(body, lowerCase),
  };
}

/** Lambda hands text on as it is, and anything else in base64. */
function encoded(
  body: Buffer | undefined,
  headers: Readonly<Record<string, string>>,
): { readonly body?: string; readonly isBase64Encoded: boolean } {
  if (!body || body.length === 0) return { isBase64Encoded: false };
  const isText =
    headers['content-encoding'] === undefined &&
    /^(?:text\/|application\/(?:json|javascript|xml)\b)/i.test(headers['content-type'] ?? '');
  return { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
}

function responseOf(result: unknown): OriginResponse {
  if (!isRecord(result) || result['statusCode'] === undefined) {
    // Lambda takes anything else for a JSON body.
    const text = typeof result === 'string' ? result : JSON.stringify(result ?? null);
    return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(text) };
  }
  const { statusCode, headers, cookies, body, isBase64Encoded } = result;
  const named = Object.entries(isRecord(headers) ? headers : {}).map(
    ([name, value]) => [name.toLowerCase(), textOf(value)] as const,
  );
  return {
    statusCode: Number(statusCode),
    headers: {
      'content-type': 'application/json',
      ...Object.fromEntries<string>(named),
      ...(Array.isArray(cookies) &&
        cookies.length > 0 && { 'set-cookie': (cookies as readonly unknown[]).map(textOf).join(', ') }),
    },
    body: Buffer.from(textOf(body), isBase64Encoded === true ? 'base64' : 'utf8'),
  };
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}
