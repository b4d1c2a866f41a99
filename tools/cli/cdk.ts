import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline/promises';
import { InvalidSetting } from '../../infra/stage-name.ts';
import { HelpAsked, orderIn, type CdkOrder } from './cdk-flags.ts';
import { exitCodes, WrongUse } from './exits.ts';
import { explained } from './explained.ts';

/** `npm run deploy -- --stage prod`: the CDK's own CLI for one stage. */
async function run(command: string, given: readonly string[]): Promise<number> {
  const order = orderIn(command, given, process.env);
  if (command === 'preflight' || command === 'deploy') {
    const { preflight } = await import('./deployment-checks.ts');
    const isReady = await preflight(order, console.log);
    if (command === 'preflight') return isReady ? 0 : exitCodes.found;
    if (!isReady && !order.isForced) {
      process.stderr.write('nothing was deployed; --force deploys all the same\n');
      return exitCodes.found;
    }
  }
  const [names, flags] = command === 'destroy' ? await destruction(order) : [order.names, order.flags];
  // Names first: a list of values after a flag could swallow them.
  const cdk = spawn(
    process.execPath,
    [fileURLToPath(import.meta.resolve('aws-cdk/bin/cdk')), command, ...names, ...flags],
    { stdio: 'inherit' },
  );
  const [code] = (await once(cdk, 'exit')) as [number | null];
  return code ?? exitCodes.found;
}

/** Asks whether the stack that the CDK will be given is meant, and empties its buckets. */
async function destruction({
  stage,
  names,
  profile,
  region: asked,
  isConfirmed,
  flags,
}: CdkOrder): Promise<[names: string[], flags: string[]]> {
  const stackName = `pressrun-${stage}`;
  if (names.length > 0)
    throw new WrongUse(`destroy takes down the one stack of --stage, here ${stackName}: leave out ${names.join(' ')}`);
  if (flags.includes('--all'))
    throw new WrongUse(`destroy takes down the one stack of --stage, here ${stackName}: leave out --all`);
  if (!isConfirmed && !process.stdin.isTTY)
    throw new WrongUse('there is no terminal to ask whether it is meant: say --yes to destroy without being asked');
  const { emptyBucketsOf, stackNamed } = await import('./destroy.ts');
  const { account, region } = await stackNamed(stackName, { profile, region: asked });
  if (!isConfirmed && !(await isMeant(stage, `stack ${stackName} in account ${account}, region ${region}`)))
    throw new WrongUse(`the answer was not ${stage}: nothing was destroyed`);
  // CloudFormation cannot delete a bucket that is not empty. Production's bucket stays with its objects.
  if (stage !== 'prod') await emptyBucketsOf(stackName, { profile, region }, console.log);
  return [
    [stackName],
    [
      ...flags.filter((flag) => !/^--(?:no-)?(?:force|all$|region=)/.test(flag)),
      `--region=${region}`,
      '--no-all',
      '--force',
    ],
  ];
}

async function isMeant(stage: string, what: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(
    `This takes down ${what}${stage === 'prod' ? '; its tables, archive, payloads and secrets stay' : ', and all that it holds'}. Type ${stage} to go on: `,
  );
  terminal.close();
  return answer.trim() === stage;
}

const [command = 'synth', ...given] = process.argv.slice(2);
try {
  process.exitCode = await run(command, given);
} catch (error) {
  if (error instanceof HelpAsked) console.log(error.message);
  else {
    const { message, code } =
      error instanceof InvalidSetting ? { message: error.message, code: exitCodes.wrongUse } : explained(error);
    process.stderr.write(`${message}\n`);
    process.exitCode = code;
  }
}
