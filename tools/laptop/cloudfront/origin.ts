export interface OriginRequest {
  readonly method: string;
  /** Percent-encoded, as the reader sent it. */
  readonly rawPath: string;
  /** Without the question mark; only the parameters that the cache policy names. */
  readonly rawQueryString: string;
  readonly headers: Record<string, string>;
}

export interface OriginResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}
