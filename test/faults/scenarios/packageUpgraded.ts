import { failUnit } from '../../desktop/failingUnits.ts';
import type { Scenario } from '../scenario.ts';
import { stopUnits } from '../units.ts';

const unit = 'bench-upgraded.service';
const list = '/etc/apt/sources.list.d/bench-upgraded.list';
/** Only this source: a test desktop has no network. */
const apt = `apt-get -q -y -o Dir::Etc::SourceList=${list} -o Dir::Etc::SourceParts=/dev/null -o APT::Get::List-Cleanup=0`;

/** A source of packages with two versions, the newer of which lacks the program that its service runs. */
const script = `
set -e
mkdir -p /run/bench-source && cd /run/bench-source
for version in 1.0 1.1; do
    folder=bench-upgraded-$version
    mkdir -p $folder/DEBIAN $folder/usr/lib/systemd/system $folder/usr/libexec
    printf 'Package: bench-upgraded\\nVersion: %s\\nArchitecture: all\\nMaintainer: Nobody <nobody@example.org>\\nDescription: a tool\\n' $version >$folder/DEBIAN/control
    printf '[Service]\\nExecStart=/usr/libexec/bench-upgraded\\n' >$folder/usr/lib/systemd/system/${unit}
    printf '#!/bin/sh\\nsystemctl daemon-reload\\n' >$folder/DEBIAN/postinst
    chmod 755 $folder/DEBIAN/postinst
    if test $version = 1.0; then
        printf '#!/bin/sh\\nexec sleep infinity\\n' >$folder/usr/libexec/bench-upgraded
        chmod 755 $folder/usr/libexec/bench-upgraded
    fi
    dpkg-deb --build $folder >/dev/null
    cat $folder/DEBIAN/control >>Packages
    printf 'Filename: ./%s.deb\\nSize: %s\\nSHA256: %s\\n\\n' $folder $(stat -c %s $folder.deb) $(sha256sum $folder.deb | cut -c -64) >>Packages
done
echo 'deb [trusted=yes] file:/run/bench-source ./' >${list}
${apt} update
${apt} install bench-upgraded=1.0
systemctl start ${unit}
`;

export const scenario: Scenario = {
    title: 'an upgrade breaks a service',
    by: 'provoked',
    prepare: async desktop => {
        await desktop.exec(['sh', '-c', script], { timeout: 60_000 });
    },
    provoke: async desktop => {
        await desktop.exec(['sh', '-c', `${apt} install bench-upgraded=1.1`], { timeout: 60_000 });
        // What it keeps to be quicker was made of this source alone.
        await desktop.exec(['apt-get', '-q', 'check'], { timeout: 60_000 });
        await desktop.exec(['systemctl', 'stop', unit]);
        await failUnit(desktop, unit);
    },
    expect: {
        family: 'unit',
        subject: unit,
        cause: /bench-upgraded was upgraded from 1\.0 to 1\.1 .* before/,
        fix: 'packages.revert',
        changes: /bench-upgraded/,
    },
    clear: async desktop => {
        await stopUnits(desktop, unit);
        await desktop.exec(['dpkg', '--purge', 'bench-upgraded']);
        await desktop.exec(['sh', '-c', `rm -rf /run/bench-source ${list} /var/lib/apt/lists/_run_bench-source_*`]);
        await desktop.exec(['systemctl', 'daemon-reload']);
    },
};
