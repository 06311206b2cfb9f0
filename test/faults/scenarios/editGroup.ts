import { editedService } from '../units.ts';

export const scenario = editedService(
    'an edit names a group that does not exist',
    'bench-orchard',
    'Group=nogroup\nExecStart=/bin/sleep infinity',
    's/nogroup/nogroupp/',
);
