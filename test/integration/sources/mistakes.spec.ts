import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { ReeveError } from '../../../service/util/errors.ts';
import type { Finding } from '../../../service/model/incident.ts';
import { mistakesSource } from '../../../service/faults/configuration/watch.ts';
import type { Run } from '../../../service/machine/run.ts';
import { SourceBed } from '../../support/sourceRun.ts';

describe('The mistakes source', () => {
    let bed: SourceBed;
    beforeEach(() => {
        bed = new SourceBed();
        mkdirSync(join(bed.root, 'etc/app'), { recursive: true });
    });
    afterEach(() => {
        bed[Symbol.dispose]();
    });
    const told = (source: string, event: string, subject: string, facts: Record<string, string> = {}) =>
        bed.timeline.add({ time: 1, kind: 'file', event, subject, source, summary: event, detail: '', facts });
    const incidents = () => bed.incidents.list().map(({ kind, subject, state }) => [kind, subject, state] as string[]);
    const ssh = '/etc/ssh/sshd_config';
    const complaint = `${ssh}: line 3: Bad configuration option: PermitRootLogni\n`;
    /** sshd, which is asked what it would not understand; `questions` resolves once it was asked so often. */
    function sshd() {
        let asked = 0;
        const awaited = new Map<number, () => void>();
        const run: Run = () => {
            asked += 1;
            awaited.get(asked)?.();
            return Promise.resolve(complaint);
        };
        const questions = (count: number) => {
            const { promise, resolve } = Promise.withResolvers<undefined>();
            if (asked >= count) resolve(undefined);
            else
                awaited.set(count, () => {
                    resolve(undefined);
                });
            return promise;
        };
        return { questions, asked: () => asked, source: mistakesSource({ run, settle: 1 }) };
    }
    const failed = (subject: string): Finding => ({
        family: 'unit',
        kind: 'exit-code',
        severity: 'medium',
        scope: 'system',
        subject,
        title: `${subject} failed`,
        cause: '',
        time: Date.now() * 1000 + 3_600_000_000,
        occurrence: 'run 1',
        evidence: [],
        rootCause: null,
        facts: { unit: subject },
    });

    it('has what reads a file say what it would not understand, after an edit and once for it', async () => {
        const { questions, asked, source } = sshd();
        await using run = await bed.start(source);
        told('files', 'edited', ssh);
        told('files', 'edited', '/etc/hosts');
        told('elsewhere', 'edited', '/etc/ssh/sshd_config.d/x.conf');
        await run.until(() => run.entries.some(({ event }) => event === 'invalid'));
        const [entry] = run.entries.filter(({ event }) => event === 'invalid');
        expect(entry?.subject).toBe(ssh);
        expect(entry?.detail).toContain('Bad configuration option');
        expect(incidents()).toEqual([['invalid', ssh, 'open']]);
        expect(asked()).toBe(1);
        const included = '/etc/ssh/sshd_config.d/x.conf';
        told('files', 'edited', ssh);
        // Both are looked at together, and asked about once.
        told('files', 'edited', included);
        await questions(2);
        // Once it is asked again, all has been said of the time before.
        told('files', 'edited', included);
        await questions(3);
        expect(run.entries.filter(({ event }) => event === 'invalid').length).toBe(1);
        bed.recover();
        told('files', 'edited', ssh);
        await run.until(() => run.entries.filter(({ event }) => event === 'invalid').length === 2);
        expect(asked()).toBe(4);
    });

    it('is one incident with the unit that fails of it, whichever comes first', async () => {
        const { source } = sshd();
        await using run = await bed.start(source);
        told('files', 'edited', ssh);
        await run.until(() => run.entries.some(({ event }) => event === 'invalid'));
        const unit = run.entries.find(({ event }) => event === 'invalid')?.facts.reasonOf ?? '';
        bed.incidents.report(failed(unit));
        expect(incidents()).toEqual([['exit-code', unit, 'open']]);
        told('files', 'edited', '/etc/ssh/sshd_config.d/x.conf');
        bed.incidents.report(failed('other.service'));
        told('files', 'edited', ssh);
        await run.until(() => run.entries.filter(({ event }) => event === 'invalid').length === 2);
        expect(incidents().map(([, subject]) => subject)).toEqual([unit, 'other.service']);
    });

    it('holds against the form of a file only what an edit did to it', async () => {
        await using run = await bed.start(mistakesSource({ settle: 1 }));
        const path = join(bed.root, 'etc/app/app.json');
        const edit = async (before: string, after: string) => {
            writeFileSync(path, after);
            told('files', 'edited', path, { before: await bed.contents.put(Buffer.from(before)) });
        };
        await edit('// never was JSON', '{');
        // Another file that is looked at behind it.
        const second = join(bed.root, 'etc/app/app.toml');
        writeFileSync(second, 'a =\n');
        told('files', 'edited', second, { before: await bed.contents.put(Buffer.from('a = 1\n')) });
        await run.until(() => run.entries.some(({ event }) => event === 'invalid'));
        expect(incidents()).toEqual([['invalid', second, 'open']]);
        await edit('{}', '{"a": 1,}');
        await run.until(() => run.entries.filter(({ event }) => event === 'invalid').length === 2);
        expect(incidents().map(([, subject]) => subject)).toEqual([second, path]);
    });

    it('is one incident with what is blamed on the edit, whichever comes first', async () => {
        await using run = await bed.start(mistakesSource({ settle: 1 }));
        const path = join(bed.root, 'etc/app/app.json');
        const blame = (unit: string) => {
            const incident = bed.incidents.report(failed(unit));
            bed.incidents.update(incident?.id ?? 0, { facts: { unit, change: '1', changed: path } });
        };
        const spoil = async (count: number) => {
            writeFileSync(path, '{');
            told('files', 'edited', path, { before: await bed.contents.put(Buffer.from('{}')) });
            await run.until(() => run.entries.filter(({ event }) => event === 'invalid').length === count);
        };
        const evidence = () => bed.incidents.list().flatMap(one => one.evidence.map(({ message }) => message));
        const open = () => incidents().filter(([, , state]) => state === 'open');
        blame('app.service');
        await spoil(1);
        expect(open()).toEqual([['exit-code', 'app.service', 'open']]);
        expect(evidence().join()).toContain(`${path}:1`);
        bed.recover();
        await spoil(2);
        expect(open()).toEqual([['invalid', path, 'open']]);
        blame('late.service');
        expect(open()).toEqual([['exit-code', 'late.service', 'open']]);
        expect(evidence().join()).toContain(`${path}:1`);
    });

    it('holds against fstab only lines that an edit added', async () => {
        const table = '/etc/fstab';
        if (!existsSync(table) || readFileSync(table).length === 0) pending('there is no fstab here');
        const said = `findmnt: ${table}: parse error at line 1 -- ignored\n`;
        const run: Run = program => Promise.resolve(program === 'findmnt' ? said : complaint);
        await using running = await bed.start(mistakesSource({ run, settle: 1 }));
        told('files', 'edited', table, { before: await bed.contents.put(readFileSync(table)) });
        told('files', 'edited', ssh);
        await running.until(() => running.entries.some(({ event }) => event === 'invalid'));
        expect(incidents().map(([, subject]) => subject)).toEqual([ssh]);
        bed.recover();
        told('files', 'edited', table, { before: await bed.contents.put(Buffer.from('none\n')) });
        await running.until(() => running.entries.filter(({ event }) => event === 'invalid').length === 2);
        expect(running.entries.at(-1)?.detail).toBe(`${table}:1: parse error`);
    });

    it('counts what a check that hangs or fails leaves unsaid, asks it no more that time, and goes on', async () => {
        const asked: string[] = [];
        let hangs = true;
        const run: Run = (program, argv) => {
            asked.push(argv.at(-1) ?? '');
            if (hangs && program.endsWith('visudo')) return Promise.reject(new ReeveError('Unavailable', 'It hangs.'));
            return Promise.resolve(complaint);
        };
        await using running = await bed.start(mistakesSource({ run, settle: 1 }));
        told('files', 'edited', '/etc/sudoers.d/a');
        told('files', 'edited', '/etc/sudoers.d/b');
        told('files', 'edited', ssh);
        await running.until(() => running.entries.some(({ event }) => event === 'invalid'));
        expect(asked).toEqual(['/etc/sudoers.d/a', ssh]);
        expect(running.source.status).toEqual(jasmine.objectContaining({ state: 'watching', lost: 2 }));
        hangs = false;
        bed.recover();
        told('files', 'edited', '/etc/sudoers.d/b');
        told('files', 'edited', ssh);
        await running.until(() => running.entries.filter(({ event }) => event === 'invalid').length === 2);
        expect(asked).toEqual(['/etc/sudoers.d/a', ssh, '/etc/sudoers.d/b', ssh]);
        expect(running.source.status.lost).toBe(2);
    });

    it('does not report a file that was fixed during the check, and checks it again', async () => {
        const directory = join(bed.home, '.config/systemd/user');
        mkdirSync(directory, { recursive: true });
        const [path, other] = [join(directory, 'a.service'), join(directory, 'b.service')];
        writeFileSync(path, '[Service]\nType=smple\n');
        writeFileSync(other, '[Service]\nType=smple\n');
        const asked: string[] = [];
        const run: Run = (_program, argv) => {
            const file = argv.at(-1) ?? '';
            asked.push(file);
            const isWrong = readFileSync(file, 'utf8').includes('smple');
            if (file === path && isWrong) writeFileSync(path, '[Service]\nType=simple\n');
            const complaint = `${file}:2: Bad type\nUnit ${basename(file)} has a bad unit file setting\n`;
            return Promise.resolve(isWrong ? complaint : null);
        };
        await using running = await bed.start(mistakesSource({ run, settle: 1 }));
        told('files', 'edited', path);
        told('files', 'edited', other);
        await running.until(() => running.entries.length === 1);
        bed.recover();
        told('files', 'edited', other);
        await running.until(() => running.entries.length === 2);
        expect(running.entries.map(({ subject }) => subject)).toEqual([other, other]);
        expect(asked).toEqual([path, other, path, other]);
    });

    it('does not go on as if nothing was after what nobody foresaw', async () => {
        const run: Run = () => Promise.reject(new Error('unforeseen'));
        await using running = await bed.start(mistakesSource({ run, settle: 1 }));
        told('files', 'edited', ssh);
        await running.until(() => running.source.status.detail.includes('unforeseen'));
        expect(running.source.status.state).not.toBe('watching');
    });

    it('has nothing to say of a file that went away', async () => {
        await using run = await bed.start(mistakesSource({ settle: 1 }));
        const gone = join(bed.root, 'etc/app/gone.json');
        writeFileSync(gone, '{}');
        told('files', 'edited', gone, { before: await bed.contents.put(Buffer.from('{}')) });
        rmSync(gone);
        const path = join(bed.root, 'etc/app/app.json');
        writeFileSync(path, '{');
        told('files', 'edited', path, { before: await bed.contents.put(Buffer.from('{}')) });
        await run.until(() => run.entries.some(({ event }) => event === 'invalid'));
        expect(incidents().map(([, subject]) => subject)).toEqual([path]);
    });
});
