import { expect, test } from '@jest/globals';
import { helpOf } from './cli-help.ts';

const help = await helpOf();
const names = [...help.slice(help.indexOf('Commands:')).matchAll(/^ {2}([a-z][\w-]*) /gm)]
  .map(([, name = '']) => name)
  .filter((name) => name !== 'help');

test('the help lists all commands', () => {
  expect(names.length).toBeGreaterThan(15);
});

test.each(names)('the help of %s is complete in itself', async (name) => {
  const printed = await helpOf(name);
  for (const said of ['--stage <stage>', '--json', 'Exit codes:']) expect(printed).toContain(said);
  expect(printed).not.toMatch(/\bthe same\b|\blikewise\b/);
  const [, argumentsPart] = /^Arguments:\n((?:  .*\n)+)/m.exec(printed) ?? [];
  if (/Usage: .*<|\[(?!options|command)/.test(printed.split('\n')[0]?.replace('[options]', '') ?? ''))
    expect(argumentsPart).toBeDefined();
});
