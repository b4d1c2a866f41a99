import './narrate/any-order.ts';
import './narrate/queue.ts';
import './narrate/removal.ts';
import './narrate/story.ts';
