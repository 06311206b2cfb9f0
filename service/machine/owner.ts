import { unescapeUnit } from '../model/unitName.ts';
import { safeText } from '../text/sanitise.ts';

/** The name under which a process is counted: its application or unit, else its own name. */
export type Owner = { kind: 'application' | 'unit' | 'process'; name: string };

/**
 * Names of units in which a desktop starts an application, with ID escaped as unit names are:
 * app[-LAUNCHER]-ID-RANDOM.scope and app[-LAUNCHER]-ID[@RANDOM].service
 * (https://systemd.io/DESKTOP_ENVIRONMENTS/; the expressions are those of xdg-desktop-portal, xdp-app-info-host.c).
 */
const applicationUnits = [
    /^app-(?:[a-zA-Z0-9]+-)?(.+?)-[a-zA-Z0-9]*\.scope$/,
    /^app-(?:[a-zA-Z0-9]+-)?(.+?)(?:@[^.]*|-autostart)?\.service$/,
    // What dbus-broker starts: dbus-BUS-NAME@RANDOM.service, src/launch/service.c.
    /^dbus-:[\d.]+-(.+)@\d+\.service$/,
];

/** Units that hold arbitrary programs: a login, a terminal's tab, dbus-daemon, the manager itself. */
const mixedUnits =
    /^(?:session-.*\.scope|.*-spawn-.*\.scope|init\.scope|user@\d+\.service|run-.*\.(?:scope|service)|dbus\.service)$/;

/** @param cgroup the text of /proc/PID/cgroup, as cgroups(7) describes it */
export function ownerOf(cgroup: string, processName: string): Owner {
    const path = /^0::(.*)$/m.exec(cgroup)?.[1] ?? /^\d+:name=systemd:(.*)$/m.exec(cgroup)?.[1] ?? '';
    const unit = path.split('/').findLast(part => /\.(?:service|scope)$/.test(part));
    if (unit === undefined || mixedUnits.test(unit)) return { kind: 'process', name: processName };
    for (const pattern of applicationUnits) {
        const id = pattern.exec(unit)?.[1];
        if (id !== undefined) return { kind: 'application', name: safeText(unescapeUnit(id), 128) };
    }
    return { kind: 'unit', name: safeText(unit, 256) };
}
