import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

import { families } from '../../../service/faults/index.ts';
import { Incidents } from '../../../service/incidents/incidents.ts';
import { Database } from '../../../service/store/database.ts';
import { Timeline } from '../../../service/timeline/timeline.ts';
import { until } from '../../desktop/waiting.ts';
import { isPresent } from '../../support/hostPackages.ts';
import { appendToJournal, EntryWriter, journalRemote } from '../../support/journals.ts';
import { running } from '../../support/processTree.ts';
import { failureOf } from '../../unit/approval/loop.ts';

/** Milliseconds: the program starts up to a dozen times. */
const slow = 120_000;
const program = fileURLToPath(new URL('./watchingProgram.ts', import.meta.url));

/** The watching program, and what it has said so far. */
class Watching implements AsyncDisposable {
    readonly #child: ChildProcessByStdio<null, Readable, null>;
    readonly #lines: string[] = [];
    readonly #closed: Promise<unknown>;
    #heard = Promise.withResolvers<undefined>();

    /** @param killed right before or after a commit, or some time after a line, by its number: when the program is to kill itself */
    constructor(state: string, journal: string, killed: ['before' | 'after' | 'amid', number] | [] = []) {
        const args = ['--disable-warning=ExperimentalWarning', program, state, journal, ...killed.map(String)];
        this.#child = spawn(process.execPath, args, {
            stdio: ['ignore', 'pipe', 'inherit'],
            env: { ...process.env, REEVE_LOG: 'error' },
        });
        this.#closed = once(this.#child, 'close').finally(() => {
            this.#heard.resolve(undefined);
        });
        createInterface({ input: this.#child.stdout }).on('line', line => {
            this.#lines.push(line);
            this.#heard.resolve(undefined);
            this.#heard = Promise.withResolvers();
        });
    }

    get pid(): number {
        return this.#child.pid ?? 0;
    }

    /** Resolves with the lines once `isThere` holds for them, or with null when the program has ended without. */
    async until(isThere: (lines: readonly string[]) => boolean): Promise<readonly string[] | null> {
        while (!isThere(this.#lines)) {
            if (this.#child.exitCode !== null || this.#child.signalCode !== null) return null;
            await this.#heard.promise;
        }
        return this.#lines;
    }

    /** Resolves when the program has ended. */
    async ended(): Promise<void> {
        await this.#closed;
    }

    async [Symbol.asyncDispose](): Promise<void> {
        this.#child.kill('SIGTERM');
        await this.#closed;
    }
}

const isWatching = (lines: readonly string[]) => lines.some(line => line.startsWith('journal watching'));

describe('Watching a journal', () => {
    let root: string;
    const journal = () => join(root, 'journal');
    const state = () => join(root, 'state');

    /** What the database at `directory` holds. */
    function found(directory: string) {
        using database = Database.open(directory, () => undefined).database;
        const timeline = new Timeline({ database });
        const incidents = new Incidents({
            families,
            database,
            timeline,
            noise: () => ({ perHour: 0, minimumSeverity: 'low' }),
        });
        return {
            incidents: incidents.list().map(({ subject, count, notification, evidence }) => ({
                subject,
                count,
                notification,
                evidence: evidence.map(({ message }) => message),
            })),
            timeline: timeline.query({ limit: 1000 }).map(({ kind, summary }) => `${kind}: ${summary}`),
        };
    }

    beforeAll(() => {
        if (!isPresent(journalRemote) || !isPresent('journalctl')) pending('systemd-journal-remote is not installed');
    });
    beforeEach(() => {
        root = mkdtempSync(join(tmpdir(), 'reeve-watching-'));
        mkdirSync(journal());
    });
    afterEach(() => {
        rmSync(root, { recursive: true });
    });

    it(
        'neither loses nor doubles an incident, whenever it is killed',
        async () => {
            const writer = new EntryWriter();
            const batch = (from: number, to: number) =>
                Array.from({ length: to - from }, (_unused, i) => {
                    const filler = Array.from({ length: 5 }, () =>
                        writer.unitLine('chatty.service', 'all is well'),
                    ).join('');
                    return filler + writer.failure(`unit${(from + i) % 97}.service`, from + i);
                }).join('');
            await appendToJournal(journal(), batch(0, 2000));
            let kills = 0;
            // More than the work lasts for on most machines. How far one round gets is a matter of luck, but the first few are killed
            // long before the end.
            for (let round = 0; round < 8; round++) {
                // Somewhere in the middle of the work, at another place in each round.
                await using watching = new Watching(state(), journal(), ['amid', 3 + ((round * 37) % 101)]);
                if ((await watching.until(isWatching)) !== null) break;
                kills += 1;
            }
            await appendToJournal(journal(), batch(2000, 2300));
            {
                await using last = new Watching(state(), journal());
                expect(await last.until(isWatching)).not.toBeNull();
            }
            const { incidents } = found(state());
            expect(kills).toBeGreaterThan(3);
            expect(incidents.length).toBe(97);
            for (const { subject, count } of incidents) {
                const unit = Number(/\d+/.exec(subject)?.[0]);
                const runs = Array.from({ length: 2300 }, (_unused, run) => run).filter(
                    run => run % 97 === unit,
                ).length;
                expect(count).withContext(subject).toBe(runs);
            }
            // The unit's own words come from before the place that was stored, too.
            expect(incidents[0]?.evidence).toContain('run 0 cannot go on');
        },
        2 * slow,
    );

    it(
        'neither loses nor doubles an incident when it is killed between storing one thing and the next',
        async () => {
            const writer = new EntryWriter();
            const runs = 1500;
            const failures = Array.from({ length: runs }, (_unused, run) =>
                writer.failure(`unit${run % 7}.service`, run),
            );
            await appendToJournal(journal(), failures.join(''));
            for (let commit = 2; commit <= 5; commit++) {
                for (const moment of ['before', 'after'] as const) {
                    await using watching = new Watching(state(), journal(), [moment, commit]);
                    await watching.ended();
                }
            }
            {
                await using last = new Watching(state(), journal());
                expect(await last.until(isWatching)).not.toBeNull();
            }
            const counts = found(state()).incidents.map(({ count }) => count);
            expect(counts.length).toBe(7);
            expect(counts.reduce((sum, count) => sum + count)).toBe(runs);
        },
        2 * slow,
    );

    it(
        'reports what it found, also when it was killed before it had decided to',
        async () => {
            await appendToJournal(journal(), new EntryWriter().failure('one.service', 1));
            for (let commit = 1; commit <= 3; commit++) {
                for (const moment of ['before', 'after'] as const) {
                    rmSync(state(), { recursive: true, force: true });
                    {
                        await using watching = new Watching(state(), journal(), [moment, commit]);
                        expect(await watching.until(isWatching))
                            .withContext(`killed ${moment} commit ${commit}`)
                            .toBeNull();
                    }
                    {
                        await using last = new Watching(state(), journal());
                        expect(await last.until(isWatching)).not.toBeNull();
                    }
                    expect(found(state()).incidents)
                        .withContext(`${moment} commit ${commit}`)
                        .toEqual([jasmine.objectContaining({ subject: 'one.service', notification: 'wanted' })]);
                }
            }
        },
        slow,
    );

    it(
        'sees what is logged while it watches, and goes on when journalctl is killed',
        async () => {
            const writer = new EntryWriter();
            await appendToJournal(journal(), writer.unitLine('some.service', 'hello'));
            await using watching = new Watching(state(), journal());
            await watching.until(isWatching);
            await appendToJournal(journal(), writer.failure('one.service', 1));
            expect(await watching.until(lines => lines.some(line => line.endsWith(' one.service')))).not.toBeNull();
            const reader = await until('journalctl follows', () => running('--follow', watching.pid)[0]);
            process.kill(reader, 'SIGKILL');
            await watching.until(lines => lines.some(line => line.startsWith('journal waiting')));
            await appendToJournal(journal(), writer.failure('two.service', 1));
            expect(await watching.until(lines => lines.some(line => line.endsWith(' two.service')))).not.toBeNull();
            const lines = await watching.until(isWatching);
            expect(lines?.filter(line => line.startsWith('added')).length).toBe(2);
            expect(lines?.some(line => /^journal \w+ [1-9]/.test(line))).toBeFalse();
        },
        slow,
    );

    it(
        'does not keep what the managers report waiting for a journal that cannot be read',
        async () => {
            rmSync(journal(), { recursive: true });
            {
                using database = Database.open(state(), () => undefined).database;
                const timeline = new Timeline({ database });
                const noise = () => ({ perHour: 5, minimumSeverity: 'low' as const });
                new Incidents({ families, database, timeline, noise }).report(failureOf('one.service'), {
                    notify: false,
                });
            }
            await using watching = new Watching(state(), journal());
            const lines = await watching.until(lines => lines.includes('changed 1 1'));
            expect(lines).toContain('journal waiting 0');
            expect(lines?.some(line => line.startsWith('journal watching'))).toBeFalse();
            expect(found(state()).incidents[0]?.notification).toBe('wanted');
        },
        slow,
    );

    it(
        'reports what was removed from the journal before it was read',
        async () => {
            const writer = new EntryWriter();
            await appendToJournal(journal(), writer.failure('first.service', 1));
            {
                await using first = new Watching(state(), journal());
                await first.until(isWatching);
                await appendToJournal(journal(), writer.failure('second.service', 1));
                await first.until(lines => lines.some(line => line.endsWith(' second.service')));
            }
            rmSync(journal(), { recursive: true });
            mkdirSync(journal());
            await appendToJournal(journal(), writer.failure('third.service', 1), 'new.journal');
            {
                await using second = new Watching(state(), journal());
                const lines = await second.until(isWatching);
                expect(lines?.some(line => /^journal \w+ [1-9]/.test(line))).toBeTrue();
            }
            const { incidents, timeline } = found(state());
            expect(incidents.map(({ subject }) => subject)).toEqual([
                'first.service',
                'second.service',
                'third.service',
            ]);
            expect(timeline).toContain('reeve: Part of the journal was missed');
        },
        slow,
    );

    it(
        'counts what journald says that it did not store, and believes nobody else',
        async () => {
            const writer = new EntryWriter();
            const dropped = {
                MESSAGE_ID: 'a596d6fe7bfa4994828e72309e95d61e',
                N_DROPPED: 12,
                MESSAGE: 'Suppressed 12 messages from chatty.service',
            };
            const missed = {
                MESSAGE_ID: 'e9bf28e6e834481bb6f48f548ad13606',
                MESSAGE: 'Missed 3 kernel messages',
            };
            await appendToJournal(
                journal(),
                [
                    writer.entry({ ...dropped, _TRANSPORT: 'driver' }),
                    writer.entry({ ...missed, _TRANSPORT: 'driver' }),
                    writer.entry({ ...dropped, _TRANSPORT: 'journal' }),
                ].join(''),
            );
            for (const lost of [15, 0]) {
                await using watching = new Watching(state(), journal());
                expect(await watching.until(lines => lines.includes(`journal watching ${lost}`))).not.toBeNull();
            }
        },
        slow,
    );
});
