import { randomBytes, randomUUID } from 'node:crypto';
import { XMLParser } from 'fast-xml-parser';
import { AwsError } from '../aws-error.ts';
import { segmentsOf } from '../wire.ts';

export interface CloudFrontRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

export interface CloudFrontAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export interface CloudFrontOptions {
  readonly distributionId: string;
  readonly domainName: string;
  /** The distribution's `CacheTagConfig.HeaderName`. */
  readonly cacheTagHeader: string;
  readonly comment?: string;
  /** Purges at once. If it throws, the request fails and can be repeated. */
  readonly invalidate: (paths: readonly string[]) => void;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

interface Invalidation {
  readonly id: string;
  readonly createdAt: Date;
  readonly callerReference: string;
  readonly paths: readonly string[];
}

const namespace = 'http://cloudfront.amazonaws.com/doc/2020-05-31/';
const maxPaths = 3_000;
const maxTagCharacters = 256;
/** Of a distribution's invalidations in progress: paths and tags without a wildcard, and paths with one. */
const maxInProgress = { single: 3_000, wildcard: 15 };
/** How long an invalidation is in progress. Readers see its effect at once. */
const inProgressMilliseconds = 5_000;
/** CloudFront remembers every caller reference; a laptop that runs for weeks forgets the oldest. */
const maxRemembered = 10_000;

/** boto3 writes numeric entities, which this parser decodes only with its HTML entities. */
const parser = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
  isArray: (name) => name === 'Path',
});

/**
 * CloudFront's API (REST and XML, 2020-05-31) for one existing distribution: CreateInvalidation, GetInvalidation,
 * ListInvalidations, GetDistribution, ListDistributions. In memory only. As in CloudFront, a repeated `CallerReference`
 * with the same paths returns the first invalidation and purges nothing; with other paths it is an error. As there, an
 * invalidation is in progress for some time, and the paths in progress are limited. Unlike there, it takes effect at once.
 *
 * @see https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateInvalidation.html
 */
export function cloudfrontApi(options: CloudFrontOptions): (request: CloudFrontRequest) => Promise<CloudFrontAnswer> {
  const invalidations = new Invalidations(options);
  return async (request) => {
    try {
      return await Promise.resolve(route(options, invalidations, request));
    } catch (error) {
      if (error instanceof AwsError) return rejection(error);
      throw error;
    }
  };
}

class Invalidations {
  readonly #options: CloudFrontOptions;
  readonly #byId = new Map<string, Invalidation>();
  readonly #byReference = new Map<string, Invalidation>();

  constructor(options: CloudFrontOptions) {
    this.#options = options;
  }

  create(callerReference: string, paths: readonly string[]): Invalidation {
    const known = this.#byReference.get(callerReference);
    if (known) {
      if (JSON.stringify(known.paths) === JSON.stringify(paths)) return known;
      throw new AwsError(
        'InvalidationBatchAlreadyExists',
        'You already created an invalidation batch with this caller reference and other content.',
      );
    }
    const now = this.#now();
    for (const [kind, isOfKind] of [
      ['single', (path: string) => !path.endsWith('*')],
      ['wildcard', (path: string) => path.endsWith('*')],
    ] as const) {
      const added = paths.filter(isOfKind).length;
      const before = this.#inProgress().flatMap((each) => each.paths.filter(isOfKind)).length;
      if (added > 0 && before + added > maxInProgress[kind])
        throw new AwsError(
          'TooManyInvalidationsInProgress',
          'Processing your request will cause you to exceed the maximum number of in-progress invalidations.',
        );
    }
    this.#options.invalidate(paths);
    const invalidation = {
      id: `I${randomBytes(8).toString('hex').toUpperCase()}`,
      createdAt: new Date(now),
      callerReference,
      paths,
    };
    this.#byId.set(invalidation.id, invalidation);
    this.#byReference.set(callerReference, invalidation);
    for (const oldest of this.#byId.values()) {
      if (this.#byId.size <= maxRemembered) break;
      this.#byId.delete(oldest.id);
      this.#byReference.delete(oldest.callerReference);
    }
    return invalidation;
  }

  get(id: string): Invalidation {
    const found = this.#byId.get(id);
    if (!found) throw new AwsError('NoSuchInvalidation', 'The specified invalidation does not exist.', 404);
    return found;
  }

  newestFirst(): Invalidation[] {
    return [...this.#byId.values()].reverse();
  }

  statusOf({ createdAt }: Invalidation): 'InProgress' | 'Completed' {
    return this.#now() - createdAt.getTime() < inProgressMilliseconds ? 'InProgress' : 'Completed';
  }

  #inProgress(): Invalidation[] {
    return this.newestFirst().filter((invalidation) => this.statusOf(invalidation) === 'InProgress');
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }
}

function route(
  options: CloudFrontOptions,
  invalidations: Invalidations,
  { method, path, query, body }: CloudFrontRequest,
): CloudFrontAnswer {
  const [version, distribution, id, collection, invalidationId, ...rest] = segmentsOf(path);
  const call =
    rest.length > 0 || version !== '2020-05-31'
      ? ''
      : `${method} ${[distribution, id && '{id}', collection, invalidationId && '{id}'].filter(Boolean).join('/')}`;
  if (call === 'GET distribution') return document('DistributionList', distributionList(options, query));
  if (id !== undefined && id !== options.distributionId)
    throw new AwsError('NoSuchDistribution', 'The specified distribution does not exist.', 404);
  switch (call) {
    case 'GET distribution/{id}':
      return document('Distribution', distributionOf(options), { headers: { etag: 'E1LOCAL' } });
    case 'POST distribution/{id}/invalidation': {
      const created = invalidations.create(...batchIn(body));
      const location = `https://cloudfront.amazonaws.com/2020-05-31/distribution/${options.distributionId}/invalidation/${created.id}`;
      return document('Invalidation', invalidationOf(created, invalidations), { status: 201, headers: { location } });
    }
    case 'GET distribution/{id}/invalidation':
      return document('InvalidationList', invalidationList(invalidations, query));
    case 'GET distribution/{id}/invalidation/{id}':
      return document('Invalidation', invalidationOf(invalidations.get(invalidationId ?? ''), invalidations));
    default:
      throw new AwsError('UnknownOperationException', `CloudFront on this laptop does not know ${method} ${path}`, 404);
  }
}

function batchIn(body: string): [callerReference: string, paths: string[]] {
  if (body.trim() === '') throw new AwsError('MissingBody', 'This operation requires a body.');
  const batch = child(parsed(body), 'InvalidationBatch');
  if (batch === undefined) throw new AwsError('MalformedXML', 'The body is no InvalidationBatch.');
  const callerReference = child(batch, 'CallerReference');
  if (typeof callerReference !== 'string' || callerReference === '')
    throw new AwsError('InvalidArgument', 'CallerReference is missing.');
  const listed = child(child(child(batch, 'Paths'), 'Items'), 'Path');
  const paths = Array.isArray(listed) ? listed.map(String) : [];
  if (Number(child(child(batch, 'Paths'), 'Quantity')) !== paths.length) {
    throw new AwsError('InconsistentQuantities', "The value of Quantity and the size of Items don't match.");
  }
  if (paths.length === 0)
    throw new AwsError('InvalidArgument', 'An invalidation batch needs one path or tag at least.');
  if (paths.length > maxPaths)
    throw new AwsError('BatchTooLarge', `Invalidation batch specified is too large: more than ${maxPaths} paths.`, 413);
  for (const path of paths) checkPath(path);
  return [callerReference, paths];
}

function parsed(body: string): unknown {
  try {
    return parser.parse(body);
  } catch {
    return undefined;
  }
}

function checkPath(path: string): void {
  if (path.startsWith('#')) {
    if (!/^[!-+\--~]+$/.test(path.slice(1)))
      throw new AwsError('InvalidArgument', `A cache tag has ASCII characters 33 to 126 without comma: ${path}`);
    if (path.length - 1 > maxTagCharacters)
      throw new AwsError('InvalidArgument', `A cache tag has ${maxTagCharacters} characters at most: ${path}`);
  } else if (!/^\/[!-~]*$/.test(path)) {
    throw new AwsError('InvalidArgument', `Your request contains one or more invalid invalidation paths: ${path}`);
  }
}

function child(node: unknown, name: string): unknown {
  return typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[name] : undefined;
}

function invalidationOf(invalidation: Invalidation, invalidations: Invalidations): XmlObject {
  const { id, createdAt, callerReference, paths } = invalidation;
  return {
    Id: id,
    Status: invalidations.statusOf(invalidation),
    CreateTime: createdAt.toISOString(),
    InvalidationBatch: { Paths: { Quantity: paths.length, Items: { Path: paths } }, CallerReference: callerReference },
  };
}

function invalidationList(invalidations: Invalidations, query: URLSearchParams): XmlObject {
  const { marker, maxItems, page, isTruncated } = pageOf(invalidations.newestFirst(), query);
  const Items = {
    InvalidationSummary: page.map((invalidation) => ({
      Id: invalidation.id,
      CreateTime: invalidation.createdAt.toISOString(),
      Status: invalidations.statusOf(invalidation),
    })),
  };
  const last = isTruncated ? page.at(-1) : undefined;
  return {
    Marker: marker,
    ...(last && { NextMarker: last.id }),
    MaxItems: maxItems,
    IsTruncated: isTruncated,
    Quantity: page.length,
    ...(page.length > 0 && { Items }),
  };
}

/** The page after the element that `Marker` names. */
function pageOf(
  all: readonly Invalidation[],
  query: URLSearchParams,
): { marker: string; maxItems: number; page: readonly Invalidation[]; isTruncated: boolean } {
  const marker = query.get('Marker') ?? '';
  const maxItems = Number(query.get('MaxItems') ?? 100);
  if (!Number.isInteger(maxItems) || maxItems < 1)
    throw new AwsError('InvalidArgument', 'MaxItems must be a positive integer.');
  const start = marker === '' ? 0 : all.findIndex(({ id }) => id === marker) + 1;
  if (marker !== '' && start === 0) throw new AwsError('InvalidArgument', 'Marker names no invalidation.');
  return { marker, maxItems, page: all.slice(start, start + maxItems), isTruncated: start + maxItems < all.length };
}

function distributionList(options: CloudFrontOptions, query: URLSearchParams): XmlObject {
  const { DistributionConfig, ...summary } = distributionOf(options);
  const { CallerReference, Logging, DefaultRootObject, ...config } = DistributionConfig;
  return {
    Marker: query.get('Marker') ?? '',
    MaxItems: Number(query.get('MaxItems') ?? 100),
    IsTruncated: false,
    Quantity: 1,
    Items: {
      DistributionSummary: {
        ...summary,
        ...config,
        ViewerCertificate: { CloudFrontDefaultCertificate: true },
        Restrictions: { GeoRestriction: { RestrictionType: 'none', Quantity: 0 } },
        WebACLId: '',
        HttpVersion: 'http1.1',
        IsIPV6Enabled: false,
        Staging: false,
      },
    },
  };
}

/** Only the configuration that the edge uses, and the fields that the API always returns. */
function distributionOf({ distributionId, domainName, cacheTagHeader, comment }: CloudFrontOptions) {
  return {
    Id: distributionId,
    ARN: `arn:aws:cloudfront::000000000000:distribution/${distributionId}`,
    Status: 'Deployed',
    LastModifiedTime: '1970-01-01T00:00:00.000Z',
    InProgressInvalidationBatches: 0,
    DomainName: domainName,
    DistributionConfig: {
      CallerReference: distributionId,
      Aliases: { Quantity: 0 },
      DefaultRootObject: '',
      Origins: { Quantity: 1, Items: { Origin: { Id: 'deliver', DomainName: domainName } } },
      DefaultCacheBehavior: { TargetOriginId: 'deliver', ViewerProtocolPolicy: 'allow-all' },
      CacheBehaviors: { Quantity: 0 },
      CustomErrorResponses: { Quantity: 0 },
      Comment: comment ?? '',
      Logging: { Enabled: false, IncludeCookies: false, Bucket: '', Prefix: '' },
      PriceClass: 'PriceClass_All',
      Enabled: true,
      CacheTagConfig: { HeaderName: cacheTagHeader },
    },
  };
}

function document(
  root: string,
  content: XmlObject,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): CloudFrontAnswer {
  return {
    status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': randomUUID(), ...headers },
    body: `<?xml version="1.0"?>\n<${root} xmlns="${namespace}">${xml(content)}</${root}>`,
  };
}

export function rejection({ code, message, status }: AwsError): CloudFrontAnswer {
  return document(
    'ErrorResponse',
    { Error: { Type: 'Sender', Code: code, Message: message }, RequestId: randomUUID() },
    { status },
  );
}

type XmlValue = string | number | boolean | XmlObject | readonly XmlValue[];
interface XmlObject {
  readonly [name: string]: XmlValue;
}

/** An array repeats its element. Names are ours and need no escape. */
function xml(content: XmlObject): string {
  return Object.entries(content)
    .flatMap(([name, value]) =>
      (Array.isArray(value) ? (value as XmlValue[]) : [value]).map((each) => `<${name}>${xmlValue(each)}</${name}>`),
    )
    .join('');
}

function xmlValue(value: XmlValue): string {
  if (typeof value === 'object') return xml(value as XmlObject);
  return String(value).replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}
