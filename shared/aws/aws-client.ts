import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { Agent, request as requestInClear, type IncomingHttpHeaders } from 'node:http';
import { Agent as SecureAgent, request as requestSecurely } from 'node:https';
import { HttpRequest } from '@smithy/core/protocols';
import { isThrottlingError, isTransientError, StandardRetryStrategy } from '@smithy/core/retry';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentity, Provider, StandardRetryToken } from '@smithy/types';
import { before } from '../trim.ts';

/** Who calls, and where: the variables that Lambda sets, `AWS_ENDPOINT_URL` for another place than AWS. */
export type CallerEnvironment = Readonly<Record<string, string | undefined>>;

/** A call that AWS refused, or never answered as it should. */
export class AwsRefusal extends Error {
  override readonly name = 'AwsRefusal';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string) {
    super(`AWS answered ${status} ${code}`);
    this.status = status;
    this.code = code;
  }
}

export interface AwsRequest {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface AwsAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Uint8Array;
  readonly text: string;
}

/** Connections are kept, at most so many to each service. */
const kept = { keepAlive: true, maxSockets: 50 };

export interface AwsClientOptions {
  /** One try and the rest after it. */
  readonly attempts?: number;
  /** All tries together. */
  readonly patienceMilliseconds?: number;
  /** Instead of the environment's, for whoever runs outside of Lambda. */
  readonly credentials?: Provider<AwsCredentialIdentity>;
  readonly region?: Provider<string>;
}

/**
 * The calls of functions that must start fast. Signing and retries are those of AWS's own SDK: the same parts, without the
 * clients around them, which take twenty times the room and most of a cold start.
 */
export class AwsClient {
  readonly endpoint: string | undefined;
  readonly #region: Provider<string>;
  readonly #credentials: Provider<AwsCredentialIdentity>;
  readonly #patienceMilliseconds: number;
  readonly #signers = new Map<string, SignatureV4>();
  readonly #retries: StandardRetryStrategy;
  readonly #agents = { 'http:': new Agent(kept), 'https:': new SecureAgent(kept) } as const;

  constructor(environment: CallerEnvironment, { attempts = 3, patienceMilliseconds = 10_000, credentials, region }: AwsClientOptions = {}) {
    this.endpoint = environment['AWS_ENDPOINT_URL'];
    this.#region = region ?? (() => Promise.resolve(environment['AWS_REGION'] ?? 'us-east-1'));
    this.#patienceMilliseconds = patienceMilliseconds;
    this.#retries = new StandardRetryStrategy(attempts);
    this.#credentials =
      credentials ??
      (() =>
        Promise.resolve({
          accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
          secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
          ...(environment['AWS_SESSION_TOKEN'] !== undefined && { sessionToken: environment['AWS_SESSION_TOKEN'] }),
        }));
  }

  /** Where a service of this region listens. */
  async urlOf(service: string): Promise<string> {
    return this.endpoint ?? `https://${service}.${await this.#region()}.amazonaws.com`;
  }

  /** An operation of a service that speaks AWS's JSON protocol. */
  async json(service: string, target: string, input: unknown, version: '1.0' | '1.1' = '1.1'): Promise<unknown> {
    const answer = await this.send(`${await this.urlOf(service)}/`, service, {
      method: 'POST',
      headers: { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': target },
      body: JSON.stringify(input),
    });
    if (!isOk(answer)) throw refusalOf(answer);
    return answer.text === '' ? undefined : (JSON.parse(answer.text) as unknown);
  }

  /** A request as it stands; answers of any status, once trying again is no use. */
  async send(url: string, service: string, request: AwsRequest): Promise<AwsAnswer> {
    const until = Date.now() + this.#patienceMilliseconds;
    let token = await this.#retries.acquireInitialRetryToken(service);
    for (;;) {
      const outcome = await this.#try(url, service, request, until).then(
        (answer) => ({ answer }),
        (fault: unknown) => ({ fault: fault as Fault }),
      );
      if ('answer' in outcome && isOk(outcome.answer)) {
        this.#retries.recordSuccess(token);
        return outcome.answer;
      }
      const fault = 'answer' in outcome ? faultOf(outcome.answer) : outcome.fault;
      const next = Date.now() < until ? await this.#next(token, fault) : undefined;
      if (next) token = next;
      else if ('answer' in outcome) return outcome.answer;
      else throw fault;
    }
  }

  destroy(): void {
    for (const agent of Object.values(this.#agents)) agent.destroy();
  }

  /** Waits as the SDK would before it tries again; undefined where it would not. */
  async #next(token: StandardRetryToken, fault: Fault): Promise<StandardRetryToken | undefined> {
    const isThrottled = isThrottlingError(fault);
    if (!isThrottled && !isTransientError(fault)) return undefined;
    try {
      return await this.#retries.refreshRetryTokenForRetry(token, { errorType: isThrottled ? 'THROTTLING' : 'TRANSIENT' });
    } catch {
      return undefined;
    }
  }

  async #try(url: string, service: string, { method, headers = {}, body }: AwsRequest, until: number): Promise<AwsAnswer> {
    const address = new URL(url);
    const { protocol, hostname, port, pathname, searchParams, host } = address;
    const signed = await (await this.#signer(service)).sign(
      new HttpRequest({
        protocol,
        hostname,
        ...(port !== '' && { port: Number(port) }),
        method,
        path: pathname,
        query: Object.fromEntries(searchParams),
        headers: { host, ...headers, ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }) },
        body,
      }),
    );
    // A connection from before Lambda froze the process may be dead: it must leave time for another.
    const milliseconds = Math.max(1, Math.min(Math.ceil((2 * this.#patienceMilliseconds) / 3), until - Date.now()));
    return this.#ask(address, service, { method, headers: signed.headers, ...(body !== undefined && { body }) }, milliseconds);
  }

  /** One request and the whole of its answer, or no answer in time. */
  #ask(address: URL, service: string, { method, headers, body }: AwsRequest, milliseconds: number): Promise<AwsAnswer> {
    return new Promise((resolve, reject) => {
      const isSecure = address.protocol === 'https:';
      const request = (isSecure ? requestSecurely : requestInClear)(address, { method, headers, agent: this.#agents[isSecure ? 'https:' : 'http:'] });
      const fail = (error: Error): void => {
        clearTimeout(timer);
        reject(error);
      };
      const timer = setTimeout(() => {
        fail(timeout(service));
        request.destroy();
      }, milliseconds);
      request.on('error', fail);
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', fail);
        response.on('end', () => {
          clearTimeout(timer);
          const bytes = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            bytes,
            get text() {
              return bytes.toString();
            },
          });
        });
      });
      request.end(body);
    });
  }

  async #signer(service: string): Promise<SignatureV4> {
    const known = this.#signers.get(service);
    if (known) return known;
    // CloudFront is nowhere in particular, and signed for there.
    const region = service === 'cloudfront' ? 'us-east-1' : await this.#region();
    const signer = new SignatureV4({
      service,
      region,
      credentials: this.#credentials,
      sha256: Sha256,
      // S3 signs a path as it stands, and wants to know what the body is.
      uriEscapePath: service !== 's3',
    });
    this.#signers.set(service, signer);
    return signer;
  }
}

/** As SigV4 asks for it. The keys that it signs with are made once: that takes several times as long as to sign. */
class Sha256 {
  static readonly #keys = new WeakMap<Uint8Array, KeyObject>();
  readonly #hash: ReturnType<typeof createHash | typeof createHmac>;

  constructor(secret?: unknown) {
    if (secret === undefined) this.#hash = createHash('sha256');
    // The SDK gives it text first, then the bytes that it made of that.
    else this.#hash = createHmac('sha256', typeof secret === 'string' ? secret : Sha256.#keyOf(secret as Uint8Array));
  }

  update(data: Uint8Array): void {
    this.#hash.update(data);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  static #keyOf(secret: Uint8Array): KeyObject {
    const key = Sha256.#keys.get(secret) ?? createSecretKey(secret);
    Sha256.#keys.set(secret, key);
    return key;
  }
}

export function isOk({ status }: AwsAnswer): boolean {
  return status >= 200 && status < 300;
}

/** Each protocol names its error in a place of its own. */
export function refusalOf({ status, headers, text }: AwsAnswer): AwsRefusal {
  const named = String(headers['x-amzn-errortype'] ?? '') || (/"__type"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? /<Code>([^<]*)<\/Code>/.exec(text)?.[1] ?? '');
  return new AwsRefusal(status, before(named, ':').split('#').at(-1) ?? '');
}

/** What the SDK's judgement of what is worth another try looks at. */
type Fault = Parameters<typeof isTransientError>[0];

function faultOf(answer: AwsAnswer): Fault {
  const { status, code } = refusalOf(answer);
  return { name: code, message: code, $metadata: { httpStatusCode: status } };
}

function timeout(service: string): Error {
  return Object.assign(new Error(`${service} did not answer in time`), { name: 'TimeoutError' });
}
