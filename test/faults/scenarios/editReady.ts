import { editedService } from '../units.ts';

export const scenario = editedService(
    'an edit makes systemd wait for a message that the service never sends',
    'bench-herald',
    'Type=simple\nTimeoutStartSec=1\nExecStart=/bin/sleep infinity',
    's/simple/notify/',
);
