import { Duration } from 'aws-cdk-lib';
import {
  AllowedMethods,
  CacheHeaderBehavior,
  CachePolicy,
  CacheQueryStringBehavior,
  OriginRequestHeaderBehavior,
  OriginRequestPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import type { BehaviorOptions } from 'aws-cdk-lib/aws-cloudfront';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { hostHeader } from '../shared/site/cdn-headers.ts';
import { access } from './access.ts';
import type { Access } from './access.ts';
import { signingSecret } from './signing-secret.ts';
import { accountWideNameIn, nameIn } from './stage.ts';
import type { Stage } from './stage.ts';

/** Links to previews: the secret that signs them, and the CDN's behaviour for them. */
export class Preview extends Construct {
  readonly #stage: Stage;
  readonly #secret: Secret;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    this.#stage = stage;
    this.#secret = signingSecret(this, 'Secret', {
      stage,
      name: 'preview',
      description: 'Signs links to previews',
      page: 'docs/preview.md',
    });
  }

  toVerify(): Access {
    return access(nameIn(this.#stage, 'preview'), {
      actions: ['secretsmanager:GetSecretValue'],
      resources: [this.#secret.secretArn],
    });
  }

  /** The same origin as readers' pages, without a cache. CloudFront allows no cache keys where nothing is cached. */
  behaviour({
    origin,
    functionAssociations,
  }: Pick<BehaviorOptions, 'origin' | 'functionAssociations'>): BehaviorOptions {
    return {
      origin,
      ...(functionAssociations && { functionAssociations }),
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
      compress: false,
      cachePolicy: new CachePolicy(this, 'CachePolicy', {
        cachePolicyName: accountWideNameIn(this.#stage, 'preview'),
        minTtl: Duration.seconds(0),
        defaultTtl: Duration.seconds(0),
        maxTtl: Duration.seconds(0),
        queryStringBehavior: CacheQueryStringBehavior.none(),
        headerBehavior: CacheHeaderBehavior.none(),
      }),
      originRequestPolicy: new OriginRequestPolicy(this, 'OriginRequestPolicy', {
        originRequestPolicyName: accountWideNameIn(this.#stage, 'preview'),
        headerBehavior: OriginRequestHeaderBehavior.allowList(hostHeader),
      }),
    };
  }
}
