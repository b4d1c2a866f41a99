import { enableCompileCache } from 'node:module';

// Node's compile cache halves the start time of a command.
enableCompileCache();
const { run } = await import('./run.ts');
process.exitCode = await run(process.argv.slice(2));
