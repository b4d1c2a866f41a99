import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { scriptOf } from '../../tools/cli/commands/completion.ts';
import { createProgram } from '../../tools/cli/program.ts';

const script = scriptOf(createProgram().program);

/** What bash offers for the last word. */
function offered(...words: readonly string[]): string[] {
  const asked = `${script}
COMP_WORDS=(pressrun ${words.map((word) => `"${word}"`).join(' ')}); COMP_CWORD=${words.length}; _pressrun; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', asked], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return stdout.split('\n').filter((line) => line !== '');
}

test('bash offers commands, then the flags of the command that was named', () => {
  expect(offered('red')).toEqual(['redrive', 'redeliver']);
  expect(offered('--stage', 'prod', 'repl')).toEqual(['replay']);
  expect(offered('--js')).toEqual(['--json']);
  expect(offered('--stage', 'prod', 'replay', '--to')).toEqual(['--to', '--to-subscription']);
  expect(offered('history', '--to')).toEqual([]);
});
