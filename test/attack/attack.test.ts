/**
 * An outsider's attempts over the network against a stack that runs as `npm start` runs it. `npm run attack` prints
 * each attempt and its result. All counts are bounded, and all addresses are this machine's loopback. The modules share
 * one stack.
 */
import './access.ts';
import './browsers.ts';
import './cache.ts';
import './cursors.ts';
import './framing.ts';
import './load.ts';
import './malformed.ts';
import './paths.ts';
