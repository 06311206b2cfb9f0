// Journals for tests: entries as systemd writes them, and real journal files made of them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export const journalRemote = '/lib/systemd/systemd-journal-remote';

export type Fields = Record<string, string | number>;

const bootId = 'b0070000000000000000000000000001';
const machineId = '3ac41e00000000000000000000000001';

/** A short text of several lines, as the export format has those. */
function sized(text: string): string {
    const size = Buffer.byteLength(text);
    if (size > 127) throw new Error('it is longer than fits into a byte that is a letter as well');
    return `\n${String.fromCharCode(size)}${'\0'.repeat(7)}${text}`;
}

/** Numbers entries like a clock: each a millisecond after the one before. */
export class EntryWriter {
    #time: number;

    /** @param start microseconds since the Unix epoch */
    constructor(start = 1_700_000_000_000_000) {
        this.#time = start;
    }

    entry(fields: Fields): string {
        this.#time += 1000;
        const all: Fields = {
            __REALTIME_TIMESTAMP: this.#time,
            __MONOTONIC_TIMESTAMP: this.#time - 1_600_000_000_000_000,
            _BOOT_ID: bootId,
            _MACHINE_ID: machineId,
            _HOSTNAME: 'test',
            _TRANSPORT: 'journal',
            PRIORITY: 6,
            ...fields,
        };
        return `${Object.entries(all)
            .map(
                ([name, value]) =>
                    `${name}${typeof value === 'string' && value.includes('\n') ? sized(value) : `=${value}`}`,
            )
            .join('\n')}\n\n`;
    }

    /** An entry whose message is any bytes, as the export format has those. */
    binaryLine(unit: string, message: Buffer): Buffer {
        const [head = ''] = this.unitLine(unit, '').split('MESSAGE=');
        const size = Buffer.alloc(8);
        size.writeBigUInt64LE(BigInt(message.length));
        return Buffer.concat([Buffer.from(`${head}MESSAGE\n`), size, message, Buffer.from('\n\n')]);
    }

    /** What the system's manager says. */
    manager(fields: Fields): string {
        return this.entry({
            _PID: 1,
            _UID: 0,
            _COMM: 'systemd',
            _SYSTEMD_UNIT: 'init.scope',
            SYSLOG_IDENTIFIER: 'systemd',
            ...fields,
        });
    }

    /** What a process of a unit says. */
    unitLine(unit: string, message: string, pid = 1234): string {
        return this.entry({
            _TRANSPORT: 'stdout',
            _PID: pid,
            _UID: 0,
            _COMM: 'program',
            _SYSTEMD_UNIT: unit,
            SYSLOG_IDENTIFIER: 'program',
            MESSAGE: message,
        });
    }

    /** One run of a service that fails, with the entries that systemd 257 writes of it. */
    failure(unit: string, run: number): string {
        const invocation = `${Buffer.from(unit).toString('hex').slice(0, 20).padEnd(20, '0')}${String(run).padStart(12, '0')}`;
        const of = { UNIT: unit, INVOCATION_ID: invocation };
        return [
            this.manager({
                ...of,
                JOB_TYPE: 'start',
                JOB_RESULT: 'done',
                JOB_ID: run,
                MESSAGE_ID: '39f53479d3a045ac8e11786248231fbf',
                MESSAGE: `Started ${unit} - A service.`,
            }),
            this.unitLine(unit, `run ${run} cannot go on`),
            this.manager({
                ...of,
                MESSAGE_ID: '98e322203f7a4ed290d09fe03c09fe15',
                EXIT_CODE: 'exited',
                EXIT_STATUS: 1,
                MESSAGE: `${unit}: Main process exited, code=exited, status=1/FAILURE`,
            }),
            this.manager({
                ...of,
                PRIORITY: 4,
                MESSAGE_ID: 'd9b373ed55a64feb8242e02dbe79a49c',
                UNIT_RESULT: 'exit-code',
                MESSAGE: `${unit}: Failed with result 'exit-code'.`,
            }),
        ].join('');
    }
}

/** Adds entries to a journal file in `directory`, through journald's own code. */
export async function appendToJournal(
    directory: string,
    entries: string | Buffer,
    name = 'test.journal',
): Promise<void> {
    const child = spawn(journalRemote, [`--output=${join(directory, name)}`, '-'], {
        stdio: ['pipe', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.stdin.end(entries);
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`systemd-journal-remote failed: ${errors}`);
}
