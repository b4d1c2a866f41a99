import { AwsClient } from 'aws4fetch';

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

/** One try and two more. */
const retries = 2;
/** All tries together: Ghost waits two seconds for its answer. */
const shortPatienceMilliseconds = 1500;

/**
 * The few calls of functions that must start fast: the SDK's clients for the same three services take forty times the room,
 * and most of a cold start.
 */
export class SignedFetch {
  readonly endpoint: string | undefined;
  readonly region: string;
  readonly #client: AwsClient;
  readonly #patienceMilliseconds: number;

  constructor(environment: CallerEnvironment, { patienceMilliseconds = shortPatienceMilliseconds } = {}) {
    this.#patienceMilliseconds = patienceMilliseconds;
    this.endpoint = environment['AWS_ENDPOINT_URL'];
    this.region = environment['AWS_REGION'] ?? 'us-east-1';
    this.#client = new AwsClient({
      accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
      ...(environment['AWS_SESSION_TOKEN'] !== undefined && { sessionToken: environment['AWS_SESSION_TOKEN'] }),
      region: this.region,
      retries,
    });
  }

  /** An operation of a service that speaks AWS's JSON protocol. */
  async json(service: string, target: string, input: unknown): Promise<unknown> {
    const response = await this.send(`${this.endpoint ?? `https://${service}.${this.region}.amazonaws.com`}/`, service, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
      body: JSON.stringify(input),
    });
    const text = await response.text();
    if (!response.ok) throw new AwsRefusal(response.status, codeIn(text));
    return JSON.parse(text);
  }

  /** A request as it stands; answers of any status. */
  async send(
    url: string,
    service: string,
    init: { readonly method: string; readonly headers?: Record<string, string>; readonly body?: string },
  ): Promise<Response> {
    const signal = AbortSignal.timeout(this.#patienceMilliseconds);
    const once = (): Promise<Response> => this.#client.fetch(url, { ...init, signal, aws: { service, region: this.region } });
    try {
      return await once();
    } catch (error) {
      // A connection kept from before Lambda froze the process is often dead: everything sent here may be sent twice.
      if (signal.aborted) throw error;
      return once();
    }
  }
}

function codeIn(text: string): string {
  try {
    const { __type: type } = JSON.parse(text) as { readonly __type?: unknown };
    return typeof type === 'string' ? (type.split('#').at(-1) ?? '') : '';
  } catch {
    return '';
  }
}
