import { enableCompileCache } from 'node:module';

enableCompileCache();
// Loading takes seconds on a busy machine, so a first line is printed at once.
if (!process.argv.some((argument) => argument === '--help' || argument === '-h'))
  process.stdout.write(
    'Pressrun is starting: it synthesises the CDK app and runs what the template says. This takes 10 to 30 seconds.\n',
  );
await import('./start.ts');
