import { editedService } from '../units.ts';

export const scenario = editedService(
    'an edit names a folder to work in that does not exist',
    'bench-workshop',
    'WorkingDirectory=/srv\nExecStart=/bin/sleep infinity',
    's,/srv,/srv/bench-workshop,',
);
