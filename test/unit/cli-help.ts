import { createProgram } from '../../tools/cli/program.ts';

/** Returns what the CLI prints for these arguments and `--help`, without a process for each. */
export async function helpOf(...args: readonly string[]): Promise<string> {
  const { program } = createProgram();
  let printed = '';
  const output = {
    writeOut: (text: string) => {
      printed += text;
    },
  };
  for (const command of [program, ...program.commands]) command.configureOutput(output);
  // Commander throws once it has printed a help text.
  await program.parseAsync(['node', 'pressrun', ...args, '--help']).catch(() => undefined);
  return printed;
}
