import { spoiltService } from '../units.ts';

const path = '/etc/bench-names.conf';

export const scenario = spoiltService(
    'a mistake in the settings of a name server',
    'bench-names',
    `ExecStart=/usr/sbin/dnsmasq --keep-in-foreground --user=root --conf-file=${path}`,
    { path, content: 'listen-address=127.0.0.1\nport=5397\nno-resolv\n' },
    ['sed', '--in-place', '$alissten-address=127.0.0.1', path],
);
