import { PressrunApp } from './pressrun-app.ts';
import { SettingRefused } from './stage-name.ts';

try {
  new PressrunApp();
} catch (error) {
  if (!(error instanceof SettingRefused)) throw error;
  process.stderr.write(`${error.message}\n`);
  // At once: the CDK would go on to write down what there is of it.
  process.exit(1);
}
