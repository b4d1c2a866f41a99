import { buffer } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { HttpRequest } from '@smithy/core/protocols';
import { isThrottlingError, isTransientError, StandardRetryStrategy } from '@smithy/core/retry';
import { Hash } from '@smithy/core/serde';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentity, Provider, StandardRetryToken } from '@smithy/types';

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
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  readonly text: string;
}

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
 * The calls of functions that must start fast. Signing, connections and retries are those of AWS's own SDK: the same parts,
 * without the clients around them, which take twenty times the room and most of a cold start.
 */
export class AwsClient {
  readonly endpoint: string | undefined;
  readonly #region: Provider<string>;
  readonly #credentials: Provider<AwsCredentialIdentity>;
  readonly #patienceMilliseconds: number;
  readonly #signers = new Map<string, SignatureV4>();
  readonly #retries: StandardRetryStrategy;
  /** Keeps connections, at most 50 to each service. */
  readonly #http = new NodeHttpHandler();

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
      body: JSON.stringify(input, withBinaryAsBase64),
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
    this.#http.destroy();
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
    const { protocol, hostname, port, pathname, searchParams, host } = new URL(url);
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
    const abortSignal = AbortSignal.timeout(Math.max(1, Math.min(Math.ceil((2 * this.#patienceMilliseconds) / 3), until - Date.now())));
    try {
      const { response } = await this.#http.handle(HttpRequest.clone(signed), { abortSignal });
      const bytes = await buffer(response.body as Readable);
      return {
        status: response.statusCode,
        headers: response.headers,
        bytes,
        get text() {
          return bytes.toString();
        },
      };
    } catch (error) {
      if (abortSignal.aborted) throw timeout(service);
      throw error;
    }
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
      sha256: Hash.bind(null, 'sha256'),
      // S3 signs a path as it stands, and wants to know what the body is.
      uriEscapePath: service !== 's3',
    });
    this.#signers.set(service, signer);
    return signer;
  }
}

export function isOk({ status }: AwsAnswer): boolean {
  return status >= 200 && status < 300;
}

/** Each protocol names its error in a place of its own. */
export function refusalOf({ status, headers, text }: AwsAnswer): AwsRefusal {
  const named = headers['x-amzn-errortype'] ?? /"__type"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? /<Code>([^<]*)<\/Code>/.exec(text)?.[1] ?? '';
  return new AwsRefusal(status, named.replace(/:.*$/, '').split('#').at(-1) ?? '');
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

/** What DynamoDB calls B goes over the wire as text. */
function withBinaryAsBase64(this: Readonly<Record<string, unknown>>, name: string, value: unknown): unknown {
  const held = this[name];
  return held instanceof Uint8Array ? Buffer.from(held).toString('base64') : value;
}
