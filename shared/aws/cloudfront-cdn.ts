import { escapeHtml } from '../html.ts';
import type { Cdn } from '../ports.ts';
import { isOk, refusalOf, type AwsClient } from './aws-client.ts';

/** The version of the API that its address names. */
const api = '2020-05-31';

/** CloudFront, which purges a cache tag as the path `#tag` (CreateInvalidation, since April 2026). */
export class CloudFrontCdn implements Cdn {
  readonly #aws: AwsClient;
  readonly #distributionId: string;

  constructor(aws: AwsClient, distributionId: string) {
    this.#aws = aws;
    this.#distributionId = distributionId;
  }

  async purge(reference: string, tags: readonly string[]): Promise<{ invalidationId: string; takenAt: number }> {
    const paths = tags.map((tag) => `<Path>${escapeHtml(`#${tag}`)}</Path>`).join('');
    const base = this.#aws.endpoint ?? 'https://cloudfront.amazonaws.com';
    const answer = await this.#aws.send(`${base}/${api}/distribution/${this.#distributionId}/invalidation`, 'cloudfront', {
      method: 'POST',
      headers: { 'content-type': 'application/xml' },
      body:
        `<InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/${api}/"><Paths><Quantity>${tags.length}</Quantity>` +
        `<Items>${paths}</Items></Paths><CallerReference>${escapeHtml(reference)}</CallerReference></InvalidationBatch>`,
    });
    if (!isOk(answer)) throw refusalOf(answer);
    const invalidationId = /<Id>([^<]+)<\/Id>/.exec(answer.text)?.[1];
    const takenAt = /<CreateTime>([^<]+)<\/CreateTime>/.exec(answer.text)?.[1];
    if (invalidationId === undefined || takenAt === undefined) throw new Error('CloudFront answered without an invalidation id, or without its time');
    return { invalidationId, takenAt: Date.parse(takenAt) };
  }
}
