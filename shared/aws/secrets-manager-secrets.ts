import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { Clock } from '../clock.ts';
import type { Secrets } from '../cms/ports.ts';

/**
 * The time for which a value is cached. During a rotation two secrets are valid at once, so the delay has no effect.
 */
const keptMilliseconds = 60_000;

/** Reads the secret of each source from Secrets Manager, and caches it for a minute. */
export class SecretsManagerSecrets implements Secrets {
  readonly #secretsManager: SecretsManagerClient;
  readonly #prefix: string;
  readonly #clock: Clock;
  readonly #kept = new Map<string, { readonly value: string | undefined; readonly until: number }>();

  constructor(secretsManager: SecretsManagerClient, prefix: string, clock: Clock) {
    this.#secretsManager = secretsManager;
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
      // An outdated secret is better than a lost webhook.
      if (kept) return kept.value;
      throw error;
    }
  }

  async #ask(source: string): Promise<string | undefined> {
    try {
      const { SecretString } = await this.#secretsManager.send(
        new GetSecretValueCommand({ SecretId: `${this.#prefix}${source}` }),
      );
      return SecretString;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  }
}
