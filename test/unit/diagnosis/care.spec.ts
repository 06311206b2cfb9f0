import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { Actions } from '../../../service/actions/actions.ts';
import { changeFaults } from '../../../service/detection/changeFaults.ts';
import { families } from '../../../service/detection/families.ts';
import { careFor, cares } from '../../../service/diagnosis/care/index.ts';
import { hasCarrier } from '../../../service/diagnosis/conditions/network.ts';
import { goesOn, hasShrunk, unlessBeyondEnding } from '../../../service/diagnosis/conditions/programs.ts';
import { both, either, quietFor } from '../../../service/diagnosis/conditions/quiet.ts';
import { makeCheck } from '../../../service/diagnosis/checks.ts';
import { carePlaybooks } from '../../../service/diagnosis/playbooks/care.ts';
import type { Case } from '../../../service/diagnosis/playbook.ts';
import { ReeveError } from '../../../service/util/errors.ts';
import type { Incident } from '../../../service/model/incident.ts';
import { Contents } from '../../../service/store/contents.ts';
import type { Machine } from '../../../service/machine/machine.ts';
import { batteryReplies, busOf } from '../../support/recordedMachine.ts';
import type { Replies } from '../../support/recordedMachine.ts';
import { managerOf, recorded, recordedUnits } from '../../support/recordedUnits.ts';

const now = 1_800_000_000_000_000;
const minute = 60_000_000;

function incidentOf(family: string, kind: string, change: Partial<Incident> = {}): Incident {
    return {
        id: 1,
        family,
        kind,
        scope: 'system',
        subject: 'eth0',
        severity: 'medium',
        title: 'Something is wrong',
        summary: '',
        cause: 'The log says why.',
        state: 'open',
        stillWrong: '',
        firstSeen: now,
        lastSeen: now,
        count: 1,
        occurrence: null,
        affected: [],
        evidence: [],
        facts: {},
        notification: 'none',
        ...change,
    };
}

/** What org.freedesktop.timedate1 says of a clock that is right. */
const timedated = { Timezone: 'Europe/Berlin', LocalRTC: false, CanNTP: true, NTP: true, NTPSynchronized: true };

describe('Care for the families', () => {
    let root: string;
    let replies: Replies;
    let output: Record<string, string>;
    let machine: Machine;

    beforeEach(() => {
        root = mkdtempSync(join(tmpdir(), 'reeve-care-'));
        replies = {};
        output = {};
        const bus = () => busOf(replies);
        machine = {
            root,
            get system() {
                return bus();
            },
            get session() {
                return bus();
            },
            run: (program, argv) => Promise.resolve(output[[program, ...argv].join(' ')] ?? null),
        };
    });
    afterEach(() => {
        rmSync(root, { recursive: true });
    });

    const write = (path: string, text: string) => {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
    };
    const manager = () => managerOf(recordedUnits(262));
    const isGone = async (incident: Incident, later = 0, options = {}) => {
        const check = makeCheck({ ...manager(), machine, clock: () => now + later });
        return (await check(incident, options)).gone;
    };

    it('takes the desktop’s portal for well once it was started anew, and not before', async () => {
        const { unit, ofType } = recorded(recordedUnits(262), 'sample-web.service');
        const name = 'xdg-desktop-portal.service';
        const running = { ...unit, Id: name, Names: [name], ActiveState: 'active', SubState: 'running' };
        const checked = async (
            startedAt: number,
            options = {},
            facts: Record<string, string> = { interface: 'Lockdown' },
        ) => {
            const service = { ...ofType, Result: 'success', ExecMainStartTimestamp: startedAt };
            const units = { [name]: { unit: running, ofType: service } };
            const check = makeCheck({ ...managerOf(units), machine, clock: () => now + minute });
            return (await check(incidentOf('containers', 'portal', { scope: 'user', facts }), options)).gone;
        };
        expect(await checked(now - minute)).toBeFalse();
        // What is not met with at a start says nothing by its absence.
        expect(await checked(now + 1, {}, {})).toBeFalse();
        expect(await checked(now + 1)).toBeTrue();
        // Right after a restart as well, and without waiting for it to stay quiet.
        expect(await checked(now + 1, { afterFix: true })).toBeTrue();
    });

    it('is there for every family and names no kind that the rules do not know', () => {
        for (const { name, rules } of families) {
            const care = cares.get(name);
            expect(care).withContext(name).toBeDefined();
            const told = Object.values(changeFaults).filter(({ family }) => family === name);
            const kinds = new Set([...rules, ...told].map(({ kind }) => kind));
            for (const kind of Object.keys(care?.kinds ?? {}))
                expect(kinds.has(kind)).withContext(`${name} ${kind}`).toBeTrue();
        }
        expect(cares.size).toBe(families.length);
    });

    it('offers only what is an action, with parameters that fit it', async () => {
        const contents = new Contents(join(root, 'state'));
        const actions = new Actions({ ...manager(), contents, machine });
        const incident = { subject: 'clock@example.org', facts: { user: 'alice', interface: 'eth0' } };
        for (const [family, { others, kinds = {} }] of cares) {
            for (const [kind, { fixes = [] }] of [['', others] as const, ...Object.entries(kinds)]) {
                for (const { action, parameters } of fixes) {
                    const values = parameters(incidentOf(family, kind, incident));
                    if (values === null) continue;
                    const remedy = { action, parameters: values, explanation: '' };
                    await actions.plan(remedy, new AbortController().signal).catch((error: unknown) => {
                        // As things are here most of them cannot be done.
                        expect(error instanceof ReeveError ? error.code : error)
                            .withContext(`${family} ${action}`)
                            .toBe('InvalidState');
                    });
                }
            }
        }
    });

    it('calls what only the log tells of over when it has been quiet', async () => {
        expect(await isGone(incidentOf('usb', 'errors'), 59 * minute)).toBeFalse();
        expect(await isGone(incidentOf('usb', 'errors'), 60 * minute)).toBeTrue();
    });

    it('ends some time where nothing can be looked at: after a week and a start of the computer', async () => {
        const week = 8 * 24 * 60 * minute;
        write('proc/stat', `btime ${(now + minute) / 1_000_000}\n`);
        write('proc/self/mountinfo', '');
        const stuck: string[] = [];
        for (const [family, { kinds = {} }] of cares) {
            for (const kind of ['', ...Object.keys(kinds)])
                if (!(await isGone(incidentOf(family, kind), week))) stuck.push(`${family} ${kind}`.trim());
        }
        // What these look at is there on each computer that has such a fault.
        const seen = ['power battery', 'power worn', 'memory', 'memory pressure', 'runaway disk-busy'];
        const asked = ['routing', 'routing no-route', 'routing gateway', 'routing portal', 'configuration invalid'];
        expect(stuck.toSorted()).toEqual([...seen, ...asked].toSorted());
    });

    it('takes a filesystem for well once it can be written, or what it was on was taken out', async () => {
        const stick = incidentOf('filesystem', 'read-only', { subject: 'sdb1' });
        const mounted = (options: string) => {
            write('proc/self/mountinfo', `25 1 8:17 / /media/stick ${options},relatime - ext4 /dev/sdb1 ${options}\n`);
        };
        write('sys/class/block/sda1/dev', '8:1\n');
        write('sys/class/block/sdb1/dev', '8:17\n');
        mounted('ro');
        expect(await isGone(stick)).toBeFalse();
        mounted('rw');
        expect(await isGone(stick)).toBeTrue();
        write('proc/self/mountinfo', '');
        expect(await isGone(stick)).toBeFalse();
        rmSync(join(root, 'sys/class/block/sdb1'), { recursive: true });
        expect(await isGone(stick)).toBeTrue();
    });

    it('takes a start that was stopped for well once everything that a start needs is mounted', async () => {
        const stopped = incidentOf('mount', 'emergency', { subject: 'emergency mode' });
        const mounted = (...paths: string[]) => {
            write(
                'proc/self/mountinfo',
                paths.map((path, index) => `2${index} 1 8:1 / ${path} rw - ext4 /dev/sda1 rw\n`).join(''),
            );
        };
        write('proc/stat', `btime ${(now + minute) / 1_000_000}\n`);
        mounted('/');
        // Without the table all that can be told is that it was started since.
        expect(await isGone(stopped)).toBeTrue();
        write(
            'etc/fstab',
            `# what is mounted
UUID=1 / ext4 defaults 0 1
UUID=2 none swap sw 0 0
UUID=3 /srv/my\\040files/ ext4 defaults 0 2
UUID=4 /media/disk ext4 nofail 0 2
nas:/home /home/shared nfs defaults 0 0
`,
        );
        expect(await isGone(stopped)).toBeFalse();
        mounted('/', '/srv/my\\040files');
        expect(await isGone(stopped)).toBeTrue();
        // A link on the way, which the one that mounts has followed.
        write('etc/fstab', 'UUID=1 / ext4 defaults 0 1\nUUID=3 /data ext4 defaults 0 2\n');
        expect(await isGone(stopped)).toBeFalse();
        mkdirSync(join(root, 'srv/data'), { recursive: true });
        symlinkSync('srv/data', join(root, 'data'));
        mounted('/', '/srv/data');
        expect(await isGone(stopped)).toBeTrue();
    });

    it('takes no filesystem for gone because there is no device by the name of its incident', async () => {
        write('sys/class/block/sda1/dev', '8:1\n');
        write('proc/self/mountinfo', '25 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n');
        for (const subject of ['filesystem', 'tank', 'vg0-root', 'dm-0'])
            expect(await isGone(incidentOf('filesystem', 'read-only', { subject })))
                .withContext(subject)
                .toBeFalse();
    });

    it('looks at the link itself', async () => {
        const down = incidentOf('link', 'down');
        write('sys/class/net/eth0/carrier', '0\n');
        expect(await isGone(down)).toBeFalse();
        write('sys/class/net/eth0/carrier', '1\n');
        expect(await isGone(down)).toBeTrue();
    });

    it('gives a fix some seconds to take effect', async () => {
        const down = incidentOf('link', 'down');
        write('sys/class/net/eth0/carrier', '0\n');
        const isFixed = isGone(down, 0, { afterFix: true });
        // The first look is over before this: it reads a file, and there is a longer way to the next.
        setImmediate(() => {
            write('sys/class/net/eth0/carrier', '1\n');
        });
        expect(await isFixed).toBeTrue();
    });

    it('does not take quiet for a sign that a fix helped', async () => {
        const down = incidentOf('link', 'down');
        const afterFix = {
            ...manager(),
            machine,
            incident: down,
            afterFix: true,
            now,
            signal: AbortSignal.timeout(5000),
        };
        const isOver = either(hasCarrier, quietFor(60));
        write('sys/class/net/eth0/carrier', '0\n');
        expect(await isOver.check(afterFix)).toEqual({ gone: false, detail: 'eth0 is not connected' });
        expect(await either(quietFor(60), hasCarrier).check(afterFix)).toEqual(await isOver.check(afterFix));
        // Nor is it said in the place of what is known.
        expect((await isOver.check({ ...afterFix, afterFix: false })).detail).toBe('eth0 is not connected');
        expect((await both(hasCarrier, quietFor(60)).check(afterFix)).isUnknown).toBeUndefined();
        write('sys/class/net/eth0/carrier', '1\n');
        expect((await isOver.check(afterFix)).gone).toBeTrue();
        expect(await both(hasCarrier, quietFor(60)).check(afterFix)).toEqual(
            jasmine.objectContaining({ gone: false, isUnknown: true }),
        );
        const check = makeCheck({ ...manager(), machine, clock: () => now + 120 * minute });
        const limits = incidentOf('limits', 'inotify');
        expect(await check(limits, { afterFix: true })).toEqual(
            jasmine.objectContaining({ gone: false, isUnknown: true }),
        );
        expect((await check(limits)).gone).toBeTrue();
    });

    it('looks at the radio itself', async () => {
        const off = incidentOf('wifi', 'radio-off', { subject: 'Wi-Fi' });
        write('sys/class/rfkill/rfkill0/type', 'wlan\n');
        write('sys/class/rfkill/rfkill0/name', 'phy0\n');
        write('sys/class/rfkill/rfkill0/soft', '1\n');
        write('sys/class/rfkill/rfkill0/hard', '0\n');
        expect(await isGone(off, 0, { afterFix: true })).toBeFalse();
        write('sys/class/rfkill/rfkill0/soft', '0\n');
        expect(await isGone(off, 0, { afterFix: true })).toBeTrue();
    });

    it('looks whether a route leads out again, or nothing is connected that could have one', async () => {
        const noRoute = incidentOf('routing', 'no-route', { facts: { interface: 'eth0', family: 'inet' } });
        const interfaces = (flags: string, local: string) =>
            `[{"ifname":"eth0","flags":[${flags}],"addr_info":[${local}]}]`;
        const address = '{"local":"192.0.2.1","prefixlen":24,"scope":"global"}';
        expect(await isGone(noRoute)).toBeFalse();
        output['ip -json address'] = interfaces('"UP","LOWER_UP"', address);
        output['ip -json -4 route get 198.41.0.4'] = '';
        expect(await isGone(noRoute)).toBeFalse();
        output['ip -json -4 route get 198.41.0.4'] = '[{"dst":"198.41.0.4","gateway":"192.0.2.254","dev":"eth0"}]';
        expect(await isGone(noRoute)).toBeTrue();
        output['ip -json -4 route get 198.41.0.4'] = '';
        output['ip -json address'] = interfaces('"UP","LOWER_UP"', '');
        expect(await isGone(noRoute)).toBeTrue();
        output['ip -json address'] = interfaces('"UP"', address);
        expect(await isGone(noRoute)).toBeTrue();
    });

    it('calls a silent router over once it answers, or no way leads to it, and does not guess', async () => {
        const facts = { interface: 'eth0', family: 'inet', gateway: '192.0.2.254' };
        const silent = incidentOf('routing', 'gateway', { facts });
        const neighbour = 'ip -json neighbour show to 192.0.2.254 dev eth0';
        expect(await isGone(silent)).toBeFalse();
        output['ip -json -6 route show default'] = '[]';
        output['ip -json -4 route show default'] = '[{"dst":"default","gateway":"192.0.2.254","dev":"eth0"}]';
        for (const [state, isOver] of [
            ['FAILED', false],
            ['INCOMPLETE', false],
            ['STALE', true],
            ['REACHABLE', true],
        ] as const) {
            output[neighbour] = `[{"dst":"192.0.2.254","dev":"eth0","state":["${state}"]}]`;
            expect(await isGone(silent))
                .withContext(state)
                .toBe(isOver);
        }
        output[neighbour] = '[]';
        expect(await isGone(silent)).toBeFalse();
        output['ip -json -4 route show default'] = '[{"dst":"default","gateway":"192.0.2.99","dev":"eth0"}]';
        expect(await isGone(silent)).toBeTrue();
    });

    it('looks at the filesystem that is named, and offers to make room where that helps', async () => {
        write('proc/self/mountinfo', '30 1 8:2 / / ro - ext4 /dev/sda2 ro\n');
        const low = (place: string) => incidentOf('disk-space', 'low', { subject: place, facts: { place } });
        expect(await isGone(low('/'))).toBeTrue();
        expect(await isGone(low('/unmounted'))).toBeTrue();
        const offered = (incident: Incident) =>
            careFor(incident)?.fixes?.filter(({ parameters }) => parameters(incident) !== null).length;
        expect(offered(low('/'))).toBe(3);
        expect(offered(low('/var'))).toBe(2);
        // The old kernels.
        expect(offered(low('/boot'))).toBe(1);
        expect(offered(low('/home'))).toBe(0);
        expect(offered(incidentOf('disk-space', 'full', { subject: 'disk' }))).toBe(3);
    });

    it('looks whether a part is still so warm that the kernel slows it down, however cool that is elsewhere', async () => {
        const warm = incidentOf('power', 'throttled', { subject: 'heat' });
        const zone = '/sys/class/thermal/thermal_zone0';
        write(`${zone}/cdev0/type`, 'Processor\n');
        write(`${zone}/trip_point_0_type`, 'passive\n');
        write(`${zone}/trip_point_0_temp`, '70000\n');
        write(`${zone}/temp`, '71000\n');
        expect(await isGone(warm, 60 * minute)).toBeFalse();
        write(`${zone}/temp`, '69000\n');
        expect(await isGone(warm, 5 * minute)).toBeFalse();
        expect(await isGone(warm, 60 * minute)).toBeTrue();
    });

    it('asks the battery itself whether it is worn, which the sum of all batteries never knows', async () => {
        const display = { Type: 2, IsPresent: true, PowerSupply: true, State: 2, Percentage: 41, Capacity: 0 };
        const battery = incidentOf('power', 'worn', { subject: 'SMP 01AV430' });
        const withBatteries = async (capacities: Record<string, number>, more = {}) => {
            replies = { ...batteryReplies(capacities, more) };
            replies['org.freedesktop.UPower /org/freedesktop/UPower/devices/DisplayDevice'] = display;
            return isGone(battery);
        };
        expect(await isGone(battery)).toBeFalse();
        expect(await withBatteries({ BAT0: 62 })).toBeFalse();
        expect(await withBatteries({ BAT0: 78 })).toBeFalse();
        expect(await withBatteries({ BAT0: 97, BAT1: 62 })).toBeFalse();
        expect(await withBatteries({ BAT0: 97 })).toBeTrue();
        expect(await withBatteries({ BAT0: 97 }, { Model: 'Other' })).toBeTrue();
        expect(await withBatteries({})).toBeFalse();
    });

    it('measures whether what kept a processor busy still does', async () => {
        const path = '/sys/fs/cgroup/system.slice/indexer.service/cpu.stat';
        const calm = '/sys/fs/cgroup/system.slice/calm.service/cpu.stat';
        // The clock goes with the counter: what the counter is behind it, when the machine is busy, would pass for idleness.
        let now = performance.now();
        spyOn(performance, 'now').and.callFake(() => now);
        write(path, `usage_usec ${Math.round(now * 1000)}\n`);
        write(calm, 'usage_usec 1000000\nuser_usec 900000\n');
        const busy = (unit: string) =>
            incidentOf('runaway', 'busy', {
                subject: unit,
                facts: { group: `/system.slice/${unit}`, service: unit, scope: 'system', program: 'sh' },
            });
        const check = makeCheck({ ...manager(), machine });
        // It computes as time goes by, and nobody sees a counter half written.
        const computing = setInterval(() => {
            now += 20;
            write('/next', `usage_usec ${Math.round(now * 1000)}\n`);
            renameSync(join(root, '/next'), join(root, path));
        }, 20);
        const units = ['indexer.service', 'calm.service', 'ended.service'];
        const results = await Promise.all(units.map(unit => check(busy(unit))));
        clearInterval(computing);
        expect(results.map(({ gone }) => gone)).toEqual([false, true, true]);
        expect(results[0]?.detail).toMatch(/^It still computes for (?:9\d|100) % of the time$/);
        expect(results.slice(1).map(({ detail }) => detail)).toEqual([
            'It computes for 0 % of the time now',
            'It has ended',
        ]);
        const [fix] = careFor(busy('indexer.service'))?.fixes ?? [];
        expect(fix?.parameters(busy('indexer.service'))).toEqual({ scope: 'system', unit: 'indexer.service' });
        expect(fix?.parameters(incidentOf('runaway', 'busy', { facts: { program: 'game' } }))).toBeNull();
    });

    it('looks whether a process that hung goes on, and whether one that grew gives back', async () => {
        const stat = (name: string, state: string, started: number) =>
            `4711 (${name}) ${state} 1 1 1 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 ${started} 100 200\n`;
        const status = (switches: number, kilobytes: number) =>
            `VmSize:\t900 kB\nRssAnon:\t${kilobytes} kB\nvoluntary_ctxt_switches:\t${switches}\nnonvoluntary_ctxt_switches:\t2\n`;
        const process = (text: string, switches = 10, kilobytes = 1000) => {
            write('/proc/4711/stat', text);
            write('/proc/4711/status', status(switches, kilobytes));
        };
        const facts = { pid: '4711', started: '77', switches: '12', size: String(1000 * 1024) };
        const hung = incidentOf('runaway', 'hung-task', { subject: 'tar', facts });
        const ofKernel = incidentOf('runaway', 'hung-task', { subject: 'tar', facts: { pid: '4711' } });
        const leak = incidentOf('runaway', 'memory-leak', { subject: 'tar', facts });
        const all = async () => [await isGone(hung), await isGone(ofKernel), await isGone(leak)];
        expect(await all()).toEqual([true, true, true]);
        process(stat('tar', 'D', 77));
        expect(await all()).toEqual([false, false, false]);
        process(stat('tar', 'D', 77), 11, 800);
        expect(await all()).toEqual([true, false, false]);
        process(stat('tar', 'S', 77), 10, 700);
        expect(await all()).toEqual([true, true, true]);
        process(stat('vim', 'D', 99));
        expect(await all()).toEqual([true, true, true]);
        const unnamed = incidentOf('runaway', 'hung-task', { subject: 'tar' });
        expect(await isGone(unnamed, 19 * minute)).toBeFalse();
        expect(await isGone(unnamed, 20 * minute)).toBeTrue();
    });

    it('offers to end what is no service, and what hangs only where it can be ended', () => {
        const offered = (kind: string, facts: Record<string, string>) => {
            const incident = incidentOf('runaway', kind, { facts });
            const fixes = careFor(incident)?.fixes ?? [];
            return fixes.filter(({ parameters }) => parameters(incident) !== null).map(({ action }) => action);
        };
        const process = { pid: '4711', started: '77' };
        for (const kind of ['busy', 'memory-leak']) {
            expect(offered(kind, process)).toEqual(['program.end']);
            expect(offered(kind, { ...process, service: 'indexer.service' })).toEqual(['unit.restart']);
        }
        const waits = ['server', 'filesystem', 'child', 'disk'];
        expect(waits.filter(each => offered('hung-task', { ...process, waits: each }).length > 0)).toEqual(
            waits.slice(0, 3),
        );
        // Of a thread that hangs the whole program is ended; of a service it is restarted.
        const thread = { ...process, waits: 'server', process: '4700', processStarted: '66' };
        expect(offered('hung-task', thread)).toEqual(['program.end']);
        const hung = incidentOf('runaway', 'hung-task', { facts: thread });
        const [restart, end] = careFor(hung)?.fixes ?? [];
        expect(end?.parameters(hung)).toEqual({ pid: 4700, started: 66 });
        const service = { ...thread, service: 'sync.service', serviceScope: 'user' };
        expect(offered('hung-task', service)).toEqual(['unit.restart']);
        const ofService = incidentOf('runaway', 'hung-task', { facts: service });
        expect(restart?.parameters(ofService)).toEqual({ scope: 'user', unit: 'sync.service' });
        expect(offered('hung-task', { ...service, waits: 'disk' })).toEqual([]);
        // The kernel's own word of it tells the number alone.
        expect(offered('hung-task', { pid: '4711', waits: 'child' })).toEqual([]);
    });

    it('offers to end a program at once only after it was asked to end and is still there', async () => {
        const playbook = carePlaybooks.find(({ family }) => family === 'runaway');
        const facts = { pid: '4711', started: '77', waits: 'server' };
        const asked = { action: 'program.end', parameters: { pid: 4711, started: 77 }, explanation: '' };
        const killed = { ...asked, action: 'program.kill' };
        const diagnose = async (kind: string, tried: object[]) => {
            const incident = incidentOf('runaway', kind, { facts });
            const found = await playbook?.diagnose({ incident, tried } as unknown as Case);
            return { offered: found?.remedies.map(({ action }) => action), summary: found?.summary };
        };
        for (const kind of ['busy', 'memory-leak', 'hung-task']) {
            expect((await diagnose(kind, [])).offered).toEqual(['program.end']);
            const { offered, summary } = await diagnose(kind, [{ ...asked, isDone: true, hasStarted: false }]);
            expect(offered).toEqual(['program.kill']);
            expect(summary).toContain('It was asked to end, and is still there.');
            // What could not be done was not asked; and it was another process that was.
            expect((await diagnose(kind, [{ ...asked, isDone: false, hasStarted: false }])).offered).toEqual([]);
            const other = { ...asked, parameters: { pid: 4710, started: 77 }, isDone: true, hasStarted: false };
            const another = await diagnose(kind, [other]);
            expect(another.offered).toEqual(['program.end']);
            expect(another.summary).toContain('What was tried did not help.');
            expect(another.summary).not.toContain('still there');
            const both = [
                { ...asked, isDone: true, hasStarted: false },
                { ...killed, isDone: true, hasStarted: false },
            ];
            expect((await diagnose(kind, both)).offered).toEqual([]);
            expect((await diagnose(kind, both)).summary).toContain('What was tried did not help.');
        }
    });

    it('says when nothing can end what hangs', async () => {
        const playbook = carePlaybooks.find(({ family }) => family === 'runaway');
        const summary = async (waits: string) => {
            const incident = incidentOf('runaway', 'hung-task', { facts: { pid: '4711', started: '77', waits } });
            return (await playbook?.diagnose({ incident, tried: [] } as unknown as Case))?.summary;
        };
        expect(await summary('disk')).toContain('until then nothing can end it but a restart of the computer');
        expect(await summary('server')).toContain('See whether all of them answer.');
        expect(await summary('child')).toContain('If it does not go on, end it');
        // Of what was tried to be ended all the same, the check says so.
        write('/proc/4711/stat', '4711 (tar) D 1 1 1 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 77 100 200\n');
        write('/proc/4711/wchan', 'io_schedule');
        write('/proc/4711/status', 'VmSize:\t900 kB\nRssAnon:\t900 kB\nvoluntary_ctxt_switches:\t7\n');
        const facts = { pid: '4711', started: '77', switches: '7', size: '1000' };
        const { signal } = new AbortController();
        const detail = async (kind: string, afterFix: boolean) => {
            const incident = incidentOf('runaway', kind, { facts });
            const condition = unlessBeyondEnding(kind === 'hung-task' ? goesOn : hasShrunk);
            const { systemd } = manager();
            return (await condition.check({ incident, machine, systemd, afterFix, now, signal })).detail;
        };
        expect(await detail('hung-task', true)).toBe('It still waits. Nothing can end it while it waits in the kernel');
        expect(await detail('memory-leak', true)).toBe(
            'It still holds 1 MB. Nothing can end it while it waits in the kernel',
        );
        expect(await detail('memory-leak', false)).toBe('It still holds 1 MB');
        write('/proc/4711/wchan', 'rpc_wait_bit_killable');
        expect(await detail('hung-task', true)).toBe('It still waits');
    });

    it('looks whether programs still wait for memory or a disk', async () => {
        const press = (resource: string, percent: number) => {
            const averages = `avg10=0.00 avg60=${percent.toFixed(2)} avg300=0.00 total=1`;
            write(`/proc/pressure/${resource}`, `some ${averages}\nfull ${averages}\n`);
        };
        const short = incidentOf('memory', 'pressure');
        const busy = incidentOf('runaway', 'disk-busy');
        expect(await isGone(short)).toBeFalse();
        press('memory', 6);
        press('io', 31);
        expect([await isGone(short), await isGone(busy)]).toEqual([false, false]);
        press('memory', 4);
        press('io', 29);
        expect([await isGone(short), await isGone(busy)]).toEqual([true, true]);
    });

    it('sees whether what reached its limit of memory goes on, or has ended', async () => {
        const group = '/system.slice/indexer.service';
        const limited = incidentOf('memory', 'limit-reached', { subject: 'indexer.service', facts: { group } });
        const press = (percent: number) => {
            const averages = `avg10=0.00 avg60=${percent.toFixed(2)} avg300=90.00 total=1`;
            write(`/sys/fs/cgroup${group}/memory.pressure`, `some ${averages}\nfull ${averages}\n`);
        };
        press(60);
        expect(await isGone(limited)).toBeFalse();
        press(4);
        expect(await isGone(limited)).toBeTrue();
        press(60);
        rmSync(join(root, `sys/fs/cgroup${group}/memory.pressure`));
        expect(await isGone(limited)).toBeTrue();
    });

    it('waits for a restart of the computer, or for the sign to be taken away', async () => {
        const needed = incidentOf('reboot', 'needed', { subject: 'system' });
        write('run/reboot-required', '*** System restart required ***\n');
        write('proc/stat', `btime ${(now - 60 * minute) / 1_000_000}\n`);
        expect(await isGone(needed, 60 * minute)).toBeFalse();
        rmSync(join(root, 'run/reboot-required'));
        expect(await isGone(needed, 60 * minute)).toBeTrue();
        write('run/reboot-required', '*** System restart required ***\n');
        write('proc/stat', `btime ${(now + 5 * minute) / 1_000_000}\n`);
        expect(await isGone(needed, 6 * minute)).toBeTrue();
    });

    it('looks at the package manager itself', async () => {
        const interrupted = incidentOf('packages', 'interrupted');
        const listed = 'dpkg-query --show --showformat ${db:Status-Abbrev}|${binary:Package}\\n';
        expect(await isGone(interrupted)).toBeFalse();
        for (const status of ['iF ', 'iU ', 'iH ', 'iiR', 'iFR']) {
            output[listed] = `ii |bash\n${status}|libc6:i386\nii |zsh\n`;
            expect(await isGone(interrupted))
                .withContext(status)
                .toBeFalse();
        }
        // Without an answer nothing is known, as of other package managers.
        output[listed] = '';
        expect(await isGone(interrupted)).toBeFalse();
        expect(await isGone(interrupted, 37 * 60 * minute)).toBeTrue();
        output[listed] = 'ii |bash\niF |broken\n';
        expect(await isGone(interrupted, 37 * 60 * minute)).toBeFalse();
        output[listed] = 'ii |bash\nrc |gone\nhi |held\nit |man-db\niW |waits\nun |never\n';
        write('var/lib/dpkg/updates/0001', '');
        expect(await isGone(interrupted)).toBeFalse();
        rmSync(join(root, 'var/lib/dpkg/updates/0001'));
        expect(await isGone(interrupted)).toBeTrue();
        // It knows nothing of an upgrade that was refused as a whole, and that the log told of.
        const refused = incidentOf('packages', 'broken');
        expect(await isGone(refused, 35 * 60 * minute)).toBeFalse();
        expect(await isGone(refused, 37 * 60 * minute)).toBeTrue();
        expect(await isGone(refused, 0, { afterFix: true })).toBeTrue();
        expect(await isGone(incidentOf('packages', 'broken', { facts: { manager: 'dpkg' } }))).toBeTrue();
    });

    it('looks at the clock, and offers to have it set', async () => {
        const key = 'org.freedesktop.timedate1 /org/freedesktop/timedate1';
        const wrong = incidentOf('time', 'not-synchronised');
        replies[key] = { ...timedated, NTP: false, CanNTP: true, NTPSynchronized: false };
        expect(await isGone(wrong)).toBeFalse();
        const [fix] = careFor(wrong)?.fixes ?? [];
        const actions = new Actions({ ...manager(), contents: new Contents(join(root, 'state')), machine });
        const remedy = { action: fix?.action ?? '', parameters: {}, explanation: '' };
        const plan = await actions.plan(remedy, new AbortController().signal);
        expect(plan.steps.map(({ command }) => command)).toEqual(['timedatectl set-ntp true']);
        expect(plan.undo?.steps.map(({ command }) => command)).toEqual(['timedatectl set-ntp false']);
        // That it is wrong is told of but once. Where nobody wants it kept right, there is nothing more to wait for.
        expect(await isGone(wrong, 3 * 24 * 60 * minute)).toBeTrue();
        replies[key] = { ...timedated, NTP: true, CanNTP: true, NTPSynchronized: false };
        expect(await isGone(wrong, 30 * 24 * 60 * minute)).toBeFalse();
        replies[key] = { ...timedated, NTP: true, CanNTP: true, NTPSynchronized: true };
        expect(await isGone(wrong)).toBeTrue();
        await expectAsync(actions.plan(remedy, new AbortController().signal)).toBeRejected();
    });

    it('offers to have the hardware clock read in the other way, and sees that it is', async () => {
        const key = 'org.freedesktop.timedate1 /org/freedesktop/timedate1';
        const { signal } = new AbortController();
        const actions = new Actions({ ...manager(), contents: new Contents(join(root, 'state')), machine });
        for (const [local, command] of [
            ['no', 'timedatectl set-local-rtc true'],
            ['yes', 'timedatectl set-local-rtc false'],
        ] as const) {
            const wrong = incidentOf('time', 'zone', { subject: 'hardware clock', facts: { local } });
            replies[key] = { ...timedated, LocalRTC: local === 'yes', NTPSynchronized: true };
            expect(await isGone(wrong)).toBeFalse();
            const commands: string[] = [];
            for (const { action, parameters } of careFor(wrong)?.fixes ?? []) {
                const remedy = { action, parameters: parameters(wrong) ?? {}, explanation: '' };
                const plan = await actions.plan(remedy, signal).catch(() => null);
                commands.push(...(plan?.steps.map(step => step.command) ?? []));
            }
            expect(commands).toEqual([command]);
            replies[key] = { ...timedated, LocalRTC: local === 'no', NTPSynchronized: true };
            expect(await isGone(wrong, 0, { afterFix: true })).toBeTrue();
        }
        // What it is set from may be wrong itself.
        replies[key] = { ...timedated, LocalRTC: false, NTPSynchronized: false };
        const remedy = { action: 'clock.hardware', parameters: { local: true }, explanation: '' };
        await expectAsync(actions.plan(remedy, signal)).toBeRejected();
    });

    it('offers the present name of a time zone that is not there, and looks whether it is set', async () => {
        const key = 'org.freedesktop.timedate1 /org/freedesktop/timedate1';
        const facts = { zone: 'US/Pacific', successor: 'America/Los_Angeles' };
        const missing = incidentOf('time', 'zone-missing', { subject: 'US/Pacific', facts });
        write('usr/share/zoneinfo/America/Los_Angeles', 'TZif2');
        mkdirSync(join(root, 'etc'));
        symlinkSync('/usr/share/zoneinfo/US/Pacific', join(root, 'etc/localtime'));
        expect(await isGone(missing)).toBeFalse();
        // As timedated calls what it does not find.
        replies[key] = { ...timedated, Timezone: '' };
        const [fix] = careFor(missing)?.fixes ?? [];
        const remedy = { action: fix?.action ?? '', parameters: fix?.parameters(missing) ?? {}, explanation: '' };
        const actions = new Actions({ ...manager(), contents: new Contents(join(root, 'state')), machine });
        const { signal } = new AbortController();
        const plan = await actions.plan(remedy, signal);
        expect(plan.steps.map(({ command }) => command)).toEqual(['timedatectl set-timezone America/Los_Angeles']);
        expect(plan.undo).toBeNull();
        replies[key] = { ...timedated, Timezone: 'Europe/Berlin' };
        expect((await actions.plan(remedy, signal)).undo?.steps.map(({ command }) => command)).toEqual([
            'timedatectl set-timezone Europe/Berlin',
        ]);
        for (const zone of ['America/Nowhere', '../../etc/passwd', '--help']) {
            const parameters = { zone };
            await expectAsync(actions.plan({ ...remedy, parameters }, signal)).toBeRejected();
        }
        rmSync(join(root, 'etc/localtime'));
        symlinkSync('/usr/share/zoneinfo/America/Los_Angeles', join(root, 'etc/localtime'));
        expect(await isGone(missing, 0, { afterFix: true })).toBeTrue();
    });

    it('looks at the extension, and offers to turn it off', async () => {
        const broken = incidentOf('desktop', 'extension', { subject: 'clock@example.org' });
        const key = 'org.gnome.Shell /org/gnome/Shell ListExtensions';
        replies[key] = [{ 'clock@example.org': { state: 3, enabled: true } }];
        expect(await isGone(broken)).toBeFalse();
        const actions = new Actions({ ...manager(), contents: new Contents(join(root, 'state')), machine });
        const remedy = { action: 'extension.disable', parameters: { uuid: broken.subject }, explanation: '' };
        const plan = await actions.plan(remedy, new AbortController().signal);
        expect(plan.steps.map(({ command }) => command)).toEqual(['gnome-extensions disable clock@example.org']);
        expect(plan.undo?.steps.map(({ command }) => command)).toEqual(['gnome-extensions enable clock@example.org']);
        replies[key] = [{ 'clock@example.org': { state: 1, enabled: true } }];
        expect(await isGone(broken)).toBeTrue();
        // As GNOME Shell 50 tells of it after that: it broke, and is off.
        replies[key] = [{ 'clock@example.org': { state: 3, enabled: false } }];
        expect(await isGone(broken)).toBeTrue();
        await expectAsync(actions.plan(remedy, new AbortController().signal)).toBeRejected();
    });

    it('does not offer to turn off what is not the name of an extension', () => {
        const [fix] = careFor(incidentOf('desktop', 'extension'))?.fixes ?? [];
        expect(fix?.parameters(incidentOf('desktop', 'extension', { subject: 'caffeine' }))).toBeNull();
        expect(fix?.parameters(incidentOf('desktop', 'extension', { subject: 'clock@example.org' }))).not.toBeNull();
    });

    it('turns on a radio that was switched off, but not by a switch', async () => {
        const actions = new Actions({ ...manager(), contents: new Contents(join(root, 'state')), machine });
        const plan = () =>
            actions.plan(
                { action: 'radio.unblock', parameters: { radio: 'wlan' }, explanation: '' },
                new AbortController().signal,
            );
        write('sys/class/rfkill/rfkill0/type', 'wlan\n');
        write('sys/class/rfkill/rfkill0/name', 'phy0\n');
        write('sys/class/rfkill/rfkill0/soft', '1\n');
        write('sys/class/rfkill/rfkill0/hard', '1\n');
        await expectAsync(plan()).toBeRejectedWithError(/is not switched off/);
    });

    it('says nothing of a computer that it cannot look at', async () => {
        const check = makeCheck({ ...manager(), machine: null });
        expect((await check(incidentOf('usb', 'errors', { lastSeen: 0 }))).gone).toBeFalse();
    });

    it('offers to remove kernels where their files are', async () => {
        const playbook = carePlaybooks.find(({ family }) => family === 'disk-space');
        const offers = async (place: string) => {
            const incident = incidentOf('disk-space', 'full', { facts: { place } });
            const found = await playbook?.diagnose({ incident, tried: [] } as unknown as Case);
            return found?.remedies.some(({ action }) => action === 'packages.removeKernels');
        };
        for (const place of ['/', '/boot', '/usr', '/usr/lib', '/usr/lib/modules'])
            expect(await offers(place))
                .withContext(place)
                .toBeTrue();
        for (const place of ['/boot/efi', '/usr/local', '/usr/lib/modules-load.d', '/home', '/boots'])
            expect(await offers(place))
                .withContext(place)
                .toBeFalse();
    });

    it('gives advice, and does not offer again what did not help', async () => {
        const playbook = carePlaybooks.find(({ family }) => family === 'disk-space');
        const of = (tried: Case['tried'], cause = 'The log says why.') =>
            ({
                incident: incidentOf('disk-space', 'full', { cause, facts: { logCause: 'The log says why.' } }),
                tried,
            }) as Case;
        const first = await playbook?.diagnose(of([]));
        expect(first?.remedies.map(({ action }) => action)).toEqual([
            'packages.cleanCache',
            'journal.vacuum',
            'packages.removeKernels',
        ]);
        expect(first?.summary).toContain('Empty the trash');
        const [remedy] = first?.remedies ?? [];
        const tried = remedy === undefined ? [] : [{ ...remedy, isDone: true, hasStarted: false }];
        const second = await playbook?.diagnose(of(tried, 'X was edited. The log says why.'));
        expect(second?.remedies.map(({ action }) => action)).toEqual(['journal.vacuum', 'packages.removeKernels']);
        expect(second?.cause).toBe('The log says why.');
        expect(second?.summary).toContain('What was tried did not help');
    });

    it('does not say that a fix was in vain as long as it has not happened again', async () => {
        const playbook = carePlaybooks.find(({ family }) => family === 'limits');
        const summary = async (lastSeen: number) => {
            const facts = { lastBeforeFix: String(now) };
            const tried = [{ action: 'limits.raise', parameters: {}, explanation: '' }];
            const incident = incidentOf('limits', 'inotify', { facts, lastSeen });
            return (await playbook?.diagnose({ incident, tried } as unknown as Case))?.summary;
        };
        expect(await summary(now)).toContain('Whether what was done helped will show');
        expect(await summary(now + minute)).toContain('What was tried did not help');
    });
});
