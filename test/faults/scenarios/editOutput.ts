import { editedService } from '../units.ts';

export const scenario = editedService(
    'an edit leads the output of a service to a folder that does not exist',
    'bench-scribe',
    'StandardOutput=journal\nExecStart=/bin/sleep infinity',
    's,journal,append:/srv/bench-scribe/log,',
);
