import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  CacheHeaderBehavior,
  CachePolicy,
  CacheQueryStringBehavior,
  CfnDistribution,
  Distribution,
  Function,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  PriceClass,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import type { BehaviorOptions, DistributionProps } from 'aws-cdk-lib/aws-cloudfront';
import { FunctionUrlOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { DeliverEnv } from '../functions/deliver/env.ts';
import { allParameters, defaultLimit, parameterValues, routes } from '../shared/site/routes.ts';
import type { Route } from '../shared/site/routes.ts';
import { tagHeader } from '../shared/purge/tags.ts';
import type { Lists } from '../shared/feed/lists.ts';
import type { Theme } from '../shared/site/theme.ts';
import { access } from './access.ts';
import type { Access } from './access.ts';
import type { Articles } from './articles.ts';
import type { Audio } from './audio.ts';
import type { Feeds } from './feeds.ts';
import { ServiceFunction } from './service-function.ts';
import { nameIn } from './stage.ts';
import type { Stage } from './stage.ts';
import { WebAcl } from './web-acl.ts';
import type { WebAclProps } from './web-acl.ts';

/** A domain of one's own; the certificate is one of ACM in us-east-1, where CloudFront looks for it. */
export interface Domain {
  readonly name: string;
  readonly certificateArn: string;
}

export interface Site {
  readonly theme: Theme;
  /** Absolute origin of every link; without it, links follow the host that the reader asked for. */
  readonly url?: string;
  readonly domain?: Domain;
  /** Who guards it: a web ACL that exists, or one of the stage's own. */
  readonly webAcl?: { readonly arn: string } | Pick<WebAclProps, 'maxRequests'>;
}

export interface EdgeProps {
  readonly stage: Stage;
  readonly articles: Articles;
  readonly feeds: Feeds;
  readonly site: Site;
  readonly lists: Lists;
  /** Where stories read aloud lie; without it, none are offered. */
  readonly audio?: Audio;
}

/** Also what CloudFront waits for an answer: any longer, and a fill could outlive the second purge of a withdrawal. */
const ORIGIN_TIMEOUT = Duration.seconds(10);

/** An error is never kept longer: a page asked for too early is there a moment after it is published. */
const ERROR_SECONDS = 5;

/** All that CloudFront takes a minimum for. 410 is not among them, so it is kept as long as `deliver` says. */
const ERROR_STATUSES = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

/** Behind an origin access control the function URL's own name is the Host; `deliver` reads the reader's from here. */
const HOST_HEADER = 'x-pressrun-host';

/** Every route that knows query parameters, as ECMAScript that CloudFront's functions run. */
const PARAMETERS = Object.values<Route>(routes)
  .filter(({ parameters }) => parameters.length > 0)
  .map(({ pattern, parameters }) => `  [${String(pattern)}, ${JSON.stringify(parameters)}],\n`)
  .join('');

/** The values that a parameter may have, likewise. */
const VALUES = Object.entries(parameterValues)
  .map(([name, pattern]) => `  ${name}: ${String(pattern)},\n`)
  .join('');

/**
 * Tells `deliver` the reader's host, and leaves only the query parameters that the path knows, each once and in one order:
 * otherwise anybody could have every page made anew, as often as they can think of another parameter. Of the values that
 * `deliver` refuses one is left, the empty one. A path is spelled as RFC 3986 §6.2.2 normalises it; dots stay as they are, so that none
 * becomes a step upwards.
 */
const ON_REQUEST = `var parameters = [
${PARAMETERS}];
var values = {
${VALUES}};
function handler(event) {
  var request = event.request;
  var host = request.headers.host;
  var query = {};
  request.headers['${HOST_HEADER}'] = { value: host ? host.value : '' };
  request.uri = request.uri.replace(/%[0-9A-Fa-f]{2}/g, function (escape) {
    var character = String.fromCharCode(parseInt(escape.slice(1), 16));
    return /[A-Za-z0-9_~-]/.test(character) ? character : escape.toUpperCase();
  });
  parameters.forEach(function (route) {
    if (!route[0].test(request.uri)) return;
    route[1].forEach(function (name) {
      var given = request.querystring[name];
      if (!given || (name === 'limit' && given.value === '${defaultLimit}')) return;
      query[name] = { value: values[name].test(given.value) ? given.value : '' };
    });
  });
  request.querystring = query;
  return request;
}
`;

/** The readers' end: `deliver` behind CloudFront, which only it lets in. */
export class Edge extends Construct {
  readonly distribution: Distribution;
  /** No answer begun before some instant is still under way this long after it; a second over, for the network. */
  readonly settledAfter = ORIGIN_TIMEOUT.plus(Duration.seconds(1));

  constructor(scope: Construct, id: string, { stage, articles, feeds, site, lists, audio }: EdgeProps) {
    super(scope, id);
    const deliver = new ServiceFunction<DeliverEnv>(this, 'Deliver', {
      stage,
      name: 'deliver',
      description: "The CDN's origin: articles, feeds, fronts, sitemap.",
      timeout: ORIGIN_TIMEOUT,
      // The one function that a reader waits for: CPU for rendering and for a quick cold start.
      memorySize: 1024,
      environment: {
        ARTICLES_TABLE: articles.toDeliver(),
        FEEDS_TABLE: feeds.toDeliver(),
        LISTS: lists,
        THEME: JSON.stringify(site.theme),
        ...(site.url === undefined ? {} : { SITE_URL: site.url }),
        ...(audio === undefined ? {} : { AUDIO: 'on' }),
      },
    });
    const url = deliver.function.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });
    this.distribution = new Distribution(this, 'Distribution', {
      comment: nameIn(stage),
      defaultBehavior: {
        origin: FunctionUrlOrigin.withOriginAccessControl(url, {
          readTimeout: ORIGIN_TIMEOUT,
          // Else each of CloudFront's regions would ask for every list every three seconds.
          ...(lists === 'ttl' ? { originShieldRegion: Stack.of(this).region } : {}),
        }),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
        compress: true,
        cachePolicy: this.#cachePolicy(stage),
        functionAssociations: [{ eventType: FunctionEventType.VIEWER_REQUEST, function: this.#onRequest(stage) }],
      },
      ...(audio === undefined ? {} : { additionalBehaviors: { '/audio/*': this.#sound(stage, audio) } }),
      errorResponses: ERROR_STATUSES.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(ERROR_SECONDS) })),
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_ALL,
      ...this.#domain(site.domain),
      ...this.#webAcl(stage, site.webAcl),
    });
    this.#readTagsFrom(tagHeader);
    this.#acknowledge(site);
  }

  toInvalidate(): Access {
    return access(this.distribution.distributionId, {
      actions: ['cloudfront:CreateInvalidation'],
      resources: [this.distribution.distributionArn],
    });
  }

  /** Straight from where it lies: larger than a function may answer, and in any part that a player asks for. */
  #sound(stage: Stage, { bucket }: Audio): BehaviorOptions {
    return {
      // It may not list, so of what is no longer there S3 says "forbidden".
      origin: S3BucketOrigin.withOriginAccessControl(bucket),
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
      compress: false,
      cachePolicy: new CachePolicy(this, 'AudioCachePolicy', {
        cachePolicyName: nameIn(stage, 'audio'),
        minTtl: Duration.seconds(0),
        defaultTtl: Duration.seconds(0),
        maxTtl: Duration.days(1),
        queryStringBehavior: CacheQueryStringBehavior.none(),
        headerBehavior: CacheHeaderBehavior.none(),
      }),
    };
  }

  /** How long anything is kept, `deliver` says with each answer; the policy only bounds it. */
  #cachePolicy(stage: Stage): CachePolicy {
    return new CachePolicy(this, 'CachePolicy', {
      cachePolicyName: nameIn(stage, 'deliver'),
      minTtl: Duration.seconds(0),
      defaultTtl: Duration.seconds(0),
      maxTtl: Duration.days(1),
      // The function below leaves of these what the path knows.
      queryStringBehavior: CacheQueryStringBehavior.allowList(...allParameters),
      // Links follow the host, so it is a part of the key.
      headerBehavior: CacheHeaderBehavior.allowList(HOST_HEADER),
      enableAcceptEncodingGzip: true,
      enableAcceptEncodingBrotli: true,
    });
  }

  #onRequest(stage: Stage): Function {
    return new Function(this, 'OnRequest', {
      functionName: nameIn(stage, 'on-request'),
      comment: `Sets ${HOST_HEADER}, normalises the query`,
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(ON_REQUEST),
    });
  }

  #domain(
    domain: Domain | undefined,
  ): Pick<DistributionProps, 'domainNames' | 'certificate' | 'minimumProtocolVersion'> {
    return domain === undefined
      ? {}
      : {
          domainNames: [domain.name],
          certificate: Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn),
          minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
        };
  }

  #webAcl(stage: Stage, webAcl: Site['webAcl']): Pick<DistributionProps, 'webAclId'> {
    if (webAcl === undefined) return {};
    return { webAclId: 'arn' in webAcl ? webAcl.arn : new WebAcl(this, 'WebAcl', { stage, ...webAcl }).arn };
  }

  #acknowledge({ domain, webAcl }: Site): void {
    Validations.of(this.distribution).acknowledge(
      { id: 'AwsSolutions-CFR1', reason: 'A newspaper is read in every country.' },
      {
        id: 'AwsSolutions-CFR3',
        reason:
          "Access logs are readers' addresses, personal data: a newsroom that has a use for them switches them on.",
      },
    );
    if (webAcl === undefined) {
      Validations.of(this.distribution).acknowledge({
        id: 'AwsSolutions-CFR2',
        reason:
          'All behind it is public and only read; a web ACL costs more than a quiet site does, so it is there for the asking.',
      });
    }
    if (domain === undefined) {
      Validations.of(this.distribution).acknowledge({
        id: 'AwsSolutions-CFR4',
        reason:
          "CloudFront's own name comes with CloudFront's own certificate, and that with its TLS; a domain of one's own asks for 1.2.",
      });
    }
  }

  /** Not in CDK's own Distribution yet. */
  #readTagsFrom(headerName: string): void {
    const resource = this.distribution.node.defaultChild;
    if (!(resource instanceof CfnDistribution)) {
      throw new Error('the distribution has no CfnDistribution to set the tag header on');
    }
    resource.addPropertyOverride('DistributionConfig.CacheTagConfig', { HeaderName: headerName });
  }
}
