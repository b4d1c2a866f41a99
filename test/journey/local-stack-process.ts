import { startLocalStack } from '../../tools/laptop/stack.ts';

/** A local stack in a process of its own, so that a test can kill it: `node local-stack-process.ts ASSEMBLY DATA`. */
const [assembly = '', dataDirectory = ''] = process.argv.slice(2);
const stack = await startLocalStack({
  assembly,
  dataDirectory,
  awsPort: 0,
  edgePort: 0,
  log: ({ from, level, line }) => {
    if (level !== 'info') process.stderr.write(`${from}: ${line}\n`);
  },
});
process.stdout.write(`${stack.awsUrl}\n`);
