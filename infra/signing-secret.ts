import { Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { nameIn, removalOf } from './stage.ts';
import type { Stage } from './stage.ts';

export interface SigningSecretProps {
  readonly stage: Stage;
  readonly name: string;
  readonly description: string;
  /** Other fields, empty at first. */
  readonly fields?: readonly string[];
  /** The page that says how an operator changes the secret. */
  readonly page: string;
}

/**
 * Returns a secret that an operator pastes into a CMS, or replaces by the CMS's own. `current` is generated at random,
 * so that nothing unsigned is ever accepted; `previous` is valid too while the secret is being changed.
 */
export function signingSecret(
  scope: Construct,
  id: string,
  { stage, name, description, fields = [], page }: SigningSecretProps,
): Secret {
  const secret = new Secret(scope, id, {
    secretName: nameIn(stage, name),
    description: `${description}: current, and previous while it is being changed.`,
    generateSecretString: {
      secretStringTemplate: JSON.stringify(Object.fromEntries(['previous', ...fields].map((field) => [field, '']))),
      generateStringKey: 'current',
      excludePunctuation: true,
      passwordLength: 40,
    },
    removalPolicy: removalOf(stage),
  });
  Validations.of(secret).acknowledge({
    id: 'AwsSolutions-SMG4',
    reason: `An operator pastes the secret into the CMS. The previous secret stays valid meanwhile: see ${page}.`,
  });
  return secret;
}
