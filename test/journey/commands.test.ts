// The modules share one newsroom, which takes seconds to start.
import './commands/stories.ts';
import './commands/batches.ts';
import './commands/publish.ts';
import './commands/pictures.ts';
import './commands/explanations.ts';
import './commands/fronts.ts';
import './commands/unreachable.ts';
