import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { clientSettings } from './clients.ts';
import { SecretsManagerSecrets } from './secrets-manager-secrets.ts';
import type { Clock } from '../clock.ts';
import type { Secrets } from '../cms/ports.ts';

/** Returns access to the one secret of this name. */
export function previewSecretsOf(name: string, clock: Clock): Secrets {
  return new SecretsManagerSecrets(new SecretsManagerClient(clientSettings()), name, clock);
}
