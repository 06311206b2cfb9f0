import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { until } from '../../desktop/waiting.ts';
import { startBuiltService, type BuiltService } from '../../support/builtService.ts';
import { isPresent } from '../../support/hostPackages.ts';
import { appendToJournal, EntryWriter, journalRemote } from '../../support/journals.ts';
import { run } from '../../support/program.ts';

const megabyte = 1024 * 1024;

type Shown = { subject: string; title: string; evidence: { message: string }[] };

describe('A journal with absurd things in it', () => {
    let root: string;

    beforeAll(() => {
        if (!isPresent(journalRemote) || !isPresent('journalctl')) pending('systemd-journal-remote is not installed');
    });
    beforeEach(() => {
        root = mkdtempSync(join(tmpdir(), 'reeve-hostile-'));
    });
    afterEach(() => {
        rmSync(root, { recursive: true });
    });

    const watch = () => startBuiltService({ arguments: ['--journal', root] });

    /** Resolves with incident number `count` once there is that many. */
    function incident(service: BuiltService, count: number): Promise<Shown> {
        const shown = async () => {
            const { code, output } = await service.reeve('show', String(count), '--json');
            return code === 0 && (JSON.parse(output) as Shown);
        };
        return until(`there is incident ${count}`, shown, { timeout: 50_000 });
    }

    /** The most memory that the service has ever had; VmHWM in proc_pid_status(5). Bytes. */
    function peakMemory({ pid }: BuiltService): number {
        return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
    }

    it('is read with bounded memory, and its place kept, when a message has 100 MB', async () => {
        const writer = new EntryWriter();
        const message = Buffer.alloc(100 * megabyte, 'no end of it \0');
        await appendToJournal(
            root,
            Buffer.concat([
                Buffer.from(writer.failure('before.service', 1)),
                writer.binaryLine('after.service', message),
                Buffer.from(writer.failure('after.service', 1)),
            ]),
        );
        await using service = await watch();
        const { subject, evidence } = await incident(service, 2);
        expect(subject).toBe('after.service');
        expect(evidence[0]?.message).toMatch(/^(no end of it ){50,}.*…$/);
        expect(peakMemory(service)).toBeLessThan(120 * megabyte);

        const last = await run(['journalctl', `--directory=${root}`, '--lines=1', '--output=json']);
        const file = join(service.environment.XDG_STATE_HOME ?? '', 'reeve', 'database', 'reeve.db');
        using database = new DatabaseSync(file, { readOnly: true });
        const { __CURSOR: end } = JSON.parse(last.output) as { __CURSOR: string };
        await until('its place is kept', () => {
            const stored = database.prepare(`SELECT value FROM state WHERE key = 'journal-cursor'`).get();
            return stored?.value === end;
        });
    }, 120_000);

    it('is shown as text and nothing else, whatever its messages hold', async () => {
        const writer = new EntryWriter();
        const messages = [
            Buffer.from('\u001b[31mred\u001b[0m \u0007bell\u0000 \u009b1m'),
            Buffer.from('txt.\u202eexe \u2066isolated\u2069 \u200fmark \ufeffbom'),
            Buffer.from('<span size="999999">big</span> &amp; %s $(reboot) `id` {subject}'),
            Buffer.from([0x66, 0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0x6f]),
        ];
        await appendToJournal(
            root,
            Buffer.concat([
                ...messages.map(message => writer.binaryLine('noisy.service', message)),
                Buffer.from(writer.failure('noisy.service', 1)),
            ]),
        );
        await using service = await watch();
        const { evidence } = await incident(service, 1);
        expect(evidence.slice(0, 4).map(({ message }) => message)).toEqual([
            'red bell 1m',
            'txt.exe isolated mark bom',
            '<span size="999999">big</span> &amp; %s $(reboot) `id` {subject}',
            'f\ufffd\ufffd(\ufffd\ufffd\ufffdo',
        ]);
    }, 60_000);

    it('raises nothing about what cannot be the name of a unit', async () => {
        const writer = new EntryWriter();
        const names = [
            '<b>x</b>.service',
            '../../etc/passwd',
            'a\u202eb.service',
            'x; reboot.service',
            `${'x'.repeat(300)}.service`,
        ];
        const failures = names.map((name, i) => writer.failure(name, i + 1));
        await appendToJournal(root, [...failures, writer.failure('real.service', 9)].join(''));
        await using service = await watch();
        expect((await incident(service, 1)).subject).toBe('real.service');
        const { output } = await service.reeve('incidents', '--all', '--json');
        expect((JSON.parse(output) as { incidents: unknown[] }).incidents.length).toBe(1);
    }, 60_000);
});
