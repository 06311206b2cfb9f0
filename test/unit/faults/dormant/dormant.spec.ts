import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import type { DormantCheck } from '../../../../service/faults/dormant/check.ts';
import { everyCheck } from '../../../../service/faults/dormant/checks/everyCheck.ts';
import type { DormantKind } from '../../../../service/faults/dormant/checks/everyCheck.ts';
import { readFacts } from '../../../../service/faults/dormant/facts.ts';
import { placeOf, standingChecks } from '../../../../service/faults/dormant/watch.ts';
import { makeCheck } from '../../../../service/diagnosis/check.ts';
import { families, faultOfChange } from '../../../../service/faults/index.ts';
import { filesOf } from '../../../../service/machine/machine.ts';
import { incidentOf } from '../../../support/faultyComputer.ts';
import { managerOf } from '../../../support/recordedUnits.ts';
import { SourceBed } from '../../../support/sourceRun.ts';

const hour = 3_600_000;
const nextTurn = () => new Promise(resolve => setImmediate(resolve));

/** Breaks one thing of a healthy computer, and repairs it. */
type Break = { kind: DormantKind; subject: string; break: () => void; repair: () => void };

describe('Standing checks', () => {
    let bed: SourceBed;
    const { signal } = new AbortController();
    const at = (path: string) => join(bed.root, path);
    const write = (path: string, text: string, mode = 0o644) => {
        bed.write(path, text);
        chmodSync(at(path), mode);
    };
    const home = '/home/alice';

    beforeEach(() => {
        bed = new SourceBed();
        for (const path of ['tmp', 'var/tmp', 'home/alice/.ssh']) mkdirSync(at(path), { recursive: true });
        for (const path of ['tmp', 'var/tmp']) chmodSync(at(path), 0o1777);
        chmodSync(at(home), 0o750);
        chmodSync(at(`${home}/.ssh`), 0o700);
        write('/usr/bin/agent', '', 0o755);
        write(
            '/etc/nsswitch.conf',
            'passwd: files systemd\ngroup: files [SUCCESS=merge] systemd\nhosts: files mdns4_minimal [NOTFOUND=return] dns\n',
        );
        write(
            `${home}/.profile`,
            'if [ -n "$BASH_VERSION" ]; then\n    [ -f x ] && exit 0\nfi\nf() { exit 1; }\ncat <<END\nexit\nEND\n',
        );
        write(`${home}/.config/dconf/user`, 'GVariant\0\0\0\0');
        write(`${home}/.ssh/id_ed25519`, 'key', 0o600);
        write(`${home}/.ssh/id_ed25519.pub`, 'public', 0o644);
        write(`${home}/.ssh/known_hosts`, 'hosts', 0o644);
        write(`${home}/.config/autostart/agent.desktop`, '[Desktop Entry]\nName=Agent\nExec=agent --tray %U\n');
        write(
            '/usr/local/share/dbus-1/services/org.example.Agent.service',
            '[D-BUS Service]\nName=org.example.Agent\nExec=/usr/bin/agent\n',
        );
        write('/etc/systemd/system/agent.service', '[Service]\nExecStart=-/usr/bin/agent --daemon\n');
        mkdirSync(at('etc/systemd/system/multi-user.target.wants'));
        symlinkSync(
            '/etc/systemd/system/agent.service',
            at('etc/systemd/system/multi-user.target.wants/agent.service'),
        );
        write('/run/NetworkManager/resolv.conf', 'nameserver 192.0.2.1\n');
        symlinkSync('../run/NetworkManager/resolv.conf', at('etc/resolv.conf'));
    });
    afterEach(() => {
        bed[Symbol.dispose]();
    });

    const replaced = (path: string, broken: string, sound: string): Pick<Break, 'break' | 'repair'> => ({
        break: () => {
            write(path, broken);
        },
        repair: () => {
            write(path, sound);
        },
    });
    const moded = (path: string, broken: number, sound: number): Pick<Break, 'break' | 'repair'> => ({
        break: () => {
            chmodSync(at(path), broken);
        },
        repair: () => {
            chmodSync(at(path), sound);
        },
    });
    const breaks = (): Break[] => [
        {
            kind: 'name-services',
            subject: '/etc/nsswitch.conf',
            ...replaced('/etc/nsswitch.conf', 'passwd: fils\n', 'passwd: files\n'),
        },
        {
            kind: 'profile',
            subject: `${home}/.profile`,
            ...replaced(`${home}/.profile`, 'umask 022\nexit 1\n', 'umask 022\n'),
        },
        {
            kind: 'profile',
            subject: '/etc/profile.d/site.sh',
            ...replaced('/etc/profile.d/site.sh', 'if true; then\n', 'true\n'),
        },
        {
            kind: 'settings-database',
            subject: `${home}/.config/dconf/user`,
            ...replaced(`${home}/.config/dconf/user`, '', 'GVariant'),
        },
        {
            kind: 'resolver-link',
            subject: '/etc/resolv.conf',
            break: () => {
                rmSync(at('run/NetworkManager/resolv.conf'));
            },
            repair: () => {
                write('/run/NetworkManager/resolv.conf', 'nameserver 192.0.2.1\n');
            },
        },
        { kind: 'temporary-folder', subject: '/tmp', ...moded('tmp', 0o755, 0o1777) },
        { kind: 'home-folder', subject: home, ...moded(home, 0o757, 0o755) },
        { kind: 'keys', subject: `${home}/.ssh`, ...moded(`${home}/.ssh`, 0o777, 0o700) },
        { kind: 'keys', subject: `${home}/.ssh/id_ed25519`, ...moded(`${home}/.ssh/id_ed25519`, 0o644, 0o600) },
        {
            kind: 'locale',
            subject: 'xx_XX.utf8',
            ...replaced('/etc/locale.conf', 'LANG="xx_XX.UTF-8"\n', 'LANG=C.UTF-8\n'),
        },
        { kind: 'unit-program', subject: 'agent.service', ...moded('usr/bin/agent', 0o644, 0o755) },
        {
            kind: 'bus-service',
            subject: '/usr/local/share/dbus-1/services/org.example.Agent.service',
            ...moded('usr/bin/agent', 0o644, 0o755),
        },
        {
            kind: 'autostart',
            subject: `${home}/.config/autostart/agent.desktop`,
            ...moded('usr/bin/agent', 0o644, 0o755),
        },
    ];
    const awaited = async () => {
        while (!bed.pollClock.isAwaited) await nextTurn();
    };
    const find = async (check: DormantCheck) =>
        (await check.find({ ...placeOf(bed, signal), uid: process.getuid?.() ?? 0 })).map(({ subject }) => subject);

    it('find nothing on a computer that is in order', async () => {
        for (const check of everyCheck)
            expect(await find(check))
                .withContext(check.kind)
                .toEqual([]);
    });

    it('find each thing that is broken, and no longer once it is repaired', async () => {
        expect(new Set(breaks().map(({ kind }) => kind))).toEqual(new Set(everyCheck.map(({ kind }) => kind)));
        for (const { kind, subject, break: breakIt, repair } of breaks()) {
            const check = everyCheck.find(other => other.kind === kind);
            if (check === undefined) throw new Error(kind);
            breakIt();
            expect(await find(check))
                .withContext(kind)
                .toEqual([subject]);
            repair();
            expect(await find(check))
                .withContext(`${kind}, repaired`)
                .toEqual([]);
        }
    });

    it('leave alone what is meant so', async () => {
        write(`${home}/.config/autostart/off.desktop`, '[Desktop Entry]\nExec=gone\nX-GNOME-Autostart-enabled=false\n');
        write(`${home}/.config/autostart/tried.desktop`, '[Desktop Entry]\nTryExec=gone\nExec=gone\n');
        write(
            '/usr/share/dbus-1/services/by.Unit.service',
            '[D-BUS Service]\nExec=/bin/gone\nSystemdService=x.service\n',
        );
        write(
            '/etc/systemd/system/agent.service',
            '[Unit]\nConditionPathExists=/opt\n[Service]\nExecStart=/opt/gone\n',
        );
        write(
            '/etc/profile.d/terminal.sh',
            'case "$TERM" in\n    linux)\n        exit 0\n        ;;\nesac\nx=$((1<<n))\n',
        );
        write('/etc/profile.d/early.sh', '[ -n "$PS1" ] || return\ncase $x in\n    a) exit 1 ;;\nesac\n');
        for (const check of everyCheck)
            expect(await find(check))
                .withContext(check.kind)
                .toEqual([]);
    });

    it('take a file that cannot be read for one that is there, and a link to itself for none', async () => {
        const check = everyCheck.find(({ kind }) => kind === 'resolver-link');
        if (check === undefined) throw new Error('there is no such check');
        const link = (target: string) => {
            rmSync(at('etc/resolv.conf'));
            symlinkSync(target, at('etc/resolv.conf'));
        };
        // It is not mapped where it begins: mem(4).
        link('/proc/self/mem');
        expect(await find(check)).toEqual([]);
        link('resolv.conf');
        expect(await find(check)).toEqual(['/etc/resolv.conf']);
    });

    it('end an incident once the same check finds nothing any more', async () => {
        const machine = filesOf(bed.root);
        const incident = incidentOf('dormant', 'temporary-folder', { subject: '/tmp' });
        const check = makeCheck({ ...managerOf({}), families, machine });
        chmodSync(at('tmp'), 0o755);
        expect(await check(incident)).toEqual({ gone: false, detail: 'Checked again: /tmp is still as it was' });
        chmodSync(at('tmp'), 0o1777);
        expect(await check(incident)).toEqual({ gone: true, detail: 'Checked again: nothing is wrong with /tmp now' });
    });

    it('run after the log-in, then an hour after something has changed, and report a fault once', async () => {
        chmodSync(at('tmp'), 0o755);
        await using run = await bed.start(standingChecks);
        await awaited();
        bed.pollClock.now();
        await run.until(() => run.entries.length === 1);
        const [entry] = run.entries;
        const finding = entry && faultOfChange(entry);
        expect(finding).toEqual(
            jasmine.objectContaining({
                family: 'dormant',
                kind: 'temporary-folder',
                subject: '/tmp',
                severity: 'high',
            }),
        );
        // Nothing is awaited while nothing changes.
        await nextTurn();
        expect(bed.pollClock.isAwaited).toBeFalse();

        write(`${home}/.profile`, 'exit\n');
        const edit = () => {
            bed.timeline.add({ time: 0, kind: 'file', subject: `${home}/.profile`, summary: '', detail: '' });
        };
        edit();
        await awaited();
        await bed.poll(hour / 4);
        expect(run.entries.length).toBe(1);
        const polled = bed.poll(hour);
        await run.until(() => run.entries.length === 2);
        edit();
        await polled;
        expect(run.entries[1]?.subject).toBe(`${home}/.profile`);
    });

    it('report a key with the permissions that it needs', () => {
        const finding = faultOfChange({
            ...{ id: 1, time: 0, kind: 'reeve', event: 'keys', source: 'dormant', summary: 'x', detail: '' },
            subject: `${home}/.ssh/id_ed25519`,
            facts: { scope: 'user', permissions: '1000:1000 0644', needed: '1000:1000 0600' },
        });
        expect(finding).toEqual(jasmine.objectContaining({ kind: 'keys', scope: 'user', severity: 'medium' }));
        expect(readFacts(finding?.facts ?? {}).needed).toBe('1000:1000 0600');
    });
});
