import { Duration, Validations } from 'aws-cdk-lib';
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
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { hostHeader } from '../shared/site/cdn-headers.ts';
import { access } from './access.ts';
import type { Access } from './access.ts';
import { accountWideNameIn, nameIn, removalOf } from './stage.ts';
import type { Stage } from './stage.ts';

/** Links to previews: the secret that signs them, and the CDN's behaviour for them. */
export class Preview extends Construct {
  readonly #stage: Stage;
  readonly #secret: Secret;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    this.#stage = stage;
    this.#secret = new Secret(this, 'Secret', {
      secretName: nameIn(stage, 'preview'),
      description: 'Signs links to previews: current, and previous while it is being changed.',
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ previous: '' }),
        generateStringKey: 'current',
        excludePunctuation: true,
        passwordLength: 40,
      },
      removalPolicy: removalOf(stage),
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'An operator pastes the secret into the CMS. The previous secret stays valid meanwhile: see docs/preview.md.',
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
