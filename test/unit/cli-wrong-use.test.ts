import { expect, test } from '@jest/globals';
import { explained } from '../../tools/cli/explained.ts';
import { nothingReceived } from '../../tools/cli/history.ts';
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
  [['show', 'urn:x'], '"npm run pressrun -- show --help"'],
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

test('an answer that is not of AWS is not shown: the message names who answered and what sets the address', () => {
  const error = new SyntaxError('Unexpected token <\n  Deserialization error: to see the raw response, inspect …');
  const aws = { url: 'http://127.0.0.1:8080', movedBy: 'PRESSRUN_AWS_PORT' };
  expect(explained(error, aws)).toEqual({
    message: 'what answers at http://127.0.0.1:8080 is not AWS: is PRESSRUN_AWS_PORT right?',
    code: 3,
  });
});

test('the address of a page where a uri belongs is answered with where the uri is', () => {
  expect(nothingReceived('/news/local/bridge').message).toContain("the page's JSON");
  expect(nothingReceived('urn:x').message).not.toContain("the page's JSON");
});

test('the help lists commands with their descriptions', async () => {
  const help = await helpOf();
  for (const command of ['history', 'show', 'diff', 'rollback', 'withdraw', 'hold', 'unhold', 'erase', 'pull-picture'])
    expect(help).toMatch(new RegExp(`^  ${command} `, 'm'));
});
