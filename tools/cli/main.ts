import { enableCompileCache } from 'node:module';

// Node's compile cache halves the start time of a command.
enableCompileCache();
await import('./run.ts');
