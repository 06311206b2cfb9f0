import { readdirSync, readFileSync } from 'node:fs';

import { Detector } from '../../../service/detection/detector.ts';
import { families } from '../../../service/faults/index.ts';
import type { Assessment } from '../../../service/detection/verdict.ts';
import { journalFields, JournalLogEntry } from '../../../service/journal/logEntry.ts';
import type { LogEntry } from '../../../service/journal/logEntry.ts';
import { Analysis } from '../../../service/textAnalysis/analysis.ts';
import type { EntryDetector } from '../../../service/textAnalysis/analysis.ts';
import { TextDetector } from '../../../service/textAnalysis/textDetector.ts';
import { TextLogEntry } from '../../../service/textAnalysis/textLogEntry.ts';
import { ExportParser } from '../../../service/journal/exportParser.ts';

const fixtures = new URL('../../fixtures/journal/', import.meta.url);
export const versions = ['systemd-257', 'systemd-262'] as const;
export type Version = (typeof versions)[number];

export function recordings(version: Version): string[] {
    return readdirSync(new URL(`${version}/`, fixtures)).map(name => name.replace('.export', ''));
}

export function recording(version: Version, name: string): Buffer {
    return readFileSync(new URL(`${version}/${name}.export`, fixtures));
}

/** What detection makes of a journal in the export format. */
export function analyseExport(input: Buffer | string): Analysis<LogEntry> {
    const analysis = new Analysis(new Detector({ families, uid: null }));
    const parser = new ExportParser(journalFields, entry => {
        analysis.feed(new JournalLogEntry(entry));
    });
    parser.push(Buffer.from(input));
    parser.end();
    return analysis;
}

/** What detection makes of lines of plain text. */
export function analyseText(lines: readonly string[]): Analysis<TextLogEntry> {
    const analysis = new Analysis(new TextDetector({ withHints: true }));
    for (const [index, line] of lines.entries()) {
        analysis.feed(new TextLogEntry(Buffer.from(line), index + 1, Date.UTC(2026, 10, 21, 12) * 1000));
    }
    return analysis;
}

/** The journal as journalctl prints it with --output=short-iso. */
export function asText(input: Buffer): string[] {
    const lines: string[] = [];
    const names = ['__REALTIME_TIMESTAMP', 'SYSLOG_IDENTIFIER', '_PID', 'MESSAGE'];
    const parser = new ExportParser(names, entry => {
        const [time, identifier, pid, message] = names.map((_name, field) => entry.latin1(field) ?? '');
        const stamp = new Date(Number(time) / 1000).toISOString().replace(/\.\d+Z/, '+0000');
        lines.push(`${stamp} host ${identifier}[${pid}]: ${message}`);
    });
    parser.push(input);
    parser.end();
    return lines;
}

/** What the entry means, as `reeve analyze --per-line` has it; null when nothing is known of it. */
export function assessmentOf<Entry>(detector: EntryDetector<Entry>, entry: Entry): Assessment | null {
    detector.feed(entry);
    return detector.assessment;
}
