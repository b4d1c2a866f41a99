import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HelpAsked, orderIn } from '../../tools/cli/cdk-flags.ts';

const place = mkdtempSync(join(tmpdir(), 'pressrun-cdk-'));

afterAll(() => {
  rmSync(place, { recursive: true, force: true });
});

const commands = ['deploy', 'diff', 'destroy', 'synth', 'bootstrap', 'preflight'];

/** Runs `npm run <command> --` without a terminal and without credentials. */
function run(
  command: string,
  given: readonly string[],
  { env = {}, cwd = process.cwd() }: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): { readonly code: number | null; readonly out: string; readonly err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve('tools/cli/cdk.ts'), command, ...given], {
    cwd,
    env: {
      PATH: process.env['PATH'],
      HOME: place,
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      AWS_EC2_METADATA_DISABLED: 'true',
      ...env,
    },
    encoding: 'utf8',
    input: '',
  });
  return { code: status, out: stdout, err: stderr };
}

/** Every way in which yargs, by which the CDK's CLI reads its flags, takes a value of the context. */
const spellings: readonly ((pair: string) => string[])[] = [
  (pair) => ['-c', pair],
  (pair) => [`-c=${pair}`],
  (pair) => [`-c${pair}`],
  (pair) => ['--context', pair],
  (pair) => [`--context=${pair}`],
  (pair) => ['-vc', pair],
  (pair) => [`-vc=${pair}`],
];

describe('the stage is named by --stage only', () => {
  test.each(commands)('npm run %s rejects -c stage', (command) => {
    expect(run(command, ['--yes', '-c', 'stage=prod'])).toEqual({
      code: 2,
      out: '',
      err: expect.stringMatching(new RegExp(`^-c stage .*npm run ${command} -- --stage prod\\n$`)),
    });
  });

  test('the context value stage is rejected in every spelling and at every place', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...commands),
        fc.constantFrom(...spellings),
        fc.uniqueArray(fc.constantFrom<string[]>(['--stage', 'dev'], ['-c', 'lists=ttl'], ['--no-notices'], ['-v'])),
        fc.nat(),
        (command, spelled, others, at) => {
          const given = [...others];
          given.splice(at % (given.length + 1), 0, spelled('stage=prod'));
          expect(() => orderIn(command, given.flat(), {})).toThrow(`npm run ${command} -- --stage prod`);
        },
      ),
    );
  });

  test.each([['cdk.json'], ['cdk.context.json'], ['.cdk.json']])('a stage in %s is rejected', (file) => {
    const cwd = mkdtempSync(join(place, 'app-'));
    writeFileSync(
      join(cwd, file),
      JSON.stringify(file === 'cdk.context.json' ? { stage: 'prod' } : { context: { stage: 'prod' } }),
    );
    expect(run('synth', [], { cwd, env: { HOME: cwd } })).toMatchObject({
      code: 2,
      err: expect.stringMatching(new RegExp(`${file.replace('.', '\\.')} holds context stage: take it out`)),
    });
  });

  test('a stage in CDK_CONTEXT is rejected, and so is a second --stage', () => {
    expect(() => orderIn('deploy', [], { CDK_CONTEXT: 'stage=prod' })).toThrow(/CDK_CONTEXT is set/);
    expect(() => orderIn('deploy', ['--stage', 'dev', '--stage=prod'], {})).toThrow(/--stage is given twice/);
    expect(() => orderIn('deploy', ['--stage', '--force'], {})).toThrow(/stage must be/);
    expect(() => orderIn('deploy', ['--stage'], {})).toThrow(/--stage/);
  });
});

describe('an unknown name is reported with the most similar known name', () => {
  test.each<[string, string[], RegExp]>([
    ['deploy', ['--stagee', 'prod'], /unknown option '--stagee'\n\(Did you mean --stage\?\)/],
    ['deploy', ['--requre-approval', 'never'], /Did you mean --require-approval\?/],
    ['deploy', ['--require-approval', 'sometimes'], /require-approval.* never, any-change/],
    ['diff', ['--fial'], /Did you mean --fail\?/],
    [
      'synth',
      ['-c', 'purgeWindowSecond=3'],
      /context purgeWindowSecond is no setting \(did you mean purgeWindowSeconds\?\)/,
    ],
    ['deploy', ['-c', 'stagee=prod'], /context stagee is no setting \(did you mean stage\?\)/],
    ['deploy', ['-c', 'articleTable=x'], /did you mean articlesTable\?/],
    ['deploy', ['-c', 'lists'], /-c lists has no value: say -c lists=VALUE/],
    ['deplyo', [], /the CDK has no command deplyo/],
  ])('%s %j', (command, given, message) => {
    expect(() => orderIn(command, given, {})).toThrow(message);
  });

  test('in cdk.json too, by whichever CLI synthesises the app', () => {
    const { status, stderr } = spawnSync(process.execPath, ['infra/app.ts'], {
      env: { ...process.env, CDK_OUTDIR: place, CDK_CONTEXT_JSON: '{"stagee":"prod"}' },
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([1, 'context stagee is no setting (did you mean stage?)\n']);
  });

  test('the help is that of the CDK, with --stage added', () => {
    expect(() => orderIn('destroy', ['--help'], {})).toThrow(HelpAsked);
    expect(run('destroy', ['--help'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/npm run destroy -- [^]*--stage <stage>[^]*--profile [^]*--exclusively/),
    });
  });
});

describe('flags are passed on to the CDK', () => {
  test('in the one long form of each flag', () => {
    const given = [
      '-vvc',
      'lists=ttl',
      '--stage=branch',
      '-c=theme=my own.json',
      '--rollback=false',
      '--notices',
      '--require-approval',
      'never',
      '-t',
      'a=b',
      '-t',
      'c=d',
      '--no-color',
      '--telemetry=false',
      'a-stack',
    ];
    const { flags, ...rest } = orderIn('deploy', given, { CDK_PROFILE: 'press' });
    expect(rest).toEqual({
      stage: 'branch',
      names: ['a-stack'],
      profile: 'press',
      isConfirmed: false,
      isForced: false,
    });
    expect(flags.slice(0, 5)).toEqual([
      '--context=stage=branch',
      '--context=lists=ttl',
      '--context=theme=my own.json',
      '--verbose',
      '--verbose',
    ]);
    expect(flags.slice(5).sort()).toEqual([
      '--no-color',
      '--no-rollback',
      '--no-telemetry',
      '--notices',
      '--require-approval=never',
      '--tags=a=b',
      '--tags=c=d',
    ]);
  });

  test('and are read by the CDK’s own CLI', () => {
    const app = `${process.execPath} -e "console.error('CONTEXT '+process.env.CDK_CONTEXT_JSON);process.exit(1)"`;
    const { err } = run('synth', [
      '-c=lists=ttl',
      '--context',
      'slowSources=a,b',
      '--stage',
      'branch',
      '-cpurgeBudget=$200',
      '--no-notices',
      '--app',
      app,
    ]);
    const [, context = '{}'] = /CONTEXT (\{.*\})/.exec(err) ?? [];
    expect(JSON.parse(context)).toMatchObject({
      stage: 'branch',
      lists: 'ttl',
      slowSources: 'a,b',
      purgeBudget: '$200',
    });
  });
});

describe('destroy rejects arguments that do not clearly name one stage', () => {
  test.each<[string[], RegExp]>([
    [[], /there is no terminal to ask whether it is meant: say --yes/],
    [['--all', '--yes'], /leave out --all/],
    [['pressrun-prod', '--yes'], /leave out pressrun-prod/],
    [['prod', '--force'], /leave out prod/],
    [['--yes', '--region', 'us-east-1'], /AWS does not let you in .*: set AWS_PROFILE/],
  ])('%j', (given, message) => {
    const { code, out, err } = run('destroy', given);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\bat .*:\d+/);
    expect([code, out]).toEqual([given.includes('--region') ? 3 : 2, '']);
  });
});
