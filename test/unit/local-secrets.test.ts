import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { Fields } from '../../tools/laptop/fields.ts';
import { SecretsApi } from '../../tools/laptop/secretsmanager/secrets-api.ts';
import { Template } from '../../tools/laptop/cloudformation/template.ts';

const directory = mkdtempSync(join(tmpdir(), 'pressrun-secrets-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const fields = (record: Readonly<Record<string, unknown>>): Fields =>
  new Fields(record, (field, expected) => new Error(`${field} must be ${expected}`));
const made = { GenerateStringKey: 'current', SecretStringTemplate: '{"previous":"","api":""}', PasswordLength: 40 };
const template = new Template(
  {
    stackName: 'pressrun-local',
    template: fields({
      Resources: {
        Ghost: {
          Type: 'AWS::SecretsManager::Secret',
          Properties: { Name: 'pressrun-local-ingest-ghost', GenerateSecretString: made },
        },
        App: {
          Type: 'AWS::SecretsManager::Secret',
          Properties: { Name: 'pressrun-local-to-app', GenerateSecretString: { PasswordLength: 32 } },
        },
      },
    }),
  },
  { awsUrl: 'http://127.0.0.1:4566', edgeHost: '127.0.0.1:8080' },
);

async function secretsOf(api: SecretsApi): Promise<unknown[]> {
  const names = ['pressrun-local-ingest-ghost', 'pressrun-local-to-app'];
  return Promise.all(
    names.map(async (SecretId) => (await api.call('GetSecretValue', fields({ SecretId })))['SecretString']),
  );
}

test('secrets are random, and differ between two stacks', async () => {
  const [one, other] = [
    await secretsOf(new SecretsApi(template, undefined)),
    await secretsOf(new SecretsApi(template, undefined)),
  ];
  expect(JSON.parse(String(one[0]))).toEqual({
    previous: '',
    api: '',
    current: expect.stringMatching(/^[A-Za-z0-9]{40}$/),
  });
  expect(one[1]).toMatch(/^[A-Za-z0-9]{32}$/);
  expect(one[0]).not.toBe(other[0]);
  expect(one[1]).not.toBe(other[1]);
});

test('secrets are kept in the data directory, readable by their owner only', async () => {
  const before = await secretsOf(new SecretsApi(template, undefined, directory));
  expect(await secretsOf(new SecretsApi(template, undefined, directory))).toEqual(before);
  expect(statSync(join(directory, 'secrets.json')).mode & 0o777).toBe(0o600);
});

test('a secret that is given replaces the random one', async () => {
  expect((await secretsOf(new SecretsApi(template, '{"ghost":"by the CMS"}', directory)))[0]).toBe('by the CMS');
});
