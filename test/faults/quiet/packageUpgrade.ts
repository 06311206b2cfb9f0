import { setTimeout as pause } from 'node:timers/promises';
import type { QuietRun } from '../scenario.ts';

const script = `
set -e
mkdir -p /run/bench-upgrade && cd /run/bench-upgrade
for version in 1.0 1.1; do
    mkdir -p "tool-$version/DEBIAN" "tool-$version/etc" "tool-$version/usr/lib/systemd/system"
    printf 'Package: bench-tool\\nVersion: %s\\nArchitecture: all\\nMaintainer: Nobody <nobody@example.org>\\nDescription: a tool\\n' "$version" >"tool-$version/DEBIAN/control"
    echo /etc/bench-tool.conf >"tool-$version/DEBIAN/conffiles"
    echo "version = $version" >"tool-$version/etc/bench-tool.conf"
    printf '[Service]\\nExecStart=/bin/sleep infinity\\n' >"tool-$version/usr/lib/systemd/system/bench-tool.service"
    printf '#!/bin/sh\\nsystemctl daemon-reload\\nsystemctl restart bench-tool.service\\n' >"tool-$version/DEBIAN/postinst"
    printf '#!/bin/sh\\nsystemctl stop bench-tool.service\\n' >"tool-$version/DEBIAN/prerm"
    chmod 755 "tool-$version/DEBIAN/postinst" "tool-$version/DEBIAN/prerm"
    dpkg-deb --build "tool-$version" >/dev/null
    apt-get -q -y install "./tool-$version.deb"
done
apt-get -q -y purge bench-tool
`;

/** What a package's scripts set going. */
const echo = 10_000;

export const scenario: QuietRun = {
    title: 'packages installed, upgraded and removed',
    run: async desktop => {
        await desktop.exec(['sh', '-c', script], { timeout: 120_000 });
        await pause(echo);
    },
};
