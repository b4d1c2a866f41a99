/**
 * The entry of Pressrun for other CDK apps: the stack, its outputs, and the constructs that extend it.
 * `examples/own-app` is such an app.
 *
 * @packageDocumentation
 */
export { PressrunStack, type PressrunProps } from './pressrun-stack.ts';
export { settingsFrom } from './settings.ts';
export { InvalidSetting } from './stage-name.ts';
export { Subscription, type Destination, type SubscriptionProps } from './subscription.ts';
