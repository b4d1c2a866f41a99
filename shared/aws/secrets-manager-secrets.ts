import type { Clock, Secrets } from '../ports.ts';
import { AwsRefusal, type AwsClient } from './aws-client.ts';

/** So long a changed secret may take to be known: with two valid at once, nobody notices. */
const keptMilliseconds = 60_000;

/** Secrets Manager, a secret for each source, kept for a minute. */
export class SecretsManagerSecrets implements Secrets {
  readonly #aws: AwsClient;
  readonly #prefix: string;
  readonly #clock: Clock;
  readonly #kept = new Map<string, { readonly value: string | undefined; readonly until: number }>();

  constructor(aws: AwsClient, prefix: string, clock: Clock) {
    this.#aws = aws;
    this.#prefix = prefix;
    this.#clock = clock;
  }

  async secretOf(source: string): Promise<string | undefined> {
    const kept = this.#kept.get(source);
    if (kept && kept.until > this.#clock.now()) return kept.value;
    try {
      const value = await this.#ask(source);
      this.#kept.set(source, { value, until: this.#clock.now() + keptMilliseconds });
      return value;
    } catch (error) {
      // An old secret is better than a webhook lost.
      if (kept) return kept.value;
      throw error;
    }
  }

  async #ask(source: string): Promise<string | undefined> {
    try {
      const answer = (await this.#aws.json('secretsmanager', 'secretsmanager.GetSecretValue', {
        SecretId: `${this.#prefix}${source}`,
      })) as { readonly SecretString?: string };
      return answer.SecretString;
    } catch (error) {
      if (error instanceof AwsRefusal && error.code === 'ResourceNotFoundException') return undefined;
      throw error;
    }
  }
}
