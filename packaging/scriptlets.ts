/**
 * What packages of RPM and of Arch run when they are installed and removed: the same as Debian's (packaging/debian), which has
 * deb-systemd-invoke(1p) for it. Users who are logged in are found as systemd's own helper does it:
 * https://github.com/systemd/systemd/blob/v257/src/rpm/systemd-update-helper.in
 */
import { mechanismUnit, serviceUnit } from '../service/util/names.ts';
import { offerUnit } from './manifest.ts';

/** For sh(1). Nothing of it stops an installation. */
export const scriptlets = {
    installed: onSystemd('systemctl daemon-reload || :', ...forEachUser('daemon-reload')),
    // A service that runs would load parts of the new version. The mechanism is one file, which it has read; it ends by itself, and may
    // be what installs this package.
    upgraded: onSystemd(...forEachUser(`try-restart ${serviceUnit}`)),
    beforeRemoval: onSystemd(
        ...forEachUser(`stop ${offerUnit} ${serviceUnit}`),
        // Does not wait: it may be what removes this package.
        `systemctl --no-block stop ${mechanismUnit} || :`,
    ),
};

function onSystemd(...lines: string[]): string {
    return ['if [ -d /run/systemd/system ]; then', ...lines.map(line => `    ${line}`), 'fi'].join('\n');
}

function forEachUser(command: string): string[] {
    return [
        "for id in $(systemctl list-units 'user@*' --no-legend | sed -n -r 's/.*user@([0-9]+).service.*/\\1/p'); do",
        `    SYSTEMD_BUS_TIMEOUT=15s systemctl --user --machine="$(id -nu "$id")@" ${command} || :`,
        'done',
    ];
}
