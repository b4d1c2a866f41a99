import { CreateInvalidationCommand, type CloudFrontClient } from '@aws-sdk/client-cloudfront';
import type { Cdn } from '../ports.ts';

/** CloudFront, which purges a cache tag as the path `#tag` (CreateInvalidation, since April 2026). */
export class CloudFrontCdn implements Cdn {
  readonly #cloudFront: CloudFrontClient;
  readonly #distributionId: string;

  constructor(cloudFront: CloudFrontClient, distributionId: string) {
    this.#cloudFront = cloudFront;
    this.#distributionId = distributionId;
  }

  async purge(reference: string, tags: readonly string[]): Promise<{ invalidationId: string; takenAt: number }> {
    const { Invalidation } = await this.#cloudFront.send(
      new CreateInvalidationCommand({
        DistributionId: this.#distributionId,
        InvalidationBatch: { CallerReference: reference, Paths: { Quantity: tags.length, Items: tags.map((tag) => `#${tag}`) } },
      }),
    );
    const { Id, CreateTime } = Invalidation ?? {};
    if (Id === undefined || CreateTime === undefined) throw new Error('CloudFront answered without an invalidation id, or without its time');
    return { invalidationId: Id, takenAt: CreateTime.getTime() };
  }
}
