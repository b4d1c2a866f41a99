import { Aws, Duration, Fn, Validations } from 'aws-cdk-lib';
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
  FunctionUrlOriginAccessControl,
  HttpVersion,
  PriceClass,
  S3OriginAccessControl,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import type { BehaviorOptions, DistributionProps } from 'aws-cdk-lib/aws-cloudfront';
import { FunctionUrlOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { DeliverEnv } from '../functions/deliver/env.ts';
import { hostHeader } from '../shared/site/cdn-headers.ts';
import { allParameters } from '../shared/site/routes.ts';
import { tagHeader } from '../shared/purge/tags.ts';
import type { Lists } from '../shared/feed/lists.ts';
import type { Theme } from '../shared/site/theme.ts';
import { access } from './access.ts';
import type { Access } from './access.ts';
import type { Articles } from './articles.ts';
import type { Audio } from './audio.ts';
import type { Feeds } from './feeds.ts';
import { Preview } from './preview.ts';
import { originShieldRegion } from './regions.ts';
import { ServiceFunction } from './service-function.ts';
import { accountWideNameIn, nameIn } from './stage.ts';
import type { Stage } from './stage.ts';
import { ON_REQUEST, ON_RESPONSE } from './viewer-functions.ts';
import { WebAcl } from './web-acl.ts';
import type { WebAclProps } from './web-acl.ts';

/** A custom domain. CloudFront requires its ACM certificate in us-east-1. */
export interface Domain {
  readonly name: string;
  readonly certificateArn: string;
}

export interface SiteProps {
  readonly theme: Theme;
  /** Origin of absolute links. Without it, links use the host of the request. */
  readonly url?: string;
  readonly domain?: Domain;
  /** An existing web ACL, or the settings for one that the stack creates. */
  readonly webAcl?: { readonly arn: string } | Pick<WebAclProps, 'maxRequests'>;
}

export interface EdgeProps {
  readonly stage: Stage;
  readonly articles: Articles;
  readonly feeds: Feeds;
  readonly site: SiteProps;
  readonly lists: Lists;
  /** The bucket of audio renditions. Without it, pages offer no audio. */
  readonly audio?: Audio;
  /** Reserved concurrency of `deliver`; without it, the account's. */
  readonly concurrency?: number;
}

/**
 * Also CloudFront's origin response timeout. A longer one would let a cache fill outlive the second purge of a
 * withdrawal.
 */
const ORIGIN_TIMEOUT = Duration.seconds(10);

/** Maximum cache time of errors, so that an article that was requested too early appears soon after it is published. */
const ERROR_SECONDS = 5;

/** Status codes for which CloudFront takes a minimum cache time. It caches no 410, which readers get by `ON_RESPONSE`. */
const ERROR_STATUSES = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

/** The CDN: CloudFront in front of `deliver`, which accepts requests from this distribution only. */
export class Edge extends Construct {
  readonly distribution: Distribution;
  readonly deliver: LambdaFunction;
  /** Lets the watcher pass the web ACL that the stack creates. */
  watchToken?: string;
  /**
   * The longest time that a response which the origin began can be in flight: the timeout, and a second for the
   * network.
   */
  readonly settledAfter = ORIGIN_TIMEOUT.plus(Duration.seconds(1));

  constructor(scope: Construct, id: string, { stage, articles, feeds, site, lists, audio, concurrency }: EdgeProps) {
    super(scope, id);
    const preview = new Preview(this, 'Preview', stage);
    const deliver = new ServiceFunction<DeliverEnv>(this, 'Deliver', {
      stage,
      name: 'deliver',
      description: "The CDN's origin: articles, feeds, fronts, sitemap.",
      timeout: ORIGIN_TIMEOUT,
      // Readers wait for this function: more memory means more CPU for rendering and cold starts.
      memorySize: 1024,
      // A throttled function URL answers 429, and CloudFront shows that to readers, since it serves old copies only for
      // 5xx.
      ...(concurrency === undefined ? {} : { reservedConcurrency: concurrency }),
      environment: {
        ARTICLES_TABLE: articles.toDeliver(),
        FEEDS_TABLE: feeds.toDeliver(),
        LISTS: lists,
        THEME: JSON.stringify(site.theme),
        PREVIEW_SECRET: preview.toVerify(),
        ...(site.url === undefined ? {} : { SITE_URL: site.url }),
        ...(audio === undefined ? {} : { AUDIO: 'on' }),
      },
    });
    this.deliver = deliver.function;
    const url = deliver.function.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });
    const pages = {
      origin: FunctionUrlOrigin.withOriginAccessControl(url, {
        originAccessControl: new FunctionUrlOriginAccessControl(this, 'DeliverAccess', {
          originAccessControlName: accountWideNameIn(stage, 'deliver'),
        }),
        readTimeout: ORIGIN_TIMEOUT,
        // Without Origin Shield, each of CloudFront's regional caches would request every list every three seconds.
        ...(lists === 'ttl' ? { originShieldRegion: originShieldRegion(this) } : {}),
      }),
      functionAssociations: [
        { eventType: FunctionEventType.VIEWER_REQUEST, function: this.#onRequest(stage) },
        { eventType: FunctionEventType.VIEWER_RESPONSE, function: this.#onResponse(stage) },
      ],
    };
    this.distribution = new Distribution(this, 'Distribution', {
      comment: nameIn(stage),
      defaultBehavior: {
        ...pages,
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        allowedMethods: AllowedMethods.ALLOW_GET_HEAD_OPTIONS,
        // `deliver` compresses: CloudFront compresses neither JSON Feed nor Atom, and makes ETags weak.
        compress: false,
        cachePolicy: this.#cachePolicy(stage),
      },
      additionalBehaviors: {
        '/preview/*': preview.behaviour(pages),
        ...(audio === undefined ? {} : { '/audio/*': this.#sound(stage, audio) }),
      },
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

  /** Audio is served from S3, because it is larger than Lambda's response limit and players request byte ranges. */
  #sound(stage: Stage, { bucket }: Audio): BehaviorOptions {
    return {
      // Without ListBucket, S3 answers 403 for an object that does not exist.
      origin: S3BucketOrigin.withOriginAccessControl(bucket, {
        originAccessControl: new S3OriginAccessControl(this, 'AudioAccess', {
          originAccessControlName: accountWideNameIn(stage, 'audio'),
        }),
      }),
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
      compress: false,
      cachePolicy: new CachePolicy(this, 'AudioCachePolicy', {
        cachePolicyName: accountWideNameIn(stage, 'audio'),
        minTtl: Duration.seconds(0),
        defaultTtl: Duration.seconds(0),
        maxTtl: Duration.days(1),
        queryStringBehavior: CacheQueryStringBehavior.none(),
        headerBehavior: CacheHeaderBehavior.none(),
      }),
    };
  }

  /** `deliver` sets the cache time of each response; this policy sets the bounds. */
  #cachePolicy(stage: Stage): CachePolicy {
    return new CachePolicy(this, 'CachePolicy', {
      cachePolicyName: accountWideNameIn(stage, 'deliver'),
      minTtl: Duration.seconds(0),
      defaultTtl: Duration.seconds(0),
      maxTtl: Duration.days(1),
      // The viewer-request function has removed the parameters that the route does not know.
      queryStringBehavior: CacheQueryStringBehavior.allowList(...allParameters),
      // Links depend on the host, so the host is part of the cache key.
      headerBehavior: CacheHeaderBehavior.allowList(hostHeader),
      enableAcceptEncodingGzip: true,
      enableAcceptEncodingBrotli: true,
    });
  }

  #onRequest(stage: Stage): Function {
    return new Function(this, 'OnRequest', {
      functionName: accountWideNameIn(stage, 'on-request'),
      comment: `Sets ${hostHeader}, normalises the query`,
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(ON_REQUEST),
    });
  }

  #onResponse(stage: Stage): Function {
    return new Function(this, 'OnResponse', {
      functionName: accountWideNameIn(stage, 'on-response'),
      comment: 'Answers 410 for what is cached as 200',
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(ON_RESPONSE),
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

  #webAcl(stage: Stage, webAcl: SiteProps['webAcl']): Pick<DistributionProps, 'webAclId'> {
    if (webAcl === undefined) return {};
    if ('arn' in webAcl) return { webAclId: webAcl.arn };
    // The random id of the stack. Anyone who guesses it only evades the limit of requests.
    this.watchToken = Fn.select(2, Fn.split('/', Aws.STACK_ID));
    return { webAclId: new WebAcl(this, 'WebAcl', { stage, watchToken: this.watchToken, ...webAcl }).arn };
  }

  #acknowledge({ domain, webAcl }: SiteProps): void {
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

  /** Sets CacheTagConfig, which CDK's Distribution does not support yet. */
  #readTagsFrom(headerName: string): void {
    const resource = this.distribution.node.defaultChild;
    if (!(resource instanceof CfnDistribution)) {
      throw new Error('the distribution has no CfnDistribution to set the tag header on');
    }
    resource.addPropertyOverride('DistributionConfig.CacheTagConfig', { HeaderName: headerName });
  }
}
