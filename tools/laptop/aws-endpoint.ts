import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { AwsError, unknownOperation } from './aws-error.ts';
import type { Buckets } from './s3/buckets.ts';
import { rejection } from './cloudfront/cloudfront.ts';
import type { Dashboard } from '../dashboard/dashboard.ts';
import type { DynamoDbEndpoint } from './dynamodb/dynamodb-endpoint.ts';
import type { Capacity } from './dynamodb/capacity.ts';
import type { AwsService, Faults } from './faults.ts';
import type { Caller } from './events/bus-access.ts';
import type { EventsApi } from './events/events-api.ts';
import type { Fields } from './fields.ts';
import { FunctionError, type FunctionRuntime } from './lambda/function-runtime.ts';
import type { Polly } from './polly/polly.ts';
import type { SchedulerApi } from './scheduler/scheduler-api.ts';
import { bodyOf, inputOf, type RestAnswer } from './wire.ts';

interface JsonApi {
  call(operation: string, input: Fields): Promise<Readonly<Record<string, unknown>>>;
}

export interface RestRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

export interface AwsServices {
  readonly dynamoDb: DynamoDbEndpoint;
  readonly events: EventsApi;
  readonly sqs: JsonApi;
  readonly scheduler: SchedulerApi;
  readonly secrets: JsonApi;
  readonly buckets: Buckets;
  readonly polly: Polly;
  readonly functions: ReadonlyMap<string, FunctionRuntime>;
  /** A page for people, on the same port. */
  readonly dashboard?: Dashboard;
  readonly cloudFront: (request: RestRequest) => Promise<RestAnswer>;
  /** Receives every call while it is on, with its billing units. */
  readonly meter?: { readonly isOn: () => boolean; readonly notify: (call: MeteredCall) => void };
}

export interface MeteredCall {
  /** A function's name, or the access key of another caller. */
  readonly caller: string;
  readonly service: AwsService;
  readonly operation: string;
  readonly capacity?: Capacity;
  /** That was written to, by its key. */
  readonly partition?: string;
}

/** Only CloudFront's protocol has errors in XML. */
const cloudFrontPath = '/2020-05-31/';

const functionKeyPrefix = 'function-';

/** The access key of a function, by which the stack recognises its calls. */
export function functionKeyId(functionName: string): string {
  return functionKeyPrefix + functionName;
}

/** The functions' session token. Random, so that no other process on this machine can call in a function's name. */
export const sessionToken = randomBytes(32).toString('base64url');

/** One port that speaks the wire protocols of the AWS services which the stack uses. */
export class AwsEndpoint {
  readonly server: Server;
  readonly #report: (error: unknown) => void;
  readonly #faults: Faults | undefined;
  #services: AwsServices | undefined;
  #state: 'starting' | 'stopping' = 'starting';
  readonly #underWay = new Set<Promise<void>>();

  constructor(
    report: (error: unknown) => void,
    guard: (handle: (request: IncomingMessage, response: ServerResponse) => unknown) => RequestListener,
    faults?: Faults,
  ) {
    this.#report = report;
    this.#faults = faults;
    this.server = createServer(
      guard((request, response) => {
        // An event stream may stay open for hours, so it is not counted as a request under way.
        if (this.#services?.dashboard?.handle(request, response) === true) return;
        const served = this.#serve(request, response).finally(() => this.#underWay.delete(served));
        this.#underWay.add(served);
        return served;
      }),
    );
    // Functions keep their connections; one that closes while a request is on its way would fail that request.
    this.server.keepAliveTimeout = 0;
  }

  open(services: AwsServices): void {
    this.#services = services;
  }

  /** Stops accepting requests and ends those under way, so that the services can be closed. */
  async close(): Promise<void> {
    this.#services = undefined;
    this.#state = 'stopping';
    await Promise.all(this.#underWay);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    response.setHeader('x-amzn-requestid', requestId);
    const [service, operation] = targetOf(request);
    const fault = isFunction(request)
      ? this.#faults?.inCall(serviceOf(request), callerOf(request).replace(functionKeyPrefix, ''))
      : undefined;
    if (fault?.kind === 'broken' && !fault.done) {
      request.socket.destroy();
      return;
    }
    try {
      const body = await bodyOf(request);
      if (fault?.kind === 'refused') throw new AwsError(fault.code, 'a fault made on purpose', fault.status);
      const answer = await this.#answer(service, operation, request, body);
      if (fault?.kind === 'late') await delay(fault.milliseconds);
      if (fault?.kind === 'broken') request.socket.destroy();
      else reply(response, answer);
    } catch (error) {
      if (!(error instanceof AwsError)) this.#report(error);
      const awsError = error instanceof AwsError ? error : new AwsError('InternalFailure', String(error), 500);
      reply(
        response,
        request.url?.startsWith(cloudFrontPath) === true ? rejection(awsError) : failure(awsError, service),
      );
    }
  }

  async #answer(
    service: string | undefined,
    operation: string,
    request: IncomingMessage,
    body: Buffer,
  ): Promise<RestAnswer> {
    const services = this.#services;
    if (!services) throw new AwsError('ServiceUnavailable', `the stack is ${this.#state}`, 503);
    if (services.meter?.isOn() === true) {
      const caller = callerOf(request).replace(functionKeyPrefix, '');
      if (service === 'DynamoDB_20120810') {
        const { answer, capacity, partition } = await services.dynamoDb.callMetered(operation, body);
        services.meter.notify({
          caller,
          service: 'dynamodb',
          operation,
          capacity,
          ...(partition !== undefined && { partition }),
        });
        return answer;
      }
      services.meter.notify({ caller, service: serviceOf(request), operation });
    }
    switch (service) {
      case 'DynamoDB_20120810':
        return services.dynamoDb.call(operation, body);
      case 'AWSEvents':
        return json(await services.events.call(operation, inputOf(body), functionCalling(request)), '1.1');
      case 'AmazonSQS':
        return json(await services.sqs.call(operation, inputOf(body)), '1.0');
      case 'secretsmanager':
        return json(await services.secrets.call(operation, inputOf(body)), '1.1');
      case undefined:
        return this.#rest(services, request, body);
      default:
        throw unknownOperation(`The service ${service}`, operation);
    }
  }

  async #rest(services: AwsServices, request: IncomingMessage, body: Buffer): Promise<RestAnswer> {
    const { pathname, searchParams } = new URL(`http://localhost${request.url ?? '/'}`);
    const method = request.method ?? 'GET';
    if (pathname.startsWith(cloudFrontPath)) {
      return services.cloudFront({ method, path: pathname, query: searchParams, body: body.toString() });
    }
    if (/^\/schedule(s|-groups)(\/|$)/.test(pathname)) {
      return {
        ...json(await services.scheduler.call(method, pathname, searchParams, inputOf(body)), '1.1'),
        headers: { 'content-type': 'application/json' },
      };
    }
    const [, functionName] = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(pathname) ?? [];
    if (functionName !== undefined) return invoked(services.functions.get(functionName), body);
    if (services.buckets.has(pathname.split('/')[1] ?? '')) {
      return services.buckets.call({ method, path: pathname, query: searchParams, headers: request.headers, body });
    }
    const [isPolly, taskId] = /^\/v1\/synthesisTasks(?:\/([^/]+))?$/.exec(pathname) ?? [];
    if (isPolly !== undefined) return json(await services.polly.call(method, taskId, inputOf(body)), '1.1');
    if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
      const action = new URLSearchParams(body.toString()).get('Action') ?? 'without Action';
      throw new AwsError(
        'UnsupportedProtocol',
        `${action}: the query protocol is not spoken here; SDKs and the AWS CLI of 2024 or later use JSON`,
      );
    }
    throw unknownOperation('AWS', `${method} ${pathname}`);
  }
}

/** Lambda's Invoke: an error of the function's is an answer, and its header says so. */
async function invoked(runtime: FunctionRuntime | undefined, body: Buffer): Promise<RestAnswer> {
  if (!runtime) throw new AwsError('ResourceNotFoundException', 'there is no such function in this stack', 404);
  const answer = (value: string, headers: Readonly<Record<string, string>> = {}): RestAnswer => ({
    status: 200,
    headers: { 'content-type': 'application/json', ...headers },
    body: value,
  });
  try {
    return answer((await runtime.invokeJson(JSON.stringify(inputOf(body).record))) ?? 'null');
  } catch (error) {
    if (!(error instanceof FunctionError)) throw error;
    return answer(JSON.stringify({ errorType: error.errorType, errorMessage: error.message }), {
      'x-amz-function-error': 'Unhandled',
    });
  }
}

function targetOf(request: IncomingMessage): readonly [service: string | undefined, operation: string] {
  const target = request.headers['x-amz-target'];
  if (typeof target !== 'string') return [undefined, ''];
  const dot = target.indexOf('.');
  return [target.slice(0, dot), target.slice(dot + 1)];
}

function callerOf(request: IncomingMessage): string {
  return /Credential=([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

/**
 * A function is authenticated by the session token that the stack gave it, as Lambda's roles are. An access key alone
 * is no proof.
 */
function functionCalling(request: IncomingMessage): Caller {
  const keyId = callerOf(request);
  if (!keyId.startsWith(functionKeyPrefix) || request.headers['x-amz-security-token'] !== sessionToken) return {};
  return { functionName: keyId.slice(functionKeyPrefix.length) };
}

/** Functions sign with credentials of their own (see stack.ts). Faults are injected into their calls only. */
function isFunction(request: IncomingMessage): boolean {
  return callerOf(request).startsWith(functionKeyPrefix);
}

function serviceOf(request: IncomingMessage): AwsService {
  switch (targetOf(request)[0]) {
    case 'DynamoDB_20120810':
      return 'dynamodb';
    case 'AWSEvents':
      return 'events';
    case 'AmazonSQS':
      return 'sqs';
    default:
      if (request.url?.startsWith('/schedule') === true) return 'scheduler';
      return request.url?.startsWith('/v1/synthesisTasks') === true ? 'polly' : 'cloudfront';
  }
}

function json(answer: Readonly<Record<string, unknown>>, version: '1.0' | '1.1'): RestAnswer {
  return {
    status: 200,
    headers: { 'content-type': `application/x-amz-json-${version}` },
    body: JSON.stringify(answer),
  };
}

/** Each protocol says it in its own way, and each SDK looks in its own place: so it is said in all of them. */
function failure({ code, message, status }: AwsError, service: string | undefined): RestAnswer {
  const sqsCode = code === 'QueueDoesNotExist' ? 'AWS.SimpleQueueService.NonExistentQueue' : code;
  return {
    status,
    headers: {
      'content-type': service === undefined ? 'application/json' : 'application/x-amz-json-1.0',
      'x-amzn-errortype': code,
      ...(service === 'AmazonSQS' && { 'x-amzn-query-error': `${sqsCode};Sender` }),
    },
    body: JSON.stringify({
      __type: service === 'AmazonSQS' ? `com.amazonaws.sqs#${code}` : code,
      message,
      Message: message,
    }),
  };
}

function reply(response: ServerResponse, { status, headers, body }: RestAnswer): void {
  // The caller may have gone: a function that was ended, a client that gave up.
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
