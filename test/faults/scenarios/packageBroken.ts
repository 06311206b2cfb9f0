import type { Scenario } from '../scenario.ts';
import { stopUnits } from '../units.ts';

const dropIn = '/run/systemd/system/apt-daily-upgrade.service.d/bench.conf';

/** A package whose installation fails at its end, as Debian's own do when a service of theirs does not start. */
const script = `
set -e
mkdir -p /run/bench/bench-broken/DEBIAN
cd /run/bench
printf 'Package: bench-broken\\nVersion: 1.0\\nArchitecture: all\\nMaintainer: Nobody <nobody@example.org>\\nDescription: fails\\n' >bench-broken/DEBIAN/control
printf '#!/bin/sh\\nif test -e /run/bench-package; then exit 0; fi\\necho the database cannot be reached >&2\\nexit 1\\n' >bench-broken/DEBIAN/postinst
chmod 755 bench-broken/DEBIAN/postinst
dpkg-deb --build bench-broken >/dev/null
`;

export const scenario: Scenario = {
    title: 'the installation of a package fails at its end',
    by: 'provoked',
    prepare: async desktop => {
        await desktop.exec(['sh', '-c', script]);
    },
    provoke: async desktop => {
        // In the service that installs updates unattended, which is where it happens to people.
        const install =
            '[Service]\nExecStartPre=\nExecStart=\nExecStart=/usr/bin/dpkg --install /run/bench/bench-broken.deb\n';
        await desktop.writeFile(dropIn, install);
        await desktop.exec(['systemctl', 'daemon-reload']);
        await desktop.exec(['systemctl', 'start', 'apt-daily-upgrade.service'], { mayFail: true });
        const { stdout } = await desktop.exec(['dpkg-query', '-W', '-f', '${db:Status-Abbrev}', 'bench-broken']);
        if (!stdout.startsWith('iF')) throw new Error(`the package is in the state ${stdout}`);
    },
    expect: {
        family: 'packages',
        subject: 'bench-broken',
        cause: /./,
        fix: 'packages.configure',
        changes: /bench-broken/,
    },
    repair: async desktop => {
        await desktop.exec(['touch', '/run/bench-package']);
    },
    clear: async desktop => {
        await desktop.exec(['dpkg', '--purge', '--force-all', 'bench-broken']);
        await desktop.exec(['rm', '--force', dropIn]);
        await desktop.exec(['systemctl', 'daemon-reload']);
        await stopUnits(desktop, 'apt-daily-upgrade.service');
        await desktop.exec(['rm', '--recursive', '--force', '/run/bench']);
    },
};
