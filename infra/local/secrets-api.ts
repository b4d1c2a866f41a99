import { createHash } from 'node:crypto';
import { didYouMean } from '../../shared/did-you-mean.ts';
import { AwsError, unknownOperation } from './aws-error.ts';
import { isRecord, type Fields } from './fields.ts';
import type { Template } from './template.ts';

/** PRESSRUN_INGEST_SECRETS holds no JSON object. */
export class SecretsUnreadable extends Error {
  override readonly name = 'SecretsUnreadable';
}

/** Secrets of the doors, whose makers are elsewhere: nobody but the CMS and whoever starts the stack can know them. */
const doors = /^pressrun-(?!.*-to-).+-ingest-(?<source>.+)$/;

/** Secrets Manager, of which the stack only ever reads: the template's secrets. */
export class SecretsApi {
  readonly #secrets: ReadonlyMap<string, Fields>;
  readonly #given: Readonly<Record<string, unknown>>;

  /** `given` is JSON: for each source a text, or what its secret would hold (`current`, `previous`, `api`). */
  constructor(template: Template, given: string | undefined) {
    this.#secrets = new Map(template.all('AWS::SecretsManager::Secret').map(({ name, properties }) => [name, properties]));
    const read = given === undefined || given === '' ? {} : jsonIn(given);
    if (!isRecord(read))
      throw new SecretsUnreadable(
        'PRESSRUN_INGEST_SECRETS must be a JSON object such as {"ghost":"…","strapi":{"current":"…","previous":"…"}}',
      );
    const sources = [...this.#secrets].flatMap(([name, secret]) => {
      const source = doors.exec(name)?.groups?.['source'];
      return source === undefined ? [] : [[source, fieldsOf(secret)] as const];
    });
    const faults = faultsIn(read, new Map(sources));
    if (faults.length > 0) throw new SecretsUnreadable(faults.map((fault) => `PRESSRUN_INGEST_SECRETS: ${fault}`).join('\n'));
    this.#given = read;
  }

  call(operation: string, input: Fields): Promise<Readonly<Record<string, unknown>>> {
    if (operation !== 'GetSecretValue') return Promise.reject(unknownOperation('Secrets Manager', operation));
    const id = input.text('SecretId');
    const name = id.slice(id.lastIndexOf(':') + 1);
    const value = this.#valueOf(name);
    if (value === undefined) return Promise.reject(new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret."));
    return Promise.resolve({ Name: name, SecretString: value });
  }

  /** A text of the template, in which CloudFormation would put secrets at the last moment. */
  resolved(text: string): string {
    return text.replaceAll(/\{\{resolve:secretsmanager:[^}]*:secret:([^:}]+)(?::[^}]*)?\}\}/g, (whole, name: string) => this.#valueOf(name) ?? whole);
  }

  #valueOf(name: string): string | undefined {
    const secret = this.#secrets.get(name);
    if (!secret) return undefined;
    const source = doors.exec(name)?.groups?.['source'];
    if (source === undefined) return generated(name, secret);
    const given = this.#given[source];
    return given === undefined || typeof given === 'string' ? given : JSON.stringify(given);
  }
}

/** What the secret of a source holds, by the template: `current`, which is drawn by chance, and what stands beside it. */
function fieldsOf(secret: Fields): string[] {
  const asked = secret.optionalFields('GenerateSecretString');
  const beside: unknown = jsonIn(asked?.optionalText('SecretStringTemplate') ?? '');
  return asked === undefined ? [] : [asked.optionalText('GenerateStringKey') ?? '', ...Object.keys(isRecord(beside) ? beside : {})];
}

function faultsIn(given: Readonly<Record<string, unknown>>, sources: ReadonlyMap<string, readonly string[]>): string[] {
  return Object.entries(given).flatMap(([source, held]) => {
    const fields = sources.get(source);
    if (fields === undefined) return [`${source} must be one of ${[...sources.keys()].join(', ')}${didYouMean(source, sources.keys())}`];
    const unknown = isRecord(held) ? Object.keys(held).filter((field) => !fields.includes(field)) : [];
    return unknown.map((field) => `${source}.${field} must be one of ${fields.join(', ')}${didYouMean(field, fields)}`);
  });
}

/** Where AWS would draw by chance, a laptop always makes the same: a receiver that is being written need not be told anew at each start. */
function generated(name: string, secret: Fields): string | undefined {
  const asked = secret.optionalFields('GenerateSecretString');
  if (!asked) return secret.optionalText('SecretString');
  const password = createHash('sha512').update(name).digest('base64').replaceAll(/[^A-Za-z0-9]/g, '').slice(0, asked.optionalInteger('PasswordLength') ?? 32);
  const template = asked.optionalText('SecretStringTemplate');
  return template === undefined ? password : JSON.stringify({ ...(JSON.parse(template) as object), [asked.text('GenerateStringKey')]: password });
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
