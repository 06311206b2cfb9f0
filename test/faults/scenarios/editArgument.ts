import { editedService } from '../units.ts';

export const scenario = editedService(
    'an edit gives the program of a service an option that it does not know',
    'bench-dial',
    'ExecStart=/bin/sleep infinity',
    's,infinity,--forever,',
);
