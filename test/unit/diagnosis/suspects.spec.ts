import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Suspects } from '../../../service/diagnosis/suspects.ts';
import type { NewTimelineEntry } from '../../../service/model/timelineEntry.ts';
import { Database } from '../../../service/store/database.ts';
import type { UnitDetails } from '../../../service/machine/units/systemd.ts';
import { Timeline } from '../../../service/timeline/timeline.ts';
import { managerOf, recorded, recordedUnits } from '../../support/recordedUnits.ts';

const second = 1_000_000;
const minute = 60 * second;
const hour = 60 * minute;
const failed = 400_000 * hour;

describe('The suspects of a fault', () => {
    let directory: string;
    let database: Database;
    let timeline: Timeline;
    let unit: UnitDetails | null;

    beforeEach(async () => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-suspects-'));
        database = Database.open(directory, () => undefined).database;
        timeline = new Timeline({ database, clock: () => failed });
        const units = recordedUnits(262);
        const ssh = structuredClone(recorded(units, 'sample-exit.service'));
        // As ssh.service of Debian has it, but for the file that it names.
        Object.assign(ssh.unit, { Id: 'ssh.service', Names: ['ssh.service', 'sshd.service'] });
        Object.assign(ssh.unit, { FragmentPath: '/usr/lib/systemd/system/ssh.service', DropInPaths: [] });
        const argv = ['/usr/sbin/sshd', '-D', '-f', '/srv/daemon.conf'];
        Object.assign(ssh.ofType ?? {}, { ExecStart: [['/usr/sbin/sshd', argv, false, 0, 0, 0, 0, 0, 0, 0]] });
        units['ssh.service'] = ssh;
        unit = await managerOf(units).systemd.unit('system', 'ssh.service');
    });
    afterEach(() => {
        database[Symbol.dispose]();
        rmSync(directory, { recursive: true });
    });

    const changed = (subject: string, before: number, more: Partial<NewTimelineEntry> = {}) =>
        timeline.add({
            time: failed - before,
            kind: 'file',
            subject,
            summary: `${subject} was edited`,
            detail: '',
            ...more,
        });
    type Given = { texts?: string[]; owner?: string | null; title?: string; facts?: Record<string, string> };
    async function find({ texts = [], owner = null, title = 'ssh.service failed', facts = {} }: Given = {}) {
        const incident = { scope: 'system' as const, subject: 'ssh.service', title, firstSeen: failed, facts };
        const output = owner === null ? null : `${owner}: /usr/lib/systemd/system/ssh.service\n`;
        const suspects = new Suspects({ timeline, run: () => Promise.resolve(output) });
        const found = await suspects.find({ incident, unit, texts }, new AbortController().signal);
        return found.map(({ entry, score }) => [entry.subject, Math.round(score * 100)]);
    }

    it('are its own files, those that it or its messages name, and its namesakes, in this order', async () => {
        changed('/etc/hosts', second);
        changed('/etc/ssh/sshd_config', second);
        changed('/srv/daemon.conf', second);
        expect(await find()).toEqual([
            ['/srv/daemon.conf', 90],
            ['/etc/ssh/sshd_config', 70],
        ]);
        changed('/usr/lib/systemd/system/ssh.service', second);
        changed('/etc/crypto.conf', second);
        expect(await find({ texts: ['/etc/crypto.conf: what is this'] })).toEqual([
            ['/etc/crypto.conf', 100],
            ['/usr/lib/systemd/system/ssh.service', 95],
            ['/srv/daemon.conf', 90],
        ]);
    });

    it('are no files that happen to have the name of what is no unit', async () => {
        changed('/etc/apt/sources.list.d/ssh.list', second);
        expect(await find()).toEqual([['/etc/apt/sources.list.d/ssh.list', 70]]);
        unit = null;
        expect(await find()).toEqual([]);
    });

    it('are what a generator made its file from', async () => {
        if (unit !== null) unit.sourcePath = '/etc/fstab';
        changed('/etc/fstab', second);
        expect(await find()).toEqual([['/etc/fstab', 95]]);
    });

    it('are what a setting names, before its own file and its command line', async () => {
        if (unit !== null) unit.named = [{ setting: 'EnvironmentFile', path: '/etc/secrets.env', isOptional: false }];
        changed('/srv/daemon.conf', second);
        changed('/usr/lib/systemd/system/ssh.service', second);
        changed('/etc/secrets.env', second, { event: 'removed' });
        expect(await find()).toEqual([
            ['/etc/secrets.env', 97],
            ['/usr/lib/systemd/system/ssh.service', 95],
            ['/srv/daemon.conf', 90],
        ]);
    });

    it('are not the unit itself because it is new', async () => {
        changed('/usr/lib/systemd/system/ssh.service', 2 * minute, { event: 'created' });
        changed('/usr/lib/systemd/system/ssh.service', second);
        expect(await find()).toEqual([['/usr/lib/systemd/system/ssh.service', 30]]);
    });

    it('are what was taken away at the same moment, if nothing else was', async () => {
        changed('/etc/anything.txt', second, { event: 'removed' });
        expect(await find()).toEqual([['/etc/anything.txt', 60]]);
        changed('/etc/more.txt', second, { event: 'edited' });
        expect(await find()).toEqual([]);
        changed('/etc/long-ago.txt', minute, { event: 'removed' });
        expect(await find()).toEqual([]);
    });

    it('are named by a whole word only', async () => {
        changed('/etc/crypto', second);
        expect(await find({ texts: ['/etc/crypto.conf is fine', '/etc/crypto-old', 'x/etc/crypto'] })).toEqual([
            ['/etc/crypto', 100],
        ]);
        expect(await find({ texts: ['/etc/crypto-old', 'x/etc/crypto'] })).toEqual([]);
    });

    it('are named by a link to them, too', async () => {
        // A link on every system of today, see os-release(5).
        const target = realpathSync('/etc/os-release');
        changed(target, second);
        expect(await find({ texts: ['unknown word in /etc/os-release:22'] })).toEqual([[target, 100]]);
        expect(await find({ texts: ['unknown word in /etc/os-release/x/etc/os-release'] })).toEqual([]);
    });

    it('are first of all the files into which its messages point, for as long as changes count', async () => {
        changed('/etc/ssh/sshd_config', 22 * minute);
        changed('openssh-server', 7 * second, { kind: 'package', event: 'installed' });
        const given = { owner: 'openssh-server' };
        const silent = await find({ ...given, texts: ['sshd stopped'] });
        expect(silent[0]).toEqual(['openssh-server', 80]);
        for (const text of [
            '/etc/ssh/sshd_config: line 12: Bad configuration option: PermitRootLogni',
            'error in /etc/ssh/sshd_config:12',
            'Syntax error on line 12 of /etc/ssh/sshd_config:',
            '/etc/ssh/sshd_config, line 12: what is this',
            'in config file: /etc/ssh/sshd_config at line: 12',
            '/etc/ssh/sshd_config(12): unknown',
        ]) {
            expect(await find({ ...given, texts: [text] }))
                .withContext(text)
                .toEqual([
                    ['/etc/ssh/sshd_config', 99],
                    ['openssh-server', 40],
                ]);
        }
        changed('/etc/crypto.conf', 47 * hour);
        expect(await find({ ...given, texts: ['/etc/crypto.conf:3: what is this'] })).toEqual([
            ['/etc/crypto.conf', 51],
            ['openssh-server', 40],
            ['/etc/ssh/sshd_config', 26],
        ]);
        expect(await find({ ...given, texts: ['read /etc/crypto.conf', 'stopped at line 3'] })).not.toContain([
            '/etc/crypto.conf',
            51,
        ]);
    });

    it('are what was changed before a mistake was reported, and before the unit failed of it days later', async () => {
        const mistaken = failed - 100 * hour;
        changed('/etc/ssh/sshd_config', 100 * hour + second);
        changed('/srv/daemon.conf', second);
        expect(await find()).toEqual([['/srv/daemon.conf', 90]]);
        expect(await find({ facts: { mistaken: String(mistaken), reopened: String(failed) } })).toEqual([
            ['/srv/daemon.conf', 90],
            ['/etc/ssh/sshd_config', 70],
        ]);
    });

    it('are alone in their moment also where the mistake was reported a moment before the failure', async () => {
        const mistaken = { mistaken: String(failed - second), reopened: String(failed) };
        changed('/srv/other.list', second / 2, { event: 'removed', summary: '/srv/other.list was removed' });
        const alone = (await find())[0] ?? [];
        expect(alone[0]).toBe('/srv/other.list');
        expect(await find({ facts: mistaken })).toEqual([alone]);
    });

    it('of a program that crashed are those to its package, for longer', async () => {
        changed('viewer', 12 * hour, { kind: 'package', event: 'upgraded', summary: 'viewer was upgraded' });
        changed('view-addons', second, { kind: 'package', event: 'upgraded', summary: 'view-addons was upgraded' });
        const asked: string[] = [];
        const run = (_program: string, argv: readonly string[]) => {
            asked.push(argv.at(-1) ?? '');
            return Promise.resolve('viewer: /usr/bin/view\n');
        };
        const suspects = new Suspects({ timeline, run });
        const find = async (executable: string) => {
            const incident = {
                scope: 'user' as const,
                subject: 'view',
                title: '',
                firstSeen: failed,
                facts: { executable },
            };
            const found = await suspects.find({ incident, unit: null, texts: [] }, new AbortController().signal);
            return found.map(({ entry, score }) => [entry.subject, Math.round(score * 100)]);
        };
        expect(await find('/usr/bin/view')).toEqual([['viewer', 53]]);
        // The name of a program may be anything, and dpkg-query(1) takes patterns.
        for (const odd of ['/usr/bin/*', '/tmp/a b', '--admindir=/tmp', '/memfd:x (deleted)']) {
            expect(await find(odd))
                .withContext(odd)
                .toEqual([['view-addons', 70]]);
        }
        expect(asked).toEqual(['/usr/bin/view']);
    });

    it('fade with time, half after an hour', async () => {
        changed('/etc/ssh/sshd_config', hour);
        expect(await find()).toEqual([['/etc/ssh/sshd_config', 35]]);
        changed('/etc/ssh/ssh_config', 2 * hour);
        expect((await find()).length).toBe(1);
    });

    it('that took effect only when the computer was started count from then', async () => {
        changed('/etc/ssh/sshd_config', 30 * hour);
        expect(await find()).toEqual([]);
        timeline.add({ time: failed - minute, kind: 'boot', subject: 'b', summary: 'Started', detail: '' });
        expect(await find()).toEqual([['/etc/ssh/sshd_config', 69]]);
    });

    it('are not what was changed after it, nor what has nothing to do with it', async () => {
        changed('/etc/ssh/sshd_config', -10 * second);
        changed('/etc/fstab', second);
        changed('cups', second, { kind: 'package', event: 'upgraded' });
        expect(await find()).toEqual([]);
    });

    it('are the packages that it belongs to, or that are called like it', async () => {
        changed('openssh-server', minute, { kind: 'package', event: 'upgraded' });
        expect(await find()).toEqual([]);
        expect(await find({ owner: 'openssh-server' })).toEqual([['openssh-server', 79]]);
        changed('ssh', minute, { kind: 'package', event: 'upgraded' });
        expect(await find()).toEqual([['ssh', 69]]);
    });

    it('are of packages that are only called like it, where its own is known, none that may be the cause', async () => {
        changed('ssh-askpass', 7 * second, { kind: 'package', event: 'installed' });
        changed('cowsay', 7 * second, { kind: 'package', event: 'installed' });
        expect(await find({ owner: 'openssh-server' })).toEqual([['ssh-askpass', 40]]);
        expect(await find()).toEqual([['ssh-askpass', 70]]);
    });

    it('are the packages of its program, of the files that its messages name, and of libraries', async () => {
        const names = ['nginx', 'nginx-common', 'libzip4t64', 'libpcre2-8-0', 'cowsay'];
        for (const name of names) changed(name, minute, { kind: 'package', event: 'upgraded' });
        const of: Record<string, string> = { '/usr/sbin/sshd': 'nginx', '/etc/nginx/mime.types': 'nginx-common' };
        const asked: string[] = [];
        const suspects = new Suspects({
            timeline,
            run: (program, argv) => {
                const path = argv.at(-1) ?? '';
                if (program === 'dpkg-query') asked.push(path);
                const owner = of[path];
                return Promise.resolve(owner === undefined ? null : `${owner}: ${path}\n`);
            },
        });
        const incident = { scope: 'system' as const, subject: 'x.service', title: '', firstSeen: failed, facts: {} };
        const suspected = async (texts: string[]) => {
            const found = await suspects.find({ incident, unit, texts }, new AbortController().signal);
            return found.map(({ entry, score }) => [entry.subject, Math.round(score * 100)]);
        };
        expect(await suspected([])).toEqual([['nginx', 79]]);
        expect(await suspected(['cannot open /etc/nginx/mime.types.'])).toEqual([
            ['nginx-common', 79],
            ['nginx', 79],
        ]);
        expect(asked).toContain('/usr/lib/systemd/system/ssh.service');
        expect(await suspected(['libzip.so.4: cannot open shared object file'])).toContain(['libzip4t64', 79]);
        expect(await suspected(['/lib/libpcre2-8.so.0: undefined symbol'])).toContain(['libpcre2-8-0', 79]);
    });

    it('are the package that is called like the program that a fault names, unless that runs the programs of others', async () => {
        changed('firefox-esr', minute, { kind: 'package', event: 'upgraded' });
        changed('python3', minute, { kind: 'package', event: 'upgraded' });
        const suspects = new Suspects({ timeline, run: () => Promise.resolve(null) });
        const suspected = async (program: string) => {
            const incident = {
                scope: 'user' as const,
                subject: 'org.mozilla.firefox',
                title: '',
                firstSeen: failed,
                facts: { program },
            };
            const found = await suspects.find({ incident, unit: null, texts: [] }, new AbortController().signal);
            return found.map(({ entry }) => entry.subject);
        };
        expect(await suspected('firefox-esr')).toEqual(['firefox-esr']);
        expect(await suspected('python3')).toEqual([]);
    });

    it('are the interface or device that its messages name', async () => {
        changed('eth0', second, { kind: 'link', event: 'carrier-lost', facts: { interface: 'eth0' } });
        expect(await find({ texts: ['bind to 192.0.2.1 on eth0 failed'] })).toEqual([['eth0', 100]]);
    });

    it('are never the fault itself, as another source reports it', async () => {
        const summary = 'The drive ssh.service reports that it is about to fail';
        changed('ssh.service', 0, { kind: 'storage', event: 'drive-failing', summary });
        expect(await find()).toEqual([['ssh.service', 95]]);
        expect(await find({ title: summary })).toEqual([]);
    });

    it('name each thing once, by its latest change', async () => {
        for (let step = 1; step <= 5; step++) changed('/etc/ssh/sshd_config', step * minute, { detail: `${step}` });
        expect(await find()).toEqual([['/etc/ssh/sshd_config', 69]]);
    });
});
