import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const program = fileURLToPath(new URL('../../tools/laptop/main.ts', import.meta.url));
const anyPorts = { PRESSRUN_AWS_PORT: '0', PRESSRUN_EDGE_PORT: '0', PRESSRUN_INGEST_PORT: '0' };

function run(flags: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  const { NODE_OPTIONS: _, ...env } = process.env;
  return spawnSync(process.execPath, [program, ...flags], { env: { ...env, ...variables }, encoding: 'utf8' });
}

test('npm start prints its usage', () => {
  const { stdout, status } = run(['--help']);
  expect(status).toBe(0);
  for (const word of ['--empty', '--data', '--verbose', 'PRESSRUN_AWS_PORT', 'PRESSRUN_EDGE_PORT'])
    expect(stdout).toContain(word);
});

test('npm start rejects an invalid port, and names its variable', () => {
  const { stderr, status } = run(['--empty'], { PRESSRUN_AWS_PORT: 'http' });
  expect(status).toBe(2);
  expect(stderr).toBe('error: PRESSRUN_AWS_PORT must be a port, not http\n');
});

test('npm start rejects an unknown flag, and names a similar one', () => {
  const { stderr, status } = run(['--emtpy']);
  expect([status, stderr]).toEqual([2, "error: unknown option '--emtpy'\n(Did you mean --empty?)\n"]);
});

test('npm start rejects an invalid setting, without a stack trace', () => {
  const { stderr, status } = run(['--empty'], {
    ...anyPorts,
    PRESSRUN_SUBSCRIPTIONS: '{"app":{"events":["article.liv"],"webhook":"https://app.example.com/"}}',
  });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^error: .*\n.*subscriptions\.app\.events.* must be one of article\.live/);
  expect(stderr).not.toMatch(/\bat .*:\d+/);
}, 30_000);

test('npm start rejects the secret of an unknown source, and an unknown field of a secret', () => {
  const { stderr, status } = run(['--empty'], {
    ...anyPorts,
    PRESSRUN_INGEST_SECRETS: '{"gost":"a secret","strapi":{"curent":"a secret"}}',
  });
  expect(status).toBe(2);
  expect(stderr).toMatch(/PRESSRUN_INGEST_SECRETS: gost must be one of .*\(did you mean ghost\?\)/);
  expect(stderr).toMatch(
    /PRESSRUN_INGEST_SECRETS: strapi\.curent must be one of current, .*\(did you mean current\?\)/,
  );
  expect(stderr).not.toContain('a secret');
}, 30_000);
