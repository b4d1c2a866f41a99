import { CreateInvalidationCommand, type CloudFrontClient } from '@aws-sdk/client-cloudfront';
import type { Cdn } from '../purge/ports.ts';

/** Purges cache tags in CloudFront: CreateInvalidation takes a tag as the path `#tag` (since April 2026). */
export const cloudFrontCdn = (cloudFront: CloudFrontClient, distributionId: string): Cdn => ({
  purge: async (reference, tags) => {
    const { Invalidation } = await cloudFront.send(
      new CreateInvalidationCommand({
        DistributionId: distributionId,
        InvalidationBatch: {
          CallerReference: reference,
          Paths: { Quantity: tags.length, Items: tags.map((tag) => `#${tag}`) },
        },
      }),
    );
    const { Id, CreateTime } = Invalidation ?? {};
    if (Id === undefined || CreateTime === undefined)
      throw new Error('CloudFront answered without an invalidation id, or without its time');
    return { invalidationId: Id, takenAt: CreateTime.getTime() };
  },
});
