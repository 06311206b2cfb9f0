import { editedService } from '../units.ts';

export const scenario = editedService(
    'an edit of a unit file breaks the service',
    'bench-typo',
    'User=nobody\nExecStart=/bin/sleep infinity',
    's/nobody/nobodyy/',
);
