import { PressrunApp } from './pressrun-app.ts';

new PressrunApp();
