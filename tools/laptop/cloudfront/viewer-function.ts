import { createContext, runInContext } from 'node:vm';

/** A value of a CloudFront Functions event: of a name that was given more than once, all values are in `multiValue`. */
export interface EventValue {
  value: string;
  multiValue?: { value: string }[];
}

export interface ViewerRequest {
  method: string;
  /** Path as it came, percent-encoded, without the query. */
  uri: string;
  /** By parameter name; names and values as they came, percent-encoded. */
  querystring: Record<string, EventValue>;
  headers: Record<string, EventValue>;
  cookies: Record<string, EventValue>;
}

export interface ViewerResponse {
  statusCode: number;
  headers?: Record<string, EventValue>;
  body?: string | { encoding: 'text' | 'base64'; data: string };
}

type Result = ViewerRequest | ViewerResponse;
export type ViewerFunction = (request: ViewerRequest, viewerIp: string) => Result | Promise<Result>;
export type ViewerResponseFunction = (
  request: ViewerRequest,
  response: ViewerResponse,
  viewerIp: string,
) => ViewerResponse;

/**
 * Runs the code of a CloudFront Function at the viewer-request event.
 *
 * The code comes from the project's own template, so the context keeps it honest (no Node globals, as at
 * CloudFront), not prisoner. Runtime modules (`import cf from 'cloudfront'`, key-value stores) are not there.
 *
 * @throws {Error} the code has no `handler`; {SyntaxError} it does not parse.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
 */
export function viewerFunction(code: string): ViewerFunction {
  const call = handlerOf(code, 'viewer-request');
  return (request, ip) => {
    const result = call({ version: '1.0', context: { eventType: 'viewer-request' }, viewer: { ip }, request });
    return isThenable(result) ? Promise.resolve(result).then(checked) : checked(result);
  };
}

/**
 * Runs the code of a CloudFront Function at the viewer-response event, which sees no body. Unlike at CloudFront, an
 * async function fails.
 *
 * @throws {Error} the code has no `handler`; {SyntaxError} it does not parse.
 */
export function viewerResponseFunction(code: string): ViewerResponseFunction {
  const call = handlerOf(code, 'viewer-response');
  return (request, response, ip) => {
    const result = checked(
      call({ version: '1.0', context: { eventType: 'viewer-response' }, viewer: { ip }, request, response }),
    );
    if (!isResponse(result)) throw new TypeError('the viewer-response function returned no response');
    return result;
  };
}

function handlerOf(code: string, eventType: string): (event: unknown) => unknown {
  const handler: unknown = runInContext(
    `${code}\n;typeof handler === 'function' ? handler : undefined`,
    createContext({ console }),
  );
  if (typeof handler !== 'function') throw new Error(`the ${eventType} function has no handler`);
  return handler as (event: unknown) => unknown;
}

export function isResponse(result: Result): result is ViewerResponse {
  return 'statusCode' in result;
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function checked(result: unknown): Result {
  if (typeof result === 'object' && result !== null) {
    if ('statusCode' in result && typeof result.statusCode === 'number') return result as ViewerResponse;
    if (
      'uri' in result &&
      typeof result.uri === 'string' &&
      'headers' in result &&
      'querystring' in result &&
      'cookies' in result
    )
      return result as ViewerRequest;
  }
  throw new TypeError('the function returned neither a request nor a response');
}
