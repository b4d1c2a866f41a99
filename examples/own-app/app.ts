import { App, Duration } from 'aws-cdk-lib';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { RulesStack } from './rules.ts';
import { PressrunStack, settingsFrom, Subscription } from '../../infra/library.ts';

const app = new App();
const env = { account: '123456789012', region: 'eu-west-1' };

// The settings of docs/configuration.md. Misspelt names and wrong values end the synthesis with a InvalidSetting.
const pressrun = new PressrunStack(app, 'Newsroom', {
  ...settingsFrom({ stage: 'dev', siteUrl: 'https://news.example.com' }),
  env,
});
const { stage, bus } = pressrun;

// A CMS in another account that puts events on the bus itself, under its own source and no other.
const cms = new Role(pressrun, 'Cms', { assumedBy: new AccountPrincipal('210987654321') });
bus.grantPublish(cms, 'my-cms');

// A function of this app that receives announcements through a queue with a dead-letter queue and alarms.
const indexer = new LambdaFunction(pressrun, 'Indexer', {
  runtime: Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: Code.fromInline('exports.handler = async () => ({ batchItemFailures: [] });'),
  timeout: Duration.seconds(30),
});
new Subscription(pressrun, 'Search', {
  stage,
  bus,
  name: 'search',
  events: ['article.live', 'article.revised', 'article.withdrawn'],
  to: { workTimeout: Duration.seconds(30), function: indexer },
});

// Rules of another team on the same bus.
new RulesStack(app, 'Rules', { env });
