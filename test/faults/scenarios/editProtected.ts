import { editedService } from '../units.ts';

export const scenario = editedService(
    'an edit lets a service write only to a folder that does not exist',
    'bench-archive',
    'ReadWritePaths=/srv\nExecStart=/bin/sleep infinity',
    's,/srv,/srv/bench-archive,',
);
