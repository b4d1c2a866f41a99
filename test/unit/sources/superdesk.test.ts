import './superdesk/fields.ts';
import './superdesk/packages.ts';
import './superdesk/pictures.ts';
import './superdesk/updates.ts';
import './superdesk/withdrawals.ts';
