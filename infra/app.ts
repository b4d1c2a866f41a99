import { PressrunApp } from './pressrun-app.ts';
import { InvalidSetting } from './stage-name.ts';

try {
  new PressrunApp();
} catch (error) {
  if (!(error instanceof InvalidSetting)) throw error;
  process.stderr.write(`${error.message}\n`);
  // The process exits at once, because the CDK would still write an incomplete assembly.
  process.exit(1);
}
