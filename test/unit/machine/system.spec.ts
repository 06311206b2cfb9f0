import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { entryName } from '../../../service/machine/desktop/applicationName.ts';
import { readBootTime } from '../../../service/machine/time/boots.ts';
import { readHardware } from '../../../service/machine/hardware/hardware.ts';
import { readPower } from '../../../service/machine/hardware/power.ts';
import { findRecentFiles } from '../../../service/machine/storage/recentFiles.ts';
import { readSessions } from '../../../service/machine/desktop/sessions.ts';
import { readTemperatures } from '../../../service/machine/hardware/temperatures.ts';
import { readUptime } from '../../../service/machine/time/uptime.ts';
import { osReleaseField, readVersions } from '../../../service/machine/packages/versions.ts';
import { batteryReplies, recordedMachine, recordedReplies } from '../../support/recordedMachine.ts';

const machine = recordedMachine();
const never = new AbortController().signal;
const displayDevice = 'org.freedesktop.UPower /org/freedesktop/UPower/devices/DisplayDevice';
const upower = 'org.freedesktop.UPower /org/freedesktop/UPower';

/** A tree of files for the time of `use`. */
async function withTree(files: Record<string, string>, use: (root: string) => Promise<void>): Promise<void> {
    const root = await mkdtemp(join(tmpdir(), 'reeve-tree-'));
    try {
        for (const [path, text] of Object.entries(files)) {
            await mkdir(join(root, dirname(path)), { recursive: true });
            await writeFile(join(root, path), text);
        }
        await use(root);
    } finally {
        await rm(root, { recursive: true });
    }
}

describe('Versions', () => {
    it('come from the kernel, os-release, GNOME Shell and systemd', async () => {
        const versions = await readVersions(machine, never);
        expect(versions.distribution).toBe('Debian GNU/Linux forky/sid');
        expect(versions.gnomeShell).toBe('51.0');
        expect(versions.systemd).toBe('262.1-1');
        expect(versions.kernel).toMatch(/^\d+\.\d+/);
        expect(versions.evidence.length).toBe(4);
    });

    it('of what does not run are not known', async () => {
        const versions = await readVersions({ ...machine, system: null, session: null }, never);
        expect([versions.gnomeShell, versions.systemd]).toEqual([null, null]);
    });

    it('are unquoted as a shell would', () => {
        expect(osReleaseField('PRETTY_NAME="A \\"B\\" C"\n', 'PRETTY_NAME')).toBe('A "B" C');
        expect(osReleaseField("NAME=plain\nPRETTY_NAME='x y'\n", 'PRETTY_NAME')).toBe('x y');
        expect(osReleaseField('NAME=plain\n', 'PRETTY_NAME')).toBeNull();
    });
});

describe('Hardware', () => {
    it('names the processor and counts what it can do at once', async () => {
        const hardware = await readHardware(machine, never);
        expect([hardware.processor, hardware.processors, hardware.model]).toEqual(['AMD EPYC', 2, null]);
    });

    it('names the computer as hostnamed does, or the firmware, and the drivers of its graphics', async () => {
        const replies = recordedReplies();
        replies['org.freedesktop.hostname1 /org/freedesktop/hostname1'] = {
            HardwareVendor: 'LENOVO',
            HardwareModel: 'T14',
        };
        expect((await readHardware(recordedMachine('connected', replies), never)).model).toBe('LENOVO T14');
        const files = {
            'sys/class/dmi/id/sys_vendor': 'LENOVO\n',
            'sys/class/dmi/id/product_name': '21HD\n',
            'sys/class/drm/card0/device/uevent': 'DRIVER=amdgpu\nPCI_CLASS=30000\n',
            'sys/class/drm/card0-HDMI-A-1/device/uevent': 'DRIVER=no\n',
        };
        await withTree(files, async root => {
            const hardware = await readHardware({ ...machine, root, system: null }, never);
            expect([hardware.model, hardware.graphicsDrivers]).toEqual(['LENOVO 21HD', ['amdgpu']]);
        });
    });
});

describe('Power', () => {
    it('knows when there is no battery', async () => {
        const power = await readPower(machine, never);
        expect([power?.battery, power?.plugged]).toEqual([null, null]);
    });

    it('is what UPower shows for the whole computer', async () => {
        const replies = recordedReplies();
        const device = replies[displayDevice] as object;
        const charge = { Type: 2, IsPresent: true, State: 2, Percentage: 41, TimeToEmpty: 5400, Capacity: 0 };
        replies[displayDevice] = { ...device, ...charge };
        Object.assign(replies, batteryReplies({ BAT0: 93, BAT1: 88 }));
        replies[upower] = { OnBattery: true };
        const power = await readPower(recordedMachine('connected', replies), never);
        expect(power?.battery).toEqual({ state: 'discharging', level: 0.41, remaining: 5400, health: 0.88 });
        expect(power?.plugged).toBeFalse();
    });

    it('is else what the kernel says; the battery of a mouse is not the computer’s', async () => {
        const files = {
            'sys/class/power_supply/AC/type': 'Mains\n',
            'sys/class/power_supply/AC/online': '1\n',
            'sys/class/power_supply/BAT0/type': 'Battery\n',
            'sys/class/power_supply/BAT0/status': 'Charging\n',
            'sys/class/power_supply/BAT0/capacity': '73\n',
            'sys/class/power_supply/hidpp_battery_0/type': 'Battery\n',
            'sys/class/power_supply/hidpp_battery_0/scope': 'Device\n',
            'sys/class/power_supply/hidpp_battery_0/capacity': '5\n',
        };
        await withTree(files, async root => {
            const power = await readPower({ ...machine, root, system: null }, never);
            expect(power?.battery).toEqual({ state: 'charging', level: 0.73, remaining: null, health: null });
            expect(power?.plugged).toBeTrue();
        });
    });

    it('is not known where nobody reports it', async () => {
        expect(await readPower({ ...machine, root: '/nonexistent', system: null }, never)).toBeNull();
    });
});

describe('Temperatures', () => {
    it('are read from all sensors, hottest first, those that are wired to nothing left out', async () => {
        const files = {
            'sys/class/hwmon/hwmon0/name': 'k10temp\n',
            'sys/class/hwmon/hwmon0/temp1_input': '61250\n',
            'sys/class/hwmon/hwmon0/temp1_label': 'Tctl\n',
            'sys/class/hwmon/hwmon0/temp1_crit': '95000\n',
            'sys/class/hwmon/hwmon1/name': 'nvme\n',
            'sys/class/hwmon/hwmon1/temp1_input': '38850\n',
            'sys/class/hwmon/hwmon1/temp2_input': '-273150\n',
            'sys/class/hwmon/hwmon1/fan1_input': '1200\n',
        };
        await withTree(files, async root => {
            const sensors = await readTemperatures({ ...machine, root });
            expect(sensors.map(({ chip, label, celsius, critical }) => [chip, label, celsius, critical])).toEqual([
                ['k10temp', 'Tctl', 61.25, 95],
                ['nvme', '', 38.85, null],
            ]);
        });
        expect(await readTemperatures({ ...machine, root: '/nonexistent' })).toEqual([]);
    });
});

describe('Sessions', () => {
    it('are those of people, not those of service managers', async () => {
        const sessions = await readSessions(machine, never);
        expect(sessions?.map(({ user, type, since }) => [user, type, since])).toEqual([
            ['alice', 'wayland', 1795230159514539],
        ]);
        expect(await readSessions({ ...machine, system: null }, never)).toBeNull();
    });
});

describe('Startups', () => {
    it('are counted from the kernel’s own start', async () => {
        expect((await readUptime(machine))?.seconds).toBeGreaterThan(4000);
        expect((await readBootTime(machine))?.time).toBeGreaterThan(1_795_000_000_000_000);
        expect(await readUptime({ ...machine, root: '/nonexistent' })).toBeNull();
    });
});

describe('Recently changed files', () => {
    it('are found by when their contents changed; what programs rewrite by themselves is left out', async () => {
        const files = { 'etc/ssh/sshd_config': '', 'etc/old.conf': '', 'etc/ld.so.cache': '' };
        await withTree(files, async root => {
            await utimes(join(root, 'etc/old.conf'), 1000, 1000);
            const found = await findRecentFiles({ ...machine, root }, '/etc', 2000_000_000, never);
            expect(found.files.map(({ path }) => path)).toEqual(['/etc/ssh/sshd_config']);
            expect(found.complete).toBeTrue();
        });
        expect((await findRecentFiles({ ...machine, root: '/nonexistent' }, '/etc', 0, never)).files).toEqual([]);
    });
});

describe('The name of an application', () => {
    const entry =
        '[Desktop Entry]\nType=Application\nName=Files\nName[de]=Dateien\nName[pt_BR]=Arquivos\n[Desktop Action new]\nName=New\n';

    it('is that of its desktop entry, in the user’s language', () => {
        expect(entryName(entry, ['de_AT', 'de'])).toBe('Dateien');
        expect(entryName(entry, ['pt_BR', 'pt'])).toBe('Arquivos');
        expect(entryName(entry, ['fr'])).toBe('Files');
        expect(entryName('[Desktop Action new]\nName=New\n', [])).toBeNull();
    });
});
