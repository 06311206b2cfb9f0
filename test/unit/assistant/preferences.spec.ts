import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { AuditLog } from '../../../service/audit/auditLog.ts';
import { Actions } from '../../../service/actions/actions.ts';
import { readStated, showNames, withOwnNames } from '../../../service/assistant/statedPreference.ts';
import { lastingParameters } from '../../../service/preferences/lasting.ts';
import { readProcesses } from '../../../service/machine/processes/processes.ts';
import { Preferences, type Preference } from '../../../service/preferences/preferences.ts';
import { Database } from '../../../service/store/database.ts';
import { log } from '../../../service/util/log.ts';
import { ReeveError } from '../../../service/util/errors.ts';
import { startComputer, type Read } from '../../eval/builtIn/computer.ts';

describe('A preference', () => {
    let computer: Read;
    let directory: string;
    let database: Database;
    let preferences: Preferences;
    let audit: AuditLog;
    const signal = new AbortController().signal;

    beforeAll(async () => {
        computer = await startComputer();
    });
    afterAll(async () => {
        await computer[Symbol.asyncDispose]();
    });
    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-preferences-'));
        database = Database.open(directory, log).database;
        audit = new AuditLog({ database });
        preferences = new Preferences({ database, audit });
    });
    afterEach(() => {
        database[Symbol.dispose]();
        rmSync(directory, { recursive: true });
    });
    const read = (text: string, thing: string | null = null) => readStated(text, thing, { ...computer, signal });

    for (const [text, thing, name, of] of [
        ['call it the NAS', 'backup-box', 'nas', 'backup-box'],
        ['my name for eth0 is dock', null, 'dock', 'eth0'],
        ['mein Name für eth0 ist Dock', null, 'dock', 'eth0'],
        ['nenne es das Archiv', 'backup-box', 'archiv', 'backup-box'],
        ['سم eth0 باسم dock', null, 'dock', 'eth0'],
    ] as const)
        it(`is a name in “${text}”`, async () => {
            expect(await read(text, thing)).toEqual({ kind: 'state', meaning: { kind: 'name', name, thing: of } });
        });

    for (const text of ['never restart docker for me', 'docker nie neu starten', 'لا أعد تشغيل docker أبدا'])
        it(`forbids a change in “${text}”`, async () => {
            const stated = await read(text);
            expect(stated?.kind).toBe('state');
            if (stated?.kind !== 'state') return;
            const { id } = preferences.add(text, stated.meaning, 'terminal');
            const actions = new Actions(computer, preferences);
            const fix = (unit: string) => ({
                action: 'unit.restart',
                parameters: { scope: 'system', unit },
                explanation: '',
            });
            await expectAsync(actions.plan(fix('docker.service'), signal)).toBeRejectedWith(
                jasmine.objectContaining({ code: 'InvalidState', message: jasmine.stringContaining(text) }),
            );
            await expectAsync(actions.plan(fix('cups.service'), signal)).toBeResolved();
            preferences.forget(id, 'terminal');
            await expectAsync(actions.plan(fix('docker.service'), signal)).toBeResolved();
        });

    const forbid = async (text: string) => {
        const stated = await read(text);
        if (stated?.kind !== 'state') throw new TypeError(`“${text}” is none`);
        preferences.add(text, stated.meaning, 'terminal');
    };
    const isAllowed = (action: string, parameters: Record<string, unknown>) => {
        try {
            preferences.requireAllowed(action, parameters);
            return true;
        } catch {
            return false;
        }
    };

    it('forbids to start a unit also while it runs, and not to restart or stop it', async () => {
        await forbid('never start docker');
        const docker = { scope: 'system', unit: 'docker.service' };
        expect(isAllowed('unit.start', docker)).toBe(false);
        expect(isAllowed('unit.restart', docker)).toBe(true);
        expect(isAllowed('unit.stop', docker)).toBe(true);
    });

    it('forbids to stop a unit also where it is to make way for another', async () => {
        const actions = new Actions(computer, preferences);
        const start = { scope: 'system', unit: 'cups.service', reset: false };
        const plan = (unit: string) =>
            actions.plan(
                { action: 'unit.makeWay', parameters: { start, other: { scope: 'system', unit } }, explanation: '' },
                signal,
            );
        await expectAsync(plan('docker.service')).toBeResolved();
        await forbid('never stop docker');
        await expectAsync(plan('docker.service')).toBeRejectedWith(
            jasmine.objectContaining({ message: jasmine.stringContaining('never stop docker') }),
        );
    });

    it('forbids to turn a thing off, and not to turn it on', async () => {
        await forbid('never turn off bluetooth');
        await forbid('never turn off the firewall');
        expect(isAllowed('radio.switch', { radio: 'bluetooth', on: false })).toBe(false);
        expect(isAllowed('radio.switch', { radio: 'bluetooth', on: true })).toBe(true);
        expect(isAllowed('firewall.switch', { on: false })).toBe(false);
        expect(isAllowed('firewall.switch', { on: true })).toBe(true);
    });

    it('forbids one port, and not to close it or to open another', async () => {
        await forbid('never open port 22');
        expect(isAllowed('firewall.port', { port: 22, protocol: 'tcp', allow: true })).toBe(false);
        expect(isAllowed('firewall.port', { port: 22, protocol: 'tcp', allow: false })).toBe(true);
        expect(isAllowed('firewall.port', { port: 80, protocol: 'tcp', allow: true })).toBe(true);
    });

    it('forbids to install a program with others, too', async () => {
        await forbid('never install vlc');
        expect(isAllowed('packages.install', { names: ['hexer', 'vlc'] })).toBe(false);
        expect(isAllowed('packages.install', { names: ['hexer'] })).toBe(true);
    });

    it('forbids to end one program, by its name and not by its number', async () => {
        const machine = computer.machine;
        if (machine === null) throw new TypeError('no machine');
        const [one] = await readProcesses(machine, signal);
        if (one === undefined) throw new TypeError('no process');
        const { pid, started, name } = one;
        expect(await lastingParameters({ pid, started }, machine)).toEqual({ program: name });
        expect(await lastingParameters({ pid, started: started + 1 }, machine)).toBeNull();
        expect(await lastingParameters({ name: 'bench', before: '1' }, machine)).toEqual({ name: 'bench' });
        expect(await lastingParameters({ before: '1' }, machine)).toBeNull();
        expect(await lastingParameters({}, machine)).toEqual({});
        await forbid(`never kill process ${pid}`);
        const [meaning] = preferences.list().map(preference => preference.meaning);
        expect(meaning).toEqual({
            kind: 'never',
            changes: [{ action: 'program.end', parameters: { program: name } }],
        });
        const actions = new Actions(computer, preferences);
        const fix = { action: 'program.end', parameters: { pid, started }, explanation: '' };
        await expectAsync(actions.plan(fix, signal)).toBeRejectedWith(
            jasmine.objectContaining({ message: jasmine.stringContaining('never kill') }),
        );
        expect(isAllowed('program.end', { program: 'another' })).toBe(true);
    });

    for (const text of [
        'never mind',
        'call me',
        'I call support often',
        'my name for eth0 is it',
        'call eth0 the yesterday',
        'call it the NAS',
        'call this pc kitchen',
        'is docker running',
        'restart docker',
    ])
        it(`is none in “${text}”`, async () => {
            expect(await read(text)).toBeNull();
        });

    it('is listed, edited and forgotten', async () => {
        expect(await read('what are my preferences?')).toEqual({ kind: 'list' });
        const { id } = preferences.add(
            'my name for eth0 is dock',
            { kind: 'name', name: 'dock', thing: 'eth0' },
            'terminal',
        );
        preferences.edit(id, 'my name for eth0 is port', { kind: 'name', name: 'port', thing: 'eth0' }, 'terminal');
        expect(preferences.list().map(({ said }) => said)).toEqual(['my name for eth0 is port']);
        preferences.forget(id, 'terminal');
        expect(preferences.list()).toEqual([]);
        expect(() => {
            preferences.forget(id, 'terminal');
        }).toThrowError(ReeveError);
        expect(
            audit
                .list()
                .map(({ event }) => event)
                .sort(),
        ).toEqual(['preference-changed', 'preference-forgotten', 'preference-stated']);
    });

    it('names things in questions, and in answers beside their own names', () => {
        const named: Preference[] = [
            { id: 1, made: 0, said: '', meaning: { kind: 'name', name: 'dock', thing: 'eth0' } },
            { id: 2, made: 0, said: '', meaning: { kind: 'name', name: 'the big one', thing: 'postgresql' } },
        ];
        expect(withOwnNames('what address did Dock get?', named)).toBe('what address did eth0 get?');
        expect(withOwnNames('is the big one running', named)).toBe('is postgresql running');
        expect(withOwnNames('Why does Dock fail: {"Path": "C:\\X", (a)}!', named)).toBe(
            'Why does eth0 fail: {"Path": "C:\\X", (a)}!',
        );
        expect(withOwnNames('rename “dock” to B', named)).toBe('rename “dock” to B');
        const long = `Dock ${'Long, '.repeat(600)}END`;
        expect(withOwnNames(long, named)).toBe(long.replace('Dock', 'eth0'));
        expect(withOwnNames('is docker running?', named)).toBe('is docker running?');
        expect(showNames('`eth0` is up, `postgresql.service` runs', named)).toBe(
            '`eth0` (dock) is up, `postgresql.service` (the big one) runs',
        );
    });
});
