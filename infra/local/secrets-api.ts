import { AwsError, unknownOperation } from './aws-error.ts';
import { isRecord, type Fields } from './fields.ts';
import type { Template } from './template.ts';

/** PRESSRUN_INGEST_SECRETS holds no JSON object. */
export class SecretsUnreadable extends Error {
  override readonly name = 'SecretsUnreadable';
}

/** Secrets Manager, of which the stack only ever reads: the template's secrets, by the last part of their names. */
export class SecretsApi {
  readonly #names: ReadonlySet<string>;
  readonly #given: Readonly<Record<string, unknown>>;

  /** `given` is JSON: for each source a text, or what its secret would hold (`current`, `previous`, `api`). */
  constructor(template: Template, given: string | undefined) {
    this.#names = new Set(template.all('AWS::SecretsManager::Secret').map(({ name }) => name));
    const read = given === undefined || given === '' ? {} : jsonIn(given);
    if (!isRecord(read))
      throw new SecretsUnreadable(
        'PRESSRUN_INGEST_SECRETS must be a JSON object such as {"ghost":"…","strapi":{"current":"…","previous":"…"}}',
      );
    this.#given = read;
  }

  call(operation: string, input: Fields): Promise<Readonly<Record<string, unknown>>> {
    if (operation !== 'GetSecretValue') return Promise.reject(unknownOperation('Secrets Manager', operation));
    const id = input.text('SecretId');
    const name = id.slice(id.lastIndexOf(':') + 1);
    const value = this.#given[name.slice(name.lastIndexOf('-') + 1)];
    if (!this.#names.has(name) || value === undefined)
      return Promise.reject(new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret."));
    return Promise.resolve({ Name: name, SecretString: typeof value === 'string' ? value : JSON.stringify(value) });
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
