import { spoiltService } from '../units.ts';

const path = '/etc/systemd/system/bench-dropin.service.d/limits.conf';

export const scenario = spoiltService(
    'a mistake in the drop-in of a unit',
    'bench-dropin',
    'ExecStart=/bin/sleep infinity',
    { path, content: '[Service]\nGroup=nogroup\n' },
    ['sed', '--in-place', 's/nogroup/nobodys/', path],
);
