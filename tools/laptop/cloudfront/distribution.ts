import { bucketOrigin } from '../s3/bucket-origin.ts';
import type { Buckets } from '../s3/buckets.ts';
import type { EdgeOptions } from './edge-options.ts';
import { Fields } from '../fields.ts';
import { functionUrl } from '../lambda/function-url.ts';
import type { FunctionRuntime } from '../lambda/function-runtime.ts';
import { functionUrlDomain, type Resource, type Template } from '../cloudformation/template.ts';

export interface DistributionSurroundings {
  /** By name. */
  readonly functions: ReadonlyMap<string, FunctionRuntime>;
  readonly buckets: Buckets;
  readonly warn: (line: string) => void;
}

export interface LocalDistribution {
  readonly id: string;
  readonly domainName: string;
  readonly comment: string;
  /** Alternate domain names, which readers may ask for too. */
  readonly aliases: readonly string[];
  /** The default cache behaviour. */
  readonly edge: EdgeOptions;
  /** The others, in the order in which they are tried. */
  readonly behaviours: readonly { readonly pathPattern: string; readonly edge: EdgeOptions }[];
}

/** No header has this name: without a `CacheTagConfig` CloudFront keeps no tags. */
const noTags = '';
/** CloudFront's own default for an origin that takes its time. */
const defaultOriginSeconds = 30;

/** Returns the template's distribution as options of the edge. */
export function distributionOf(
  template: Template,
  surroundings: DistributionSurroundings,
): LocalDistribution | undefined {
  const [distribution, ...others] = template.all('AWS::CloudFront::Distribution');
  if (!distribution) return undefined;
  for (const { logicalId } of others) surroundings.warn(`${logicalId} is a second distribution: not run`);
  const config = distribution.properties.fields('DistributionConfig');
  return {
    id: template.ref(distribution),
    domainName: template.attribute(distribution, 'DomainName'),
    comment: config.optionalText('Comment') ?? '',
    aliases: config.texts('Aliases'),
    edge: edgeOf(template, config, config.fields('DefaultCacheBehavior'), distribution, surroundings),
    behaviours: config.fieldsList('CacheBehaviors').map((behaviour) => ({
      pathPattern: behaviour.text('PathPattern'),
      edge: edgeOf(template, config, behaviour, distribution, surroundings),
    })),
  };
}

function edgeOf(
  template: Template,
  config: Fields,
  behaviour: Fields,
  distribution: Resource,
  surroundings: DistributionSurroundings,
): EdgeOptions {
  const origin = config
    .fieldsList('Origins')
    .find((candidate) => candidate.text('Id') === behaviour.text('TargetOriginId'));
  if (!origin) throw new Error(`${distribution.logicalId}: no origin is called ${behaviour.text('TargetOriginId')}`);
  const methods = behaviour.texts('AllowedMethods');
  const others = methods.filter((method) => !['GET', 'HEAD', 'OPTIONS'].includes(method));
  if (others.length > 0)
    throw new Error(`${distribution.logicalId}: the methods ${others.join(', ')} are not known on a laptop`);
  if (behaviour.flag('Compress')) surroundings.warn(`${distribution.logicalId} compresses, which a laptop does not`);
  const viewerRequest = viewerFunctionOf(template, behaviour, 'viewer-request');
  const viewerResponse = viewerFunctionOf(template, behaviour, 'viewer-response');
  return {
    allowsOptions: methods.includes('OPTIONS'),
    tagHeader: config.optionalFields('CacheTagConfig')?.text('HeaderName') ?? noTags,
    errorCachingMinimumSeconds: new Map(
      config.fieldsList('CustomErrorResponses').flatMap((response) => {
        const seconds = response.optionalInteger('ErrorCachingMinTTL');
        return seconds === undefined ? [] : [[response.integer('ErrorCode'), seconds]];
      }),
    ),
    cachePolicy: cachePolicyOf(template, behaviour, distribution),
    ...(viewerRequest !== undefined && { viewerRequest }),
    ...(viewerResponse !== undefined && { viewerResponse }),
    originRequestHeaders: originHeadersOf(template, behaviour, distribution),
    origin: originOf(template, origin, distribution, surroundings),
    originTimeoutMilliseconds:
      1000 *
      (origin.optionalFields('CustomOriginConfig')?.optionalInteger('OriginReadTimeout') ?? defaultOriginSeconds),
  };
}

function originOf(
  template: Template,
  origin: Fields,
  distribution: Resource,
  surroundings: DistributionSurroundings,
): EdgeOptions['origin'] {
  const domain = origin.text('DomainName');
  const bucket = template
    .all('AWS::S3::Bucket')
    .find((candidate) => template.attribute(candidate, 'RegionalDomainName') === domain);
  return bucket
    ? bucketOrigin(surroundings.buckets, bucket.name)
    : functionUrl(...functionBehind(template, domain, distribution, surroundings));
}

function functionBehind(
  template: Template,
  domain: string,
  { logicalId }: Resource,
  { functions }: DistributionSurroundings,
): [FunctionRuntime, string] {
  const url = template.all('AWS::Lambda::Url').find((candidate) => functionUrlDomain(candidate.logicalId) === domain);
  if (!url) throw new Error(`${logicalId}: the origin ${domain} is neither a function URL nor a bucket of this stack`);
  const target = url.properties.text('TargetFunctionArn');
  const runtime = functions.get(target.slice(target.lastIndexOf(':') + 1));
  if (!runtime) throw new Error(`${url.logicalId}.TargetFunctionArn is ${target}, which is no function of this stack`);
  return [runtime, domain];
}

/** A policy's id must be one of the template: policies that AWS manages cannot be read. */
function policyOf(template: Template, type: string, id: string, { logicalId }: Resource): Fields {
  const policy = template.all(type).find((candidate) => template.ref(candidate) === id);
  if (!policy) throw new Error(`${logicalId}: ${id} is no ${type} of this stack`);
  return policy.properties;
}

function cachePolicyOf(template: Template, behaviour: Fields, distribution: Resource): EdgeOptions['cachePolicy'] {
  const policy = policyOf(
    template,
    'AWS::CloudFront::CachePolicy',
    behaviour.text('CachePolicyId'),
    distribution,
  ).fields('CachePolicyConfig');
  const keyed = policy.optionalFields('ParametersInCacheKeyAndForwardedToOrigin');
  const parameters = keyed?.optionalFields('QueryStringsConfig');
  const queries = parameters?.optionalText('QueryStringBehavior') ?? 'none';
  if (queries === 'allExcept')
    throw new Error(`${distribution.logicalId}: the query string behaviour allExcept is not known on a laptop`);
  return {
    queryStrings:
      queries === 'whitelist' ? (parameters?.texts('QueryStrings') ?? []) : queries === 'all' ? 'all' : 'none',
    headers: keyed?.optionalFields('HeadersConfig')?.texts('Headers') ?? [],
    encodings: [
      ...(keyed?.flag('EnableAcceptEncodingBrotli') === true ? ['br'] : []),
      ...(keyed?.flag('EnableAcceptEncodingGzip') === true ? ['gzip'] : []),
    ],
    minTtlSeconds: policy.integer('MinTTL'),
    defaultTtlSeconds: policy.integer('DefaultTTL'),
    maxTtlSeconds: policy.integer('MaxTTL'),
  };
}

function originHeadersOf(template: Template, behaviour: Fields, distribution: Resource): readonly string[] {
  const id = behaviour.optionalText('OriginRequestPolicyId');
  if (id === undefined) return [];
  const headers = policyOf(template, 'AWS::CloudFront::OriginRequestPolicy', id, distribution)
    .fields('OriginRequestPolicyConfig')
    .fields('HeadersConfig');
  return headers.texts('Headers');
}

function viewerFunctionOf(
  template: Template,
  behaviour: Fields,
  eventType: 'viewer-request' | 'viewer-response',
): string | undefined {
  const arn = behaviour
    .fieldsList('FunctionAssociations')
    .find((association) => association.text('EventType') === eventType)
    ?.text('FunctionARN');
  if (arn === undefined) return undefined;
  const found = template.all('AWS::CloudFront::Function').find((candidate) => candidate.arn === arn);
  if (!found) throw new Error(`${arn} is no CloudFront function of this stack`);
  return found.properties.text('FunctionCode');
}
