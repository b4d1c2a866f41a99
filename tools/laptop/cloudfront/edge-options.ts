import type { OriginRequest, OriginResponse } from './origin.ts';

export interface EdgeOptions {
  /** The distribution's `CacheTagConfig.HeaderName`. */
  readonly tagHeader: string;
  /** Whether the distribution's `AllowedMethods` name OPTIONS, which the viewer function then answers. */
  readonly allowsOptions?: boolean;
  /** The distribution's `CustomErrorResponses`: `ErrorCachingMinTTL` by status. */
  readonly errorCachingMinimumSeconds: ReadonlyMap<number, number>;
  readonly cachePolicy: {
    readonly queryStrings: 'all' | 'none' | readonly string[];
    /** Request headers of the cache key, as the viewer function leaves them. They are sent to the origin. */
    readonly headers: readonly string[];
    /** Encodings of `EnableAcceptEncoding…`: those that a reader accepts are in the cache key and in the origin's request. */
    readonly encodings?: readonly string[];
    readonly minTtlSeconds: number;
    readonly defaultTtlSeconds: number;
    readonly maxTtlSeconds: number;
  };
  /** Code of a CloudFront Function for viewer requests. */
  readonly viewerRequest?: string;
  /** Code of a CloudFront Function for viewer responses. It runs unless the origin answered 400 or higher. */
  readonly viewerResponse?: string;
  /** Further request headers that are sent to the origin. */
  readonly originRequestHeaders: readonly string[];
  readonly origin: (request: OriginRequest) => Promise<OriginResponse>;
  readonly originTimeoutMilliseconds: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** Cache size. Default: 64 MiB. */
  readonly maxBytes?: number;
  /**
   * Whether the edge stores a response that the origin was still making when its tag or path was purged, although its
   * content may be old. CloudFront promises nothing else, which is why withdrawals are purged again after the origin's
   * timeout. Default: true.
   */
  readonly storesFillsPurgedInFlight?: boolean;
}
