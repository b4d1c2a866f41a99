import { describe, expect, test } from '@jest/globals';
import { createProgram } from '../../tools/cli/program.ts';

const exampleOf = (help: string): string[] =>
  [...(/npm run pressrun -- (.*)/.exec(help)?.[1] ?? '').matchAll(/"([^"]*)"|\S+/g)].map(
    ([word, quoted]) => quoted ?? word,
  );

describe.each(createProgram().program.commands.map((command) => command.name()))('the command %s', (name) => {
  const parse = (words: readonly string[]): string[] => {
    const called: string[] = [];
    const { program } = createProgram();
    for (const command of program.commands) command.action(() => void called.push(command.name()));
    program.parse(words, { from: 'user' });
    return called;
  };

  const example = (): string[] => {
    let help = '';
    createProgram()
      .program.commands.find((command) => command.name() === name)
      ?.configureOutput({ writeOut: (text) => (help += text) })
      .outputHelp();
    return exampleOf(help);
  };

  test('shows a valid example that calls this command', () => {
    expect(parse(example())).toEqual([name]);
  });

  test('rejects an unknown option', () => {
    expect(() => parse([...example(), '--unheard-of'])).toThrow("unknown option '--unheard-of'");
  });
});
