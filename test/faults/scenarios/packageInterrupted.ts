import type { Scenario } from '../scenario.ts';

const script = `
set -e
mkdir -p /run/bench/bench-slow/DEBIAN
cd /run/bench
printf 'Package: bench-slow\\nVersion: 1.0\\nArchitecture: all\\nMaintainer: Nobody <nobody@example.org>\\nDescription: takes long\\n' >bench-slow/DEBIAN/control
printf '#!/bin/sh\\ntest -e /run/bench-configure && exit 0\\ntouch /run/bench-configuring\\nexec sleep 1000\\n' >bench-slow/DEBIAN/postinst
chmod 755 bench-slow/DEBIAN/postinst
dpkg-deb --build bench-slow >/dev/null
`;
/** dpkg keeps what it has done so far in /var/lib/dpkg/updates, and finds it there next time (modstatdb_open() of dpkg). */
const interrupt = `
dpkg --install /run/bench/bench-slow.deb >/dev/null 2>&1 &
until test -e /run/bench-configuring; do sleep 0.05; done
kill -KILL $!
pkill -KILL --full 'bench-slow[.]postinst|sleep [1]000'
wait
test -n "$(ls /var/lib/dpkg/updates)"
`;

export const scenario: Scenario = {
    title: 'an installation is interrupted',
    by: 'provoked',
    prepare: async desktop => {
        await desktop.exec(['sh', '-c', script]);
    },
    provoke: async desktop => {
        await desktop.exec(['sh', '-c', interrupt]);
    },
    // Nothing tells when a program was killed: while dpkg is at work the source looks after ten seconds, and three later to be sure.
    patience: 40_000,
    expect: {
        family: 'packages',
        subject: /packages|bench-slow|dpkg/,
        cause: /interrupted/,
        fix: 'packages.configure',
        changes: /bench-slow/,
    },
    repair: async desktop => {
        await desktop.exec(['touch', '/run/bench-configure']);
    },
    clear: async desktop => {
        await desktop.exec([
            'sh',
            '-c',
            'touch /run/bench-configure; dpkg --configure --pending; dpkg --purge bench-slow; rm -rf /run/bench',
        ]);
    },
};
