import { readFileSync } from 'node:fs';

import { programSeverity, unitSeverity } from '../../../../service/faults/shared/severity.ts';

describe('The severity of a failed unit', () => {
    const cases: Record<string, [scope: 'system' | 'user', unit: string][]> = {
        critical: [
            ['system', 'gdm.service'],
            ['system', 'dbus.service'],
            ['system', 'dbus-broker.service'],
            ['system', 'systemd-logind.service'],
            ['system', 'user@1000.service'],
            ['system', '-.mount'],
            ['system', 'home.mount'],
            ['system', 'local-fs.target'],
            ['user', 'org.gnome.Shell@wayland.service'],
            ['user', 'dbus.service'],
        ],
        high: [
            ['system', 'NetworkManager.service'],
            ['system', 'systemd-resolved.service'],
            ['system', 'polkit.service'],
            ['system', 'data.mount'],
            ['system', 'dev-sda2.swap'],
            ['system', 'systemd-fsck@dev-sda1.service'],
            ['user', 'pipewire.service'],
            ['user', 'wireplumber.service'],
        ],
        medium: [
            ['system', 'cups.service'],
            ['system', 'nginx.service'],
            ['system', 'gdm-helper.service'],
            ['system', 'not-dbus.service'],
            ['user', 'syncthing.service'],
            ['user', 'NetworkManager.service'],
        ],
        low: [
            ['system', 'logrotate.service'],
            ['system', 'apt-daily-upgrade.service'],
            ['system', 'run-p2643-i140051.service'],
            ['system', 'session-4.scope'],
            ['user', 'app-gnome-firefox-1234.scope'],
            ['system', 'backup.timer'],
        ],
    };
    for (const [severity, units] of Object.entries(cases)) {
        it(`is ${severity} for ${units.map(([, unit]) => unit).join(', ')}`, () => {
            for (const [scope, unit] of units)
                expect(unitSeverity(scope, unit))
                    .withContext(unit)
                    .toBe(severity as never);
        });
    }

    it('is documented', () => {
        const text = readFileSync(new URL('../../../../docs/faults.md', import.meta.url), 'utf8');
        for (const severity of Object.keys(cases)) expect(text).toContain(`| ${severity} `);
    });
});

describe('The severity of a crashed program', () => {
    const cases = {
        critical: ['gnome-shell', '.gnome-shell-wr', 'gnome-session-b', 'gnome-session-binary', 'xfwm4', 'marco'],
        high: ['systemd-timesyn', 'systemd-timesyncd'],
        medium: ['gnome-session-c', 'soffice.bin'],
    };
    for (const [severity, names] of Object.entries(cases))
        it(`is ${severity} for ${names.join(', ')}`, () => {
            for (const name of names)
                expect(programSeverity(name))
                    .withContext(name)
                    .toBe(severity as never);
        });
});
