// The guided steps of every kind of fault: each is waited for, and seen once a person has done it.
import { chmodSync, mkdirSync, mkdtempDisposableSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { GuidedStep } from '../../../service/diagnosis/guide.ts';
import { remediationFor } from '../../../service/diagnosis/reported.ts';
import { families } from '../../../service/faults/index.ts';
import { everyRemedy } from '../../../service/faults/remedies.ts';
import type { Systemd } from '../../../service/machine/units/systemd.ts';
import type { NewTimelineEntry } from '../../../service/model/timelineEntry.ts';
import { Database } from '../../../service/store/database.ts';
import { Timeline } from '../../../service/timeline/timeline.ts';
import { log } from '../../../service/util/log.ts';
import { familyOf, faultyComputer, incidentOf, minute, now } from '../../support/faultyComputer.ts';

/** What a person does, as the computer then shows it; `before`: what it shows until then. */
type Deed = {
    before?: () => void;
    entry?: Partial<NewTimelineEntry>;
    then?: () => void;
    facts?: Record<string, string>;
    subject?: string;
};

describe('The guided steps', () => {
    const computer = faultyComputer();
    let startedAt = 0;
    const systemd = {
        unit: () => Promise.resolve({ activeState: 'active', stateChangedAt: startedAt }),
    } as unknown as Systemd;

    const restart: Deed = {
        before: () => {
            computer.write('proc/stat', `btime ${(now - minute) / 1_000_000}\n`);
        },
        then: () => {
            computer.write('proc/stat', `btime ${(now + minute) / 1_000_000}\n`);
        },
    };
    const device = (event: string, subsystem: string, node = ''): Deed => ({
        entry: { kind: 'device', event, facts: { subsystem, node } },
    });
    const plugIn = device('added', 'usb');
    const unplug = device('removed', 'usb');
    const logIn: Deed = {
        then: () => {
            startedAt = now + minute;
        },
    };
    const meminfo = (available: number) => () => {
        computer.write('proc/meminfo', `MemTotal: 1000 kB\nMemAvailable: ${available} kB\n`);
    };
    const freeMemory: Deed = { before: meminfo(50), then: meminfo(400) };
    const cool: Deed = {
        before: () => {
            computer.write('sys/class/hwmon/hwmon0/name', 'coretemp\n');
            computer.write('sys/class/hwmon/hwmon0/temp1_input', '98000\n');
        },
        then: () => {
            computer.write('sys/class/hwmon/hwmon0/temp1_input', '50000\n');
        },
    };
    const values = (paths: Record<string, [before: string, after: string]>): Pick<Deed, 'before' | 'then'> => ({
        before: () => {
            for (const [path, [before]] of Object.entries(paths)) computer.write(path, before);
        },
        then: () => {
            for (const [path, [, after]] of Object.entries(paths)) computer.write(path, after);
        },
    });
    const installed = (subject: string): Deed => ({ entry: { kind: 'package', event: 'installed', subject } });
    const corrected: Deed = {
        subject: '/etc/app.conf',
        before: () => {
            computer.write('etc/app.conf', 'wrong');
        },
        then: () => {
            // Only a change of a file says that it was corrected; ctime cannot be set.
            computer.remove('etc/app.conf');
        },
    };
    const keyring = (Locked: boolean) => () => {
        computer.replies = { 'org.freedesktop.secrets /org/freedesktop/secrets/collection/login': { Locked } };
    };
    const networkManager = 'org.freedesktop.NetworkManager /org/freedesktop/NetworkManager';
    const vpn = (State: number) => () => {
        computer.replies = {
            [networkManager]: { ActiveConnections: ['/org/freedesktop/NetworkManager/ActiveConnection/3'] },
            [`${networkManager}/ActiveConnection/3`]: { Vpn: true, State },
        };
    };
    const lock = 'var/lib/dpkg/lock-frontend';
    const locks = (inode: number) => {
        computer.write('proc/locks', `1: POSIX  ADVISORY  WRITE 4711 08:02:${inode} 0 EOF\n`);
    };
    const users = `sys/fs/cgroup/user.slice/user-${process.getuid?.() ?? 0}.slice`;
    const mountinfo = '36 29 8:17 / /srv rw - ext4 /dev/sdb1 rw\n';

    /** By family and kind, the deeds of the steps that have a check of their own. */
    const deeds: Record<string, Deed[]> = {
        'memory panic': [freeMemory],
        'memory killed': [freeMemory],
        'memory killed-by-daemon': [freeMemory],
        'memory allocation-failed': [freeMemory],
        'memory pressure': [freeMemory],
        'runaway kernel-thread': [unplug, restart],
        'hardware memory-error': [restart],
        'hardware corrected-memory-errors': [restart],
        'hardware pcie-error': [restart],
        'hardware pcie-power': [restart],
        'power throttled': [cool],
        'power overheated': [cool],
        'power fan': [restart],
        'disk smart-failure': [device('added', 'block'), { subject: 'sdb', ...device('removed', 'block', '/dev/sdb') }],
        'disk bad-sectors': [device('added', 'block'), { subject: 'sdb', ...device('removed', 'block', '/dev/sdb') }],
        'disk io-error': [device('added', 'block'), { subject: 'disk', ...device('removed', 'block', '/dev/sdc') }],
        'disk raid-degraded': [
            device('added', 'block'),
            {
                subject: 'md0',
                ...values({
                    'sys/block/md0/md/degraded': ['1\n', '0\n'],
                    'sys/block/md0/md/sync_action': ['recover\n', 'idle\n'],
                }),
            },
        ],
        'disk nvme': [restart],
        'disk device-lost': [restart],
        'disk link': [restart],
        'filesystem read-only': [restart],
        'filesystem damaged': [restart],
        'filesystem check-failed': [restart],
        'graphics xid': [restart],
        'graphics driver': [restart],
        'graphics drawing': [logIn],
        'wifi regulatory': [installed('wireless-regdb')],
        'mount mount': [{ subject: '/srv', ...values({ 'proc/self/mountinfo': ['', mountinfo] }) }],
        'suspend failed': [unplug, { entry: { kind: 'suspend', event: 'suspend' } }],
        'suspend inhibitor': [
            {
                facts: { pid: '4711' },
                before: () => {
                    mkdirSync(join(computer.root, 'proc/4711'), { recursive: true });
                    computer.write('proc/uptime', '');
                },
                then: () => {
                    computer.remove('proc/4711');
                },
            },
        ],
        'usb device': [plugIn],
        'usb disconnected': [plugIn],
        'usb over-current': [unplug],
        'usb controller': [restart],
        'usb firmware-missing': [
            {
                facts: { firmware: 'rtl_nic/rtl8168h-2.fw' },
                then: () => {
                    computer.write('lib/firmware/rtl_nic/rtl8168h-2.fw.zst', '');
                },
            },
            restart,
        ],
        'limits processes': [
            values({ [`${users}/pids.current`]: ['990\n', '90\n'], [`${users}/pids.max`]: ['1000\n', '1000\n'] }),
        ],
        'limits connections': [
            values({
                'proc/sys/net/netfilter/nf_conntrack_count': ['999\n', '9\n'],
                'proc/sys/net/netfilter/nf_conntrack_max': ['1000\n', '1000\n'],
            }),
        ],
        'access world-accessible': [
            {
                subject: '/boot',
                before: () => {
                    mkdirSync(join(computer.root, 'boot'), { mode: 0o755 });
                },
                then: () => {
                    chmodSync(join(computer.root, 'boot'), 0o700);
                },
            },
        ],
        'login keyring': [{ before: keyring(true), then: keyring(false) }, logIn],
        'routing proxy': [{ entry: { kind: 'setting', event: 'changed', subject: '/system/proxy/mode' } }],
        // 1 is NM_ACTIVE_CONNECTION_STATE_ACTIVATING.
        'routing vpn': [{ before: vpn(1), then: vpn(2) }],
        'packages locked': [
            {
                before: () => {
                    computer.write(lock, '');
                    locks(statSync(join(computer.root, lock)).ino);
                },
                then: () => {
                    locks(1);
                },
            },
        ],
        'packages firmware': [
            values({
                'sys/class/power_supply/AC/type': ['Mains\n', 'Mains\n'],
                'sys/class/power_supply/AC/online': ['0\n', '1\n'],
            }),
            { entry: { kind: 'device', event: 'firmware-updated', facts: { subsystem: 'firmware' } } },
        ],
        'desktop shell': [logIn],
        'desktop xwayland': [logIn],
        'desktop part': [logIn],
        'desktop schema': [installed('gsettings-desktop-schemas'), logIn],
        'display screen': [device('added', 'drm')],
        'display input': [device('added', 'input')],
        'printing scanner': [plugIn],
        'configuration unit-file': [corrected],
        'configuration file': [corrected],
        'configuration sudo': [corrected],
        'configuration script': [corrected],
    };

    const guides = everyRemedy()
        .map(({ family, kind }) => ({ family, kind, ...remediationFor(familyOf(family), kind) }))
        .flatMap(({ guide, ...of }) => (guide === undefined ? [] : [{ ...of, guide }]));
    const checked = (guide: readonly GuidedStep[]) => guide.filter(({ seen }) => seen !== undefined);

    for (const { family, kind, guide } of guides.filter(each => checked(each.guide).length > 0))
        it(`are seen one by one: ${family} ${kind}`, async () => {
            using folder = mkdtempDisposableSync(join(tmpdir(), 'reeve-steps-'));
            using database = Database.open(folder.path, log).database;
            const timeline = new Timeline({ database, clock: () => now + 2 * minute });
            const of = deeds[`${family} ${kind}`] ?? [];
            expect(of.length).withContext('deeds').toBe(checked(guide).length);
            startedAt = now - minute;
            for (const [index, step] of checked(guide).entries()) {
                const { before, then, entry, facts = {}, subject = 'eth0' } = of[index] ?? {};
                const incident = incidentOf(family, kind, { subject, facts });
                const { machine } = computer;
                const { signal } = new AbortController();
                const place = { incident, machine, systemd, timeline, afterFix: false, now: now + minute, signal };
                const isSeen = async () => (await step.seen?.check(place))?.gone;
                before?.();
                const record = (time: number) => {
                    const made = { subject: '', summary: '', detail: '', kind: 'reeve' as const, ...entry, time };
                    if (entry !== undefined) timeline.add(made);
                };
                // What happened before the fault, or to something else, proves nothing.
                record(now - minute);
                timeline.add({ time: now + minute, kind: 'reeve', subject: '', summary: '', detail: '' });
                expect(await isSeen())
                    .withContext(`before: ${step.text()}`)
                    .toBeFalse();
                then?.();
                record(now + minute);
                expect(await isSeen())
                    .withContext(`after: ${step.text()}`)
                    .toBeTrue();
            }
        });

    it('end with the recovery check, which is more than silence where the step has no other', () => {
        for (const { family, kind, guide, recovery } of guides) {
            const unchecked = guide.filter(({ seen }) => seen === undefined);
            expect(unchecked.every(step => step === guide.at(-1)))
                .withContext(`${family} ${kind}`)
                .toBeTrue();
            if (unchecked.length > 0)
                expect(recovery?.about)
                    .withContext(`${family} ${kind}`)
                    .not.toMatch(/^it has not been logged for/);
        }
    });

    it('have no deeds for kinds that have no guide', () => {
        const names = new Set(guides.map(({ family, kind }) => `${family} ${kind}`));
        expect(Object.keys(deeds).filter(name => !names.has(name))).toEqual([]);
        expect(families.length).toBeGreaterThan(30);
    });
});
