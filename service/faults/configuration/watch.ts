import { setTimeout as delay } from 'node:timers/promises';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Change, TimelineEntry } from '../../model/timelineEntry.ts';
import {
    canBeChecked,
    findMistake,
    hasValidator,
    mistakeInText,
    readerOf,
} from '../../machine/configurationMistakes.ts';
import type { Mistake } from '../../machine/configurationMistakes.ts';
import { fstab, fstabLines } from '../../machine/storage/fstabMistakes.ts';
import { run as runProgram } from '../../machine/run.ts';
import type { Run } from '../../machine/run.ts';
import type { SourceDefinition } from '../../sources/definition.ts';
import { files } from '../../sources/files.ts';
import { readStamp } from '../../sources/files/examine.ts';
import type { WrittenFacts } from './facts.ts';

/** People save a file more than once while they edit it, and mostly have it reloaded at once. Milliseconds. */
const usualSettle = 10_000;
const waitingLimit = 100;

/** Configuration that is invalid after an edit, reported before its reader is started the next time. */
export const mistakes: SourceDefinition = mistakesSource();

export function mistakesSource({ run = runProgram, settle = usualSettle } = {}): SourceDefinition {
    const name = 'mistakes';
    return {
        name,
        async run({ timeline, contents, incidentStatus, home }, outlet, signal) {
            /** Path → the hash of its content before all the changes that wait for a check. */
            let edited = new Map<string, string | null>();
            let wake = Promise.withResolvers<undefined>();
            const awake = () => {
                wake.resolve(undefined);
            };
            const added = ({ source, event, subject, facts }: TimelineEntry) => {
                if (source !== files.name || !['edited', 'created', 'renamed'].includes(event)) return;
                if (!canBeChecked(subject) || edited.has(subject)) return;
                if (edited.size >= waitingLimit) {
                    outlet.lose(1);
                    return;
                }
                edited.set(subject, facts.before ?? null);
                awake();
            };
            const check = async (path: string, before: string | null, stamp: string, ask: Run): Promise<void> => {
                const text = before === null ? null : ((await contents.get(before))?.toString('utf8') ?? null);
                const lines = new Set(fstabLines(text ?? ''));
                const mistake = await findMistake(ask, path, signal, (_mistake, line) => !lines.has(line));
                if (mistake === null || !isNew(path, text)) return;
                if ((await readStamp(path)) !== stamp) {
                    // The finding may be fixed by now.
                    edited.set(path, before);
                    awake();
                    return;
                }
                const change = toChange(path, mistake, home);
                if (incidentStatus({ ...change, source: name }) !== 'open') outlet.emit(change);
            };
            const isStopped = () => signal.aborted;
            timeline.on('added', added);
            signal.addEventListener('abort', awake, { once: true });
            try {
                outlet.watching();
                while (!isStopped()) {
                    await wake.promise;
                    await delay(settle, undefined, { signal }).catch(() => undefined);
                    const waiting = edited;
                    edited = new Map();
                    wake = Promise.withResolvers();
                    const ask = onceEach(run);
                    // All of them first: the answer to one query may cover the others, too.
                    const stamps = new Map<string, string>();
                    for (const path of waiting.keys()) stamps.set(path, await readStamp(path));
                    for (const [path, before] of waiting) {
                        if (isStopped()) break;
                        await check(path, before, stamps.get(path) ?? '', ask).catch((error: unknown) => {
                            if (isStopped()) return;
                            if (!(error instanceof ReeveError) || error.code !== 'Unavailable') throw error;
                            // The checking program hangs, or has gone: that says nothing about the file.
                            outlet.lose(1);
                        });
                    }
                    await outlet.kept();
                }
            } finally {
                timeline.off('added', added);
            }
        },
    };
}

/**
 * For one check of several files: a question that they share is asked once, and a program that hangs or fails is not asked
 * again.
 */
function onceEach(run: Run): Run {
    const answers = new Map<string, string | null>();
    const failures = new Map<string, unknown>();
    return async (program, argv, options) => {
        const question = JSON.stringify([program, ...argv]);
        const known = answers.get(question);
        if (known !== undefined) return known;
        if (failures.has(program)) throw failures.get(program);
        try {
            const answer = await run(program, argv, options);
            answers.set(question, answer);
            return answer;
        } catch (error) {
            failures.set(program, error);
            throw error;
        }
    };
}

/**
 * The format alone is no proof: some programs accept more than it allows, so a mistake counts only if the file was valid
 * before. Nor does a line of fstab count that was there before: it may be for a disk that is only connected now and then.
 */
function isNew(path: string, before: string | null): boolean {
    if (path !== fstab && hasValidator(path)) return true;
    return before !== null && mistakeInText(path, before) === null;
}

function toChange(path: string, { line, message, missing, unit }: Mistake, home: string): Change {
    const reader = unit ?? readerOf(path);
    const scope = reader?.scope ?? (path.startsWith(`${home}/`) ? 'user' : 'system');
    return {
        time: Date.now() * 1000,
        // No change, which could be taken for the cause of a fault.
        kind: 'reeve',
        event: 'invalid',
        subject: path,
        summary: _('The settings in {subject} contain an error', { subject: path }),
        detail: line === null ? `${path}: ${message}` : `${path}:${line}: ${message}`,
        facts: {
            path,
            scope,
            message,
            ...(line !== null && { line: String(line) }),
            ...(missing !== undefined && { missing }),
            ...(reader !== null && { reasonOf: reader.name }),
            lasts: 'true',
        } satisfies WrittenFacts,
    };
}
