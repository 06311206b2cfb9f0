import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import * as z from 'zod';

import { isPresent } from '../../support/hostPackages.ts';
import { appendToJournal, EntryWriter, journalRemote } from '../../support/journals.ts';

const program = fileURLToPath(new URL('../../../service/cli/main.ts', import.meta.url));
const fixtures = fileURLToPath(new URL('../../fixtures/journal/systemd-257/', import.meta.url));

const incidentLine = z.strictObject({
    family: z.string(),
    kind: z.string(),
    local_rule: z.null(),
    subject: z.string(),
    severity: z.enum(['critical', 'high', 'medium', 'low']),
    title: z.string(),
    cause: z.string(),
    first: z.string().nullable(),
    last: z.string().nullable(),
    count: z.int(),
    evidence: z.array(z.strictObject({ line: z.int().nullable(), cursor: z.string().nullable(), message: z.string() })),
});

describe('reeve analyze', () => {
    let root: string;
    const journals = () => join(root, 'journals');
    const text = () => join(root, 'syslog');

    async function analyse(args: string[], input: Iterable<Buffer | string> = []) {
        const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, 'analyze', ...args], {
            env: { PATH: process.env.PATH, HOME: join(root, 'home'), LANG: 'C.UTF-8', TZ: 'UTC' },
        });
        let out = '';
        let errors = '';
        child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
        child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
        // A program that refuses its input does not read it.
        child.stdin.on('error', () => undefined);
        Readable.from(input).pipe(child.stdin);
        const [code] = (await once(child, 'close')) as [number | null];
        return { code, out, errors };
    }
    async function incidentsOf(args: string[], input: Iterable<Buffer | string> = []) {
        const { code, out, errors } = await analyse([...args, '--json'], input);
        expect({ code, errors }).toEqual({ code: 0, errors: '' });
        return out
            .split('\n')
            .filter(line => line !== '')
            .map(line => incidentLine.parse(JSON.parse(line)));
    }
    const writeUnits = () => {
        const writer = new EntryWriter();
        return writer.failure('one.service', 1) + writer.failure('two.service', 1) + writer.failure('one.service', 2);
    };
    const twice = [
        ['one.service', 2],
        ['two.service', 1],
    ];

    beforeEach(() => {
        root = mkdtempSync(join(tmpdir(), 'reeve-analyze-'));
        mkdirSync(journals());
        mkdirSync(join(root, 'home'));
    });
    afterEach(() => {
        // Whatever it was given, it left nothing behind.
        expect(readdirSync(join(root, 'home'))).toEqual([]);
        rmSync(root, { recursive: true });
    });

    it('finds the same in a journal file, a directory and an export stream', async () => {
        if (!isPresent(journalRemote)) {
            pending('systemd-journal-remote is not installed');
            return;
        }
        const entries = writeUnits();
        await appendToJournal(journals(), entries);
        const found = await incidentsOf(['--directory', journals()]);
        expect(found.map(({ subject, count }) => [subject, count])).toEqual(twice);
        expect(await incidentsOf(['--file', join(journals(), 'test.journal')])).toEqual(found);
        const exported = join(root, 'export');
        writeFileSync(exported, entries);
        const withoutCursors = found.map(incident => ({
            ...incident,
            evidence: incident.evidence.map(piece => ({ ...piece, cursor: null })),
        }));
        expect(await incidentsOf(['--input', exported])).toEqual(withoutCursors);
        expect(await incidentsOf(['--input', '-'], [entries])).toEqual(withoutCursors);
    });

    it('gives cursors for journals and line numbers for text', async () => {
        const [ofJournal] = await incidentsOf(['--input', join(fixtures, 'exit-code.export')]);
        expect(
            ofJournal?.evidence.every(({ cursor, line }) => cursor?.startsWith('s=') === true && line === null),
        ).toBeTrue();
        expect(ofJournal?.first).toMatch(/^2026-11-21T04:\d\d:\d\d\.\d{6}Z$/);
        const lines = [
            'Nov 21 02:00:00 host kernel: usb 1-1: new device',
            'Nov 21 02:00:01 host systemd[1]: a.service: Main process exited, code=exited, status=2/INVALIDARGUMENT',
            "Nov 21 02:00:01 host systemd[1]: a.service: Failed with result 'exit-code'.",
        ];
        writeFileSync(text(), lines.join('\r\n'));
        const [ofText] = await incidentsOf(['--text', text()]);
        expect(ofText?.evidence.map(({ line, cursor }) => [line, cursor])).toEqual([
            [2, null],
            [3, null],
        ]);
        expect(ofText?.first).toMatch(/^20\d\d-11-21T02:00:01\.000000Z$/);
        const [bare] = await incidentsOf(['--text', '-'], ["b.service: Failed with result 'signal'.\n"]);
        expect(bare).toEqual(jasmine.objectContaining({ kind: 'signal', first: null, last: null }));
    });

    it('gives a verdict for every line of a text, in order', async () => {
        const guess = (address: string) =>
            `Nov 21 02:00:01 host sshd[7]: Failed password for root from ${address} port 1 ssh2`;
        const lines = [
            '[    0.000000] Linux version 6.12.0',
            ...Array.from({ length: 6 }, () => guess('192.0.2.7')),
            guess('192.0.2.8'),
            '',
            '[    5.000000] I/O error, dev sda, sector 1234',
        ];
        const { code, out } = await analyse(['--text', '-', '--per-line'], [lines.join('\n')]);
        expect(code).toBe(0);
        const verdicts = out
            .trimEnd()
            .split('\n')
            .map(line => JSON.parse(line) as { line: number; actionable: boolean; family: string; severity: string });
        expect(verdicts.map(({ line }) => line)).toEqual(lines.map((_line, index) => index + 1));
        expect(verdicts.filter(({ actionable }) => actionable).map(({ line }) => line)).toEqual([2, 3, 4, 5, 6, 7, 10]);
        // A start may show that the computer stopped without shutting down, together with what it repairs.
        expect(verdicts[0]).toEqual({ line: 1, actionable: false, family: 'reboot', severity: 'low' });
        expect(verdicts[9]).toEqual({ line: 10, actionable: true, family: 'disk', severity: 'high' });
        expect((await analyse(['--per-line', '--input', '-'])).code).toBe(2);
    });

    it('gives a verdict for every line of a long text that nobody waits for', async () => {
        const count = 700_000;
        const { code, out, errors } = await analyse(['--text', '-', '--per-line'], ['\n'.repeat(count)]);
        expect({ code, errors }).toEqual({ code: 0, errors: '' });
        expect(out.split('\n').length - 1).toBe(count);
        expect(out.slice(out.lastIndexOf('{'))).toContain(`"line":${count},`);
    }, 60_000);

    it('finds faults in colours and in UTF-16', async () => {
        const coloured =
            '\u001b[32m[  600.100000] \u001b[0m\u001b[33musb 1-1: \u001b[0m\u001b[31mdevice descriptor read/64, error -71\u001b[0m\n';
        const wide = Buffer.from('\ufeff[  600.100000] I/O error, dev sda, sector 1\r\n', 'utf16le');
        const families = async (log: string | Buffer) => {
            const { out } = await analyse(['--text', '-', '--per-line'], [log]);
            return out
                .trimEnd()
                .split('\n')
                .map(line => (JSON.parse(line) as { family: string | null }).family);
        };
        expect(await families(coloured)).toEqual(['usb']);
        expect(await families(wide)).toEqual(['disk']);
    }, 30_000);

    it('takes a link that is lost around a suspend for ordinary', async () => {
        const log = [
            '[39488.667162] e1000e: eth0 NIC Link is Down',
            '[39489.243719] PM: Syncing filesystems ... done.',
            '[39495.512001] PM: Finishing wakeup.',
            '[39499.667162] e1000e: eth0 NIC Link is Down',
            '[39599.667162] e1000e: eth0 NIC Link is Down',
        ].join('\n');
        const { out } = await analyse(['--text', '-', '--per-line'], [log]);
        const verdicts = out.trimEnd().split('\n');
        expect(verdicts.map(line => (JSON.parse(line) as { actionable: boolean }).actionable)).toEqual([
            false,
            false,
            false,
            false,
            true,
        ]);
        const [incident, ...others] = await incidentsOf(['--text', '-'], [log]);
        expect(others).toEqual([]);
        expect(incident).toEqual(jasmine.objectContaining({ subject: 'eth0', count: 1 }));
        expect(incident?.evidence.map(({ line }) => line)).toEqual([5]);
    }, 30_000);

    it('leaves out what was logged before --since', async () => {
        const since = (time: string) => incidentsOf(['--input', '-', '--since', time], [writeUnits()]);
        expect((await since('2023-11-14T00:00:00Z')).length).toBe(2);
        expect((await since('2023-11-15T00:00:00Z')).length).toBe(0);
    });

    it('prints no secrets', async () => {
        const line = 'Nov 21 02:00:01 host backup[7]: Failed to start: cannot reach https://me:hunter2@example.org/x';
        for (const args of [['--json'], []]) {
            const { out } = await analyse(['--text', '-', ...args], [`${line}\n`.repeat(3)]);
            expect(out).toContain('https://me:[redacted]@example.org/x');
            expect(out).not.toContain('hunter2');
        }
    });

    it('survives whatever bytes a log has', async () => {
        const junk = Buffer.from(Array.from({ length: 100_000 }, (_unused, i) => (i * i * 7919) % 251));
        const { code, out, errors } = await analyse(
            ['--text', '-', '--json'],
            [
                junk,
                `\n${'x'.repeat(1_000_000)}\n`,
                "systemd[1]: \u001b[31mc.service: Failed with result 'exit-code'.\u001b[0m\u0000\r\n",
                junk,
            ],
        );
        expect(code).toBe(0);
        expect(incidentLine.parse(JSON.parse(out)).subject).toBe('c.service');
        expect(errors).toMatch(
            /^reeve: standard input does not look like a plain-text log: .*it does not seem to be text\n$/,
        );
    });

    it('hints at how to read what is no plain-text log', async () => {
        const log = 'Nov 21 02:00:00 host systemd[1]: café, naïve, \u001b[31mred\u001b[0m\n';
        const kinds: [string | Buffer, RegExp][] = [
            [`{"MESSAGE":"hello"}\n`, /JSON; --input reads what journalctl --output=export prints/],
            [log, /^$/],
            [Buffer.from(log, 'latin1'), /^$/],
            ['', /^$/],
        ];
        for (const [content, hint] of kinds) {
            writeFileSync(text(), content);
            const { code, errors } = await analyse(['--text', text()]);
            expect(code).toBe(0);
            expect(errors).toMatch(hint);
        }
    }, 60_000);

    it('refuses what is surely no text before it lists anything, and names it', async () => {
        const line = "Nov 21 02:00:00 host systemd[1]: c.service: Failed with result 'exit-code'.\n";
        const kinds: [string | Buffer, RegExp][] = [
            [gzipSync(line.repeat(100)), /syslog cannot be read: it is compressed/],
            [`LPKSHHRH${'\0'.repeat(100)}\n${line}`, /syslog cannot be read: it is a journal file, which --file reads/],
            [`${writeUnits()}\n${line}`, /the journal export format, which --input reads/],
            [`\x7fELF\x02\x01\x01\0\n${line}`, /syslog cannot be read: it is a program/],
        ];
        for (const [content, message] of kinds) {
            writeFileSync(text(), content);
            for (const more of [[], ['--per-line']]) {
                const { code, out, errors } = await analyse(['--text', text(), ...more]);
                expect([code, out]).toEqual([3, '']);
                expect(errors).toMatch(message);
            }
        }
    }, 60_000);

    it('reads on behind a message of 100 MB', async () => {
        const size = Buffer.alloc(8);
        size.writeBigUInt64LE(BigInt(100 * 1024 * 1024));
        const megabyte = Buffer.alloc(1024 * 1024, 'x');
        const found = await incidentsOf(
            ['--input', '-'],
            [
                Buffer.concat([Buffer.from('_TRANSPORT=journal\nMESSAGE\n'), size]),
                ...Array.from({ length: 100 }, () => megabyte),
                `\n\n${writeUnits()}`,
            ],
        );
        expect(found.map(({ subject, count }) => [subject, count])).toEqual(twice);
    });

    it('prints a listing for people', async () => {
        const { code, out } = await analyse(['--input', join(fixtures, 'dependency.export')]);
        expect(code).toBe(0);
        expect(out).toContain('loft.service failed');
        expect(out).toContain('post.service, postweb.service');
        expect(out).toContain('the loft is locked');
        expect((await analyse(['--text', '-'], ['all is well\n'])).out).toMatch(/^No incidents/);
    });

    it('names the log that it cannot read, with an exit code of its own', async () => {
        mkdirSync(join(root, 'empty'));
        writeFileSync(text(), 'Nov 21 02:00:00 host systemd[1]: no export\n');
        const refused: [string[], RegExp][] = [
            [['--file', join(root, 'none')], /none cannot be read: there is no such file/],
            [['--file', text()], /syslog cannot be read: it is not a journal file/],
            [['--directory', join(root, 'none')], /none cannot be read/],
            [['--directory', join(root, 'empty')], /empty cannot be read: it contains no journal/],
            [['--directory', text()], /syslog cannot be read: it is not a directory/],
            [['--input', join(root, 'none')], /none cannot be read/],
            [['--input', text()], /syslog cannot be read: it is not in the journal export format/],
            [['--text', join(root, 'none')], /none cannot be read/],
            [['--text', root], /cannot be read: it is a directory/],
        ];
        for (const [args, message] of refused) {
            const { code, out, errors } = await analyse(args);
            expect({ code, out }).withContext(args.join(' ')).toEqual({ code: 3, out: '' });
            expect(errors).toMatch(message);
        }
        const { code, out } = await analyse(['--file', join(root, 'none'), '--json']);
        expect(code).toBe(3);
        expect(out).toMatch(/^.*\n$/);
        expect(JSON.parse(out)).toEqual({
            error: 'Unreadable',
            message: jasmine.stringMatching(/none cannot be read/),
        });
    }, 30_000);

    it('says what is wrong on the command line', async () => {
        for (const args of [
            ['--text', 'a', '--input', 'b'],
            ['--text', 'a', '--text', 'b'],
            ['--since', 'the day before'],
            ['--nonsense'],
            ['operand'],
        ]) {
            expect((await analyse(args)).code)
                .withContext(args.join(' '))
                .toBe(2);
        }
    }, 30_000);
});
