import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { contextIssue } from '../../infra/context-names.ts';
import { stageNameOf } from '../../infra/stage-name.ts';
import { WrongUse } from './exits.ts';

/** A flag in the list of commands that the CDK's CLI ships with itself. */
interface CdkFlag {
  readonly type: 'array' | 'boolean' | 'number' | 'string';
  readonly alias?: string | readonly string[];
  readonly desc?: string;
  readonly choices?: readonly string[];
  readonly count?: boolean;
}

interface CdkRegistry {
  readonly globalOptions: Readonly<Record<string, CdkFlag>>;
  readonly commands: Readonly<
    Record<string, { readonly options?: Readonly<Record<string, CdkFlag>>; readonly arg?: { readonly name: string } }>
  >;
}

/** A command line of one of the wrappers, read. */
export interface CdkOrder {
  readonly stage: string;
  /** Which stacks, or accounts and regions (bootstrap), were named. */
  readonly names: readonly string[];
  readonly profile?: string;
  readonly region?: string;
  /** Whether all may be done unasked (`--yes`, `--force`). */
  readonly isConfirmed: boolean;
  /** Whether nothing that is found may stop it (`--force`). */
  readonly isForced: boolean;
  /** For the CDK's CLI: each flag in its one long form, so that it reads the same values. */
  readonly flags: readonly string[];
}

/** Help was asked for: the text. */
export class HelpAsked extends Error {
  override readonly name = 'HelpAsked';
}

const registry = JSON.parse(
  readFileSync(new URL('lib/cli/cli-type-registry.json', import.meta.resolve('aws-cdk/package.json')), 'utf8'),
) as CdkRegistry;

/** Files that add to the context of a synthesis. */
const contextFiles = ['cdk.json', 'cdk.context.json', join(homedir(), '.cdk.json')];

/** @throws {WrongUse} a flag, or a name in the context, that there is not, or a second name of the stage. */
export function orderIn(command: string, given: readonly string[], environment: NodeJS.ProcessEnv): CdkOrder {
  // Preflight accepts the flags of a synthesis.
  const known = registry.commands[command === 'preflight' ? 'synth' : command];
  if (known === undefined) throw new WrongUse(`the CDK has no command ${command}`);
  const flags = Object.entries({ ...registry.globalOptions, ...known.options }).filter(
    ([name]) => !name.startsWith('no-'),
  );
  const { program, verbosity, output } = programOf(command, flags, known.arg?.name);
  const booleans = new Set(
    flags.flatMap(([name, flag]) =>
      flag.type === 'boolean' ? [`--${name}`, ...longAliases(flag).map((alias) => `--${alias}`)] : [],
    ),
  );
  try {
    program.parse(
      given.map((argument) => {
        const [, flag = '', value] = /^(--[\w-]+)=(true|false)$/.exec(argument) ?? [];
        return booleans.has(flag) ? (value === 'true' ? flag : `--no-${flag.slice(2)}`) : argument;
      }),
      { from: 'user' },
    );
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) throw new HelpAsked(output.join(''));
    throw new WrongUse(`${error.message.replace(/^error: /, '')}\n"npm run ${command} -- --help" lists the flags.`);
  }
  const options = program.opts<Readonly<Record<string, unknown>>>();
  const context = ((options['context'] ?? []) as readonly string[]).map((pair) => pair.replace(/^=/, ''));
  for (const pair of context) rejectContext(command, pair);
  rejectStageElsewhere(command, environment);
  const [stage = 'dev', second] = (options['stage'] ?? []) as readonly string[];
  if (second !== undefined) throw new WrongUse(`--stage is given twice (${stage}, ${second}): name one stage`);
  const text = (name: string, variable: string): string | undefined =>
    (options[name] as string | undefined) ?? (environment[variable] || undefined);
  const [profile, region] = [text('profile', 'CDK_PROFILE'), text('region', 'CDK_REGION')];
  return {
    stage: stageNameOf(stage),
    names: program.args,
    ...(profile !== undefined && { profile }),
    ...(region !== undefined && { region }),
    isConfirmed: options['yes'] === true || options['force'] === true,
    isForced: options['force'] === true,
    flags: [
      `--context=stage=${stage}`,
      ...context.map((pair) => `--context=${pair}`),
      ...Array.from({ length: verbosity() }, () => '--verbose'),
      ...passedOn(program),
    ],
  };
}

function programOf(
  command: string,
  flags: readonly (readonly [string, CdkFlag])[],
  argument: string | undefined,
): { readonly program: Command; readonly verbosity: () => number; readonly output: readonly string[] } {
  const output: string[] = [];
  const program = new Command(`npm run ${command} --`)
    .description(`Runs "cdk ${command}" for one stage; flags other than --stage are those of the CDK's own CLI.`)
    .exitOverride()
    .configureOutput({ writeOut: (text) => output.push(text), writeErr: () => undefined, outputError: () => undefined })
    .option('--stage <stage>', 'which stage: part of every name, pressrun-<stage> (default: dev)', collected);
  if (argument !== undefined) program.argument(`[${argument}...]`);
  const add = (name: string, { type, desc = '', choices }: CdkFlag, short = '', isHidden = false): void => {
    const value = type === 'boolean' ? '' : ' <value>';
    const option = new Option(`${short === '' ? '' : `-${short}, `}--${name}${value}`, desc).hideHelp(isHidden);
    if (type === 'array') option.argParser(collected);
    if (choices) option.choices(choices);
    program.addOption(option);
    if (type === 'boolean') program.addOption(new Option(`--no-${name}`).hideHelp());
  };
  let verbose = 0;
  for (const [name, flag] of flags) {
    add(
      name,
      flag,
      aliasesOf(flag).find((alias) => alias.length === 1),
    );
    for (const alias of longAliases(flag)) add(alias, flag, '', true);
    if (flag.count === true) program.on(`option:${name}`, () => (verbose += 1));
  }
  return { program, verbosity: () => verbose, output };
}

/** Each option that was given, in its long form. */
function passedOn(program: Command): string[] {
  return program.options.flatMap((option) => {
    const attribute = option.attributeName();
    if (['stage', 'context', 'verbose'].includes(attribute) || program.getOptionValueSource(attribute) !== 'cli')
      return [];
    const value: unknown = program.getOptionValue(attribute);
    // Of `--x` and `--no-x`, which share a value, the one that was meant.
    if (typeof value === 'boolean')
      return option.negate === value ? [] : [`--${value ? '' : 'no-'}${option.name().replace(/^no-/, '')}`];
    return (Array.isArray(value) ? value : [value]).map((each) => `${option.long ?? ''}=${String(each)}`);
  });
}

function rejectContext(command: string, pair: string): void {
  const [name = '', value] = pair.split(/=(.*)/s, 2);
  if (name === 'stage')
    throw new WrongUse(`-c stage is not how a stage is named: say npm run ${command} -- --stage ${value || 'NAME'}`);
  if (value === undefined) throw new WrongUse(`-c ${name} has no value: say -c ${name}=VALUE`);
  const issue = contextIssue(name);
  if (issue !== undefined) throw new WrongUse(issue);
}

/** `--stage` overrides this variable, and its author would not notice. */
function rejectStageElsewhere(command: string, environment: NodeJS.ProcessEnv): void {
  if (environment['CDK_CONTEXT'])
    throw new WrongUse(
      'CDK_CONTEXT is set, and the CDK reads it only where there is no -c: unset it, and give each setting with -c name=value',
    );
  for (const file of contextFiles) {
    const { context, ...rest } = statedIn(file);
    if ('stage' in { ...context, ...(file === 'cdk.context.json' && rest) })
      throw new WrongUse(`${file} holds context stage: take it out, and say npm run ${command} -- --stage NAME`);
  }
}

function statedIn(file: string): { readonly context?: object } {
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { readonly context?: object };
  } catch (error) {
    throw new WrongUse(`${file} must be JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function collected(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}

function aliasesOf({ alias = [] }: CdkFlag): readonly string[] {
  return typeof alias === 'string' ? [alias] : alias;
}

function longAliases(flag: CdkFlag): string[] {
  return aliasesOf(flag).filter((alias) => alias.length > 1);
}
