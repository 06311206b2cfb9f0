import { editedService } from '../units.ts';

export const scenario = editedService(
    'an edit gives a service a root folder that does not exist',
    'bench-island',
    'RootDirectory=/\nExecStart=/bin/sleep infinity',
    's,=/$,=/srv/bench-island,',
);
