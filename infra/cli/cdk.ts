import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline/promises';
import { SettingRefused, stageNameOf } from '../stage-name.ts';

/** `npm run deploy -- --stage prod`: the CDK's own CLI for one stage; what is not `--stage` goes to it as it is. */
async function run(command: string, given: readonly string[]): Promise<number> {
  const rest = given.flatMap((argument) => (argument.startsWith('--stage=') ? argument.split(/=(.*)/s, 2) : [argument]));
  const at = rest.indexOf('--stage');
  // Without a name after it, the name is empty, and refused.
  const [, named = ''] = at === -1 ? ['--stage', 'dev'] : rest.splice(at, 2);
  const stage = stageNameOf(named);
  if (command === 'destroy') {
    if (!rest.includes('--force')) {
      if (!(await isMeant(stage))) return 1;
      rest.push('--force');
    }
    // CloudFormation refuses to delete a bucket that holds anything. Production's stays, with what it holds.
    if (stage !== 'prod') {
      const { emptyBucketsOf } = await import('./destroy.ts');
      await emptyBucketsOf(`pressrun-${stage}`, console.log);
    }
  }
  const cdk = spawn(process.execPath, [fileURLToPath(import.meta.resolve('aws-cdk/bin/cdk')), command, '-c', `stage=${stage}`, ...rest], { stdio: 'inherit' });
  const [code] = (await once(cdk, 'exit')) as [number | null];
  return code ?? 1;
}

async function isMeant(stage: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(
    `This takes down stage ${stage}${stage === 'prod' ? '; its tables, archive, parcels and secrets stay' : ' and all that it holds'}. Type its name to go on: `,
  );
  terminal.close();
  return answer.trim() === stage;
}

const [command = 'synth', ...given] = process.argv.slice(2);
try {
  process.exitCode = await run(command, given);
} catch (error) {
  if (!(error instanceof SettingRefused)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
