import './narrate/any-order.ts';
import './narrate/removal.ts';
import './narrate/story.ts';
