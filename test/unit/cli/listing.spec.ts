import { PassThrough } from 'node:stream';

import { run as runStatus } from '../../../service/cli/commands/status.ts';
import { run as runTimeline } from '../../../service/cli/commands/timeline.ts';
import type { Client } from '../../../service/cli/client.ts';
import type { OptionValues, Run } from '../../../service/cli/command.ts';
import type { Manager, TimelineEntry } from '../../../service/cli/objects.ts';
import { Terminal } from '../../../service/cli/terminal.ts';

/** What a command prints, where the service says what `client` says. */
async function printed(command: Run, client: Partial<Client>, options: OptionValues = {}): Promise<string> {
    const out = Object.assign(new PassThrough(), { isTTY: false, columns: 80 });
    const terminal = new Terminal(out as unknown as NodeJS.WriteStream);
    const context = {
        terminal,
        json: options.json === true,
        client: () => Promise.resolve(client as Client),
        manual: () => '',
    };
    await command(context, { operands: [], options });
    return String(out.read() ?? '');
}

describe('reeve status', () => {
    const source = (name: string, state: Manager['sources'][number]['state'], detail = '', lost = 0) => ({
        name,
        state,
        detail,
        events: 0,
        lost,
    });
    const manager: Manager = {
        version: '1',
        state: 'watching',
        pausedSince: 0,
        openIncidents: 0,
        answerer: 'Built-in answers',
        sources: [],
        notices: [],
        muted: [],
    };
    const status = (sources: Manager['sources']) =>
        printed(runStatus, {
            manager: () => Promise.resolve({ ...manager, sources }),
            incidents: () => Promise.resolve([]),
        });

    it('counts what a computer does not have, and names what it should have', async () => {
        const text = await status([
            source('files', 'watching'),
            source('bluetooth', 'unavailable', 'There is no org.bluez on this computer'),
            source('heat', 'unavailable', 'No sensor shows how warm the computer is'),
            source('journal', 'unavailable', 'You are not allowed to read the journal'),
            source('systemd-system', 'unavailable', 'There is no message bus for it'),
            source('network', 'watching', 'org.freedesktop.NetworkManager is not running'),
            source('devices', 'waiting', 'It stopped by itself'),
            source('clock', 'off'),
            source('space', 'watching', '', 3),
        ]);
        expect(text.split('\n').slice(1, -3)).toEqual([
            '  1 source is watched',
            '  journal: You are not allowed to read the journal',
            '  systemd-system: There is no message bus for it',
            '  network: org.freedesktop.NetworkManager is not running',
            jasmine.stringMatching(/^ {2}devices: .*It stopped by itself/),
            '  clock: not watched',
            '  space: watched; 3 events lost',
            '  2 sources are not available on this computer: see reeve doctor',
        ]);
    });

    it('says nothing of it where all is there', async () => {
        expect(await status([source('files', 'watching')])).not.toContain('not there');
    });
});

describe('reeve timeline', () => {
    const minute = 60_000_000;
    const newest = new Date(2026, 10, 21, 3, 14).getTime() * 1000;
    const entry = (before: number, more: Partial<TimelineEntry> = {}): TimelineEntry => ({
        id: 1,
        time: newest - before,
        kind: 'file',
        event: 'edited',
        subject: '/etc/hosts',
        source: 'files',
        summary: '/etc/hosts was edited',
        detail: '',
        facts: {},
        ...more,
    });
    const ofPackage = (before: number, subject: string, event = 'installed') =>
        entry(before, {
            kind: 'package',
            event,
            subject,
            summary: `${subject} was ${event}`,
            facts: { manager: 'dpkg' },
        });
    const timeline = async (entries: TimelineEntry[], options: OptionValues = {}) => {
        const text = await printed(
            runTimeline,
            {
                call: (_path, _method, _signature, [filter]: unknown[]) => {
                    const { limit } = filter as { limit: { value: number } };
                    return Promise.resolve([entries.slice(0, limit.value)]);
                },
            },
            options,
        );
        return text.trimEnd().split('\n');
    };

    it('reports the packages of one occasion together', async () => {
        const lines = await timeline([
            entry(0),
            ofPackage(1, 'one'),
            entry(2),
            ofPackage(3, 'two'),
            ofPackage(4, 'three', 'upgraded'),
            ...['four', 'five', 'six', 'six'].map(name => ofPackage(5, name)),
            entry(6, { kind: 'package', event: 'restart-needed', summary: 'A restart is needed' }),
            ofPackage(30 * minute, 'earlier'),
        ]);
        expect(lines).toEqual([
            '2026-11-21 03:14:00  file     /etc/hosts was edited',
            '2026-11-21 03:13:59  package  one, two, four and 2 others installed; three upgraded',
            '2026-11-21 03:13:59  file     /etc/hosts was edited',
            '2026-11-21 03:13:59  package  A restart is needed',
            '2026-11-21 02:44:00  package  earlier was installed',
        ]);
    });

    it('says when there is more, and how to see it', async () => {
        const many = Array.from({ length: 1000 }, (_, index) => entry(index * minute));
        expect((await timeline(many.slice(0, 100))).length).toBe(100);
        const cut = await timeline(many.slice(0, 101));
        expect(cut.length).toBe(101);
        expect(cut.at(-1)).toBe(
            'Older entries are not shown. To see others: --limit 1000, --since TIME, --until "2026-11-21 01:35:00"',
        );
        const all = await timeline(many, { limit: '1000' });
        expect(all.length).toBe(1001);
        expect(all.at(-1)).toMatch(/^Older entries are not shown\. To see others: --since TIME, --until /);
        // One installation is no whole list.
        const packages = Array.from({ length: 400 }, (_, index) => ofPackage(index, `p${index}`));
        const joined = await timeline([...packages, entry(minute)]);
        expect(joined.length).toBe(2);
    });

    it('keeps each of them for programs, and the limit', async () => {
        const entries = Array.from({ length: 400 }, (_, index) => ofPackage(index, `p${index}`));
        const lines = await timeline(entries, { json: true, limit: '5' });
        expect((JSON.parse(lines.join('')) as { entries: unknown[] }).entries.length).toBe(5);
    });
});
