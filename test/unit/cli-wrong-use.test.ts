import { expect, test } from '@jest/globals';
import { run } from '../../tools/cli/run.ts';
import { helpOf } from './cli-help.ts';

async function ended(given: readonly string[]): Promise<{ code: number; err: string }> {
  const err: string[] = [];
  const code = await run(given, { out: () => undefined, err: (text) => err.push(text) });
  return { code, err: err.join('\n') };
}

test.each([
  [['witdraw'], 'Did you mean withdraw?'],
  [['withdrawn', 'urn:x'], "unknown command 'withdrawn'"],
  [['--endpoint-url', '127.0.0.1:4566', 'status'], 'an address such as http://'],
  [['smoke', '--embargo-seconds', 'soon'], '--embargo-seconds'],
  [['--time-zone', 'London', 'status'], 'such as Europe/London'],
  [['--stage', 'Prod', 'status'], '--stage'],
  [['history', '--jsn', 'urn:x'], 'Did you mean --json?'],
  [['withdraw', '--from', 'no-such-file.txt', '--yes'], '--from no-such-file.txt'],
  [['restore', 'no-such-file.gz', '--yes'], 'no-such-file.gz'],
  [['import', 'gost'], 'did you mean ghost?'],
  [['test-webhook', 'gost'], 'did you mean ghost?'],
  [['replay', '--from', '2026-11-24'], '--from must be an instant with its zone'],
])('a wrong argument is named without the help of all commands: %j', async (given, named) => {
  const { code, err } = await ended(given);
  expect(code).toBe(2);
  expect(err).toContain(named);
  expect(err.split('\n').length).toBeLessThan(20);
});

test('the help lists commands with their descriptions', async () => {
  const help = await helpOf();
  for (const command of ['history', 'show', 'diff', 'rollback', 'withdraw', 'hold', 'unhold', 'erase', 'pull-picture'])
    expect(help).toMatch(new RegExp(`^  ${command} `, 'm'));
});
