import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { didYouMean } from '../../../shared/did-you-mean.ts';
import { AwsError, unknownOperation } from '../aws-error.ts';
import { isRecord, type Fields } from '../fields.ts';
import type { Template } from '../cloudformation/template.ts';
import { parsedJson } from '../../../shared/json.ts';

/** PRESSRUN_INGEST_SECRETS holds no JSON object. */
export class SecretsUnreadable extends Error {
  override readonly name = 'SecretsUnreadable';
}

/** Secrets of webhook endpoints. `npm start` can be given their values. */
const ingestSecret = /^pressrun-(?!.*-to-).+-ingest-(?<source>.+)$/;

/** The keys of the CMSes' APIs, which come from the same place. */
const apiKey = /^pressrun-(?!.*-to-).+-sweep-(?<source>.+)$/;

/**
 * Secrets Manager, of which the stack only ever reads: the template's secrets. Those that AWS would make at random are made
 * so here too, and stay the same as long as the data directory does.
 */
export class SecretsApi {
  readonly #secrets: ReadonlyMap<string, Fields>;
  readonly #given: ReadonlyMap<string, unknown>;
  readonly #made: ReadonlyMap<string, string>;

  /** `given` is JSON: for each source a text, or the fields of its secret (`current`, `previous`, `api`). */
  constructor(template: Template, given: string | undefined, directory?: string) {
    this.#secrets = new Map(
      template.all('AWS::SecretsManager::Secret').map(({ name, properties }) => [name, properties]),
    );
    this.#made = madeFor(this.#secrets, directory === undefined ? undefined : join(directory, 'secrets.json'));
    const read = given === undefined || given === '' ? {} : parsedJson(given);
    if (!isRecord(read))
      throw new SecretsUnreadable(
        'PRESSRUN_INGEST_SECRETS must be a JSON object such as {"ghost":"…","strapi":{"current":"…","previous":"…"}}',
      );
    const sources = [...this.#secrets].flatMap(([name, secret]) => {
      const source = ingestSecret.exec(name)?.groups?.['source'];
      return source === undefined ? [] : [[source, fieldsOf(secret)] as const];
    });
    const issues = issuesIn(read, new Map(sources));
    if (issues.length > 0)
      throw new SecretsUnreadable(issues.map((issue) => `PRESSRUN_INGEST_SECRETS: ${issue}`).join('\n'));
    this.#given = new Map(Object.entries(read));
  }

  call(operation: string, input: Fields): Promise<Readonly<Record<string, unknown>>> {
    if (operation !== 'GetSecretValue') return Promise.reject(unknownOperation('Secrets Manager', operation));
    const id = input.text('SecretId');
    const name = id.slice(id.lastIndexOf(':') + 1);
    const value = this.#valueOf(name);
    if (value === undefined)
      return Promise.reject(
        new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret."),
      );
    return Promise.resolve({ Name: name, SecretString: value });
  }

  /** A text of the template, in which CloudFormation would put secrets at the last moment. */
  resolved(text: string): string {
    return text.replaceAll(
      /\{\{resolve:secretsmanager:[^}]*:secret:([^:}]+)(?::[^}]*)?\}\}/g,
      (whole, name: string) => this.#valueOf(name) ?? whole,
    );
  }

  #valueOf(name: string): string | undefined {
    const secret = this.#secrets.get(name);
    if (!secret) return undefined;
    const ofApi = this.#given.get(apiKey.exec(name)?.groups?.['source'] ?? '');
    if (isRecord(ofApi)) return JSON.stringify({ api: ofApi['api'] });
    const given = this.#given.get(ingestSecret.exec(name)?.groups?.['source'] ?? '');
    if (given !== undefined) return typeof given === 'string' ? given : JSON.stringify(given);
    return this.#made.get(name) ?? secret.optionalText('SecretString');
  }
}

/** The fields of a source's secret, by the template: the generated `current`, and the fixed ones. */
function fieldsOf(secret: Fields): string[] {
  const asked = secret.optionalFields('GenerateSecretString');
  const beside: unknown = parsedJson(asked?.optionalText('SecretStringTemplate') ?? '');
  return asked === undefined
    ? []
    : [asked.optionalText('GenerateStringKey') ?? '', ...Object.keys(isRecord(beside) ? beside : {})];
}

function issuesIn(given: Readonly<Record<string, unknown>>, sources: ReadonlyMap<string, readonly string[]>): string[] {
  return Object.entries(given).flatMap(([source, held]) => {
    const fields = sources.get(source);
    if (fields === undefined)
      return [`${source} must be one of ${[...sources.keys()].join(', ')}${didYouMean(source, sources.keys())}`];
    const unknown = isRecord(held) ? Object.keys(held).filter((field) => !fields.includes(field)) : [];
    return unknown.map((field) => `${source}.${field} must be one of ${fields.join(', ')}${didYouMean(field, fields)}`);
  });
}

function madeFor(secrets: ReadonlyMap<string, Fields>, file: string | undefined): ReadonlyMap<string, string> {
  const made = file === undefined ? new Map<string, string>() : kept(file);
  for (const [name, secret] of secrets) {
    const asked = secret.optionalFields('GenerateSecretString');
    if (asked && !made.has(name)) made.set(name, generated(asked));
  }
  if (file !== undefined) writeFileSync(file, JSON.stringify(Object.fromEntries(made), undefined, 2), { mode: 0o600 });
  return made;
}

function kept(file: string): Map<string, string> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (isRecord(error) && error['code'] === 'ENOENT') return new Map();
    throw error;
  }
  return new Map(Object.entries(JSON.parse(text) as Record<string, string>));
}

function generated(asked: Fields): string {
  const length = asked.optionalInteger('PasswordLength') ?? 32;
  // Letters and digits only, although the template allows more.
  let password = '';
  while (password.length < length)
    password += randomBytes(length)
      .toString('base64')
      .replaceAll(/[^A-Za-z0-9]/g, '');
  password = password.slice(0, length);
  const template = asked.optionalText('SecretStringTemplate');
  return template === undefined
    ? password
    : JSON.stringify({ ...(JSON.parse(template) as object), [asked.text('GenerateStringKey')]: password });
}
