import { editedService } from '../units.ts';

export const scenario = editedService(
    'an edit adds a check before the start that fails',
    'bench-porter',
    '#ExecStartPre=\nExecStart=/bin/sleep infinity',
    's,^#.*,ExecStartPre=/usr/bin/test -d /srv/bench-porter,',
);
