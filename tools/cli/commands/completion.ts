import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { exampleOf } from '../example.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

export function completion(cli: Cli): Command {
  return new Command('completion')
    .description('print a script for bash or zsh: the command pressrun, whose commands and flags the Tab key completes')
    .addHelpText(
      'after',
      `${exampleOf('completion')}\n  eval "$(npm run --silent pressrun -- completion)"    # in ~/.bashrc or ~/.zshrc`,
    )
    .action((_, command: Command) => {
      const script = scriptOf(command.parent ?? command);
      cli.print({ script }, [script]);
    });
}

/** zsh runs completions of bash, too. Files are completed where no flag is begun. */
export function scriptOf(program: Command): string {
  const flagsOf = (command: Command): string => command.options.flatMap(({ long }) => long ?? []).join(' ');
  const commands = program.commands.map((command) => command.name());
  const cases = program.commands.map((command) => `    ${command.name()}) flags="$flags ${flagsOf(command)}";;`);
  return `pressrun() { node ${quoted(main)} "$@"; }
if [ -n "$ZSH_VERSION" ]; then autoload -U +X compinit bashcompinit; compinit; bashcompinit; fi
_pressrun() {
  local word="\${COMP_WORDS[COMP_CWORD]}" command="" flags="${flagsOf(program)} --help" each
  for each in "\${COMP_WORDS[@]:1:$((COMP_CWORD-1))}"; do
    case " ${commands.join(' ')} " in *" $each "*) command="$each"; break;; esac
  done
  case "$command" in
${cases.join('\n')}
  esac
  COMPREPLY=()
  if [ "\${word#-}" != "$word" ]; then COMPREPLY=($(compgen -W "$flags" -- "$word"))
  elif [ -z "$command" ]; then COMPREPLY=($(compgen -W "${commands.join(' ')}" -- "$word"))
  fi
}
complete -o default -F _pressrun pressrun`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
