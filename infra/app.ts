import { App } from 'aws-cdk-lib';
import { PressrunStack } from './pressrun-stack.ts';
import { settingsFrom } from './settings.ts';

const app = new App();
const settings = settingsFrom((key) => app.node.tryGetContext(key) as unknown);
new PressrunStack(app, `pressrun-${settings.stage.name}`, settings);
