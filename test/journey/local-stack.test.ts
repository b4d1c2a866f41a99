// The modules share one stack, which takes seconds to start.
import './local-stack/bus.ts';
import './local-stack/stream.ts';
import './local-stack/function.ts';
import './local-stack/queues.ts';
import './local-stack/schedules.ts';
import './local-stack/edge.ts';
import './local-stack/stack.ts';
