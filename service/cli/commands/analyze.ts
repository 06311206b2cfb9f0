import { Detector } from '../../detection/detector.ts';
import { _, ngettext } from '../../i18n/i18n.ts';
import type { IncidentDraft } from '../../incidents/merge.ts';
import type { LogEntry } from '../../journal/logEntry.ts';
import type { OptionValues, Run } from '../command.ts';
import { exit, UsageError } from '../exit.ts';
import { folded, heading, severityText } from '../describe.ts';
import { onInterrupt } from '../interrupt.ts';
import { readJournal, readText } from '../logInput.ts';
import type { JournalInput, ReadOptions, TextInput } from '../logInput.ts';
import type { LoadedRules } from '../../localRules/loadedRules.ts';
import { findRuleFiles, ruleFolders } from '../../localRules/ruleFolders.ts';
import type { Terminal } from '../terminal.ts';
import { localTime } from '../../text/localTime.ts';
import { redact } from '../../text/redact.ts';
import { Analysis, mostSevereFirst } from '../../textAnalysis/analysis.ts';
import type { EntryDetector } from '../../textAnalysis/analysis.ts';
import { LineVerdicts } from '../../textAnalysis/lineVerdicts.ts';
import { localTextDetector } from '../../textAnalysis/localTextJudge.ts';
import { TextDetector } from '../../textAnalysis/textDetector.ts';
import { configurationFile } from '../../util/directories.ts';
import { jsonTime, parseTime } from '../times.ts';

export const run: Run = async ({ terminal, json }, { options }) => {
    const input = inputOf(options);
    const since = sinceOf(options.since);
    using interrupt = onInterrupt();
    const reading: ReadOptions = {
        since,
        signal: interrupt.signal,
        warn: text => {
            terminal.note(`reeve: ${terminal.block(text)}`);
        },
    };
    if (options['per-line'] === true) {
        if (input.kind !== 'text')
            throw new UsageError(
                '--per-line is for plain text: name that with --text LOG, or --text - for standard input',
            );
        await writeVerdicts(terminal, input, reading);
        return interrupt.signal.aborted ? exit.interrupted : exit.ok;
    }
    const { entries, incidents } = await analyse(input, reading);
    if (interrupt.signal.aborted) return exit.interrupted;
    if (json) {
        for (const incident of incidents) terminal.json(draftJson(incident));
        return exit.ok;
    }
    writeDrafts(terminal, incidents, entries);
    return exit.ok;
};

type Analysed = { entries: number; incidents: IncidentDraft[] };

async function analyse(input: JournalInput | TextInput, reading: ReadOptions): Promise<Analysed> {
    const local = await localRules();
    for (const problem of local?.problems ?? []) reading.warn(problem);
    const hasLocal = local !== null && local.families.length > 0;
    if (input.kind === 'text') {
        const detectors = [
            new TextDetector({ withHints: true }),
            ...(hasLocal ? [localTextDetector(local.families)] : []),
        ];
        return await analyseWith(detectors, take => readText(input, take, reading));
    }
    const { detectedFamilies } = await import('../../faults/detected.ts');
    const detectors = [new Detector({ families: detectedFamilies, uid: null }), ...(hasLocal ? [local] : [])];
    return await analyseWith(detectors, take => readJournal(input, take, reading));
}

/** Those of this computer. Most have none, and then none of what reads rules is loaded. */
async function localRules(): Promise<LoadedRules | null> {
    const files = findRuleFiles(ruleFolders('/', configurationFile()));
    if (files.length === 0) return null;
    const { localRulesOfComputer } = await import('../localRules.ts');
    return localRulesOfComputer(files);
}

/** Each detector on its own, so that local rules have no effect on what Reeve's own report. */
async function analyseWith<Entry extends LogEntry>(
    detectors: readonly EntryDetector<Entry>[],
    read: (take: (entry: Entry) => void) => Promise<void>,
): Promise<Analysed> {
    const analyses = detectors.map(detector => new Analysis(detector));
    await read(entry => {
        for (const analysis of analyses) analysis.feed(entry);
    });
    const incidents = analyses.flatMap(analysis => analysis.incidents());
    return { entries: analyses[0]?.entries ?? 0, incidents: mostSevereFirst(incidents) };
}

/**
 * A line of JSON for each line of the log, as it is read: neither the log nor the verdicts are ever in memory as a
 * whole.
 */
async function writeVerdicts(terminal: Terminal, input: TextInput, reading: ReadOptions): Promise<void> {
    const detector = new TextDetector({ withHints: true });
    let pending = '';
    const verdicts = new LineVerdicts(verdict => {
        pending += `${JSON.stringify(verdict)}\n`;
    });
    const write = () => {
        terminal.piece(pending);
        pending = '';
        return terminal.drained();
    };
    await readText(
        input,
        entry => {
            detector.feed(entry);
            verdicts.add(entry, detector.assessment);
        },
        { ...reading, pace: write },
    );
    if (reading.signal.aborted) return;
    verdicts.end();
    await write();
}

function inputOf({ file, directory, input, text }: OptionValues): JournalInput | TextInput {
    const given = [file, directory, input, text].filter(value => value !== undefined);
    if (given.length > 1) throw new UsageError('give only one of --file, --directory, --input and --text');
    if (typeof input === 'string') return { kind: 'export', path: input };
    if (typeof text === 'string') return { kind: 'text', path: text };
    if (typeof directory === 'string') return { kind: 'journal', places: [{ kind: 'directory', path: directory }] };
    const files = [file].flat().filter(path => typeof path === 'string');
    if (files.length === 0) return { kind: 'journal', places: [{ kind: 'machine' }] };
    return { kind: 'journal', places: files.map(path => ({ kind: 'file', path })) };
}

function sinceOf(text: OptionValues[string]): number | null {
    if (typeof text !== 'string') return null;
    const time = parseTime(text);
    if (time === null) throw new UsageError(`“${text}” is not a time; try 2h, yesterday or 2026-11-21 03:14`);
    return time;
}

/** What is printed is pasted into bug reports. */
function withoutSecrets(incident: IncidentDraft): IncidentDraft {
    const { title, cause, evidence } = incident;
    return {
        ...incident,
        title: redact(title),
        cause: redact(cause),
        evidence: evidence.map(piece => ({ ...piece, message: redact(piece.message) })),
    };
}

export function draftJson(incident: IncidentDraft) {
    const { family, kind, subject, severity, title, cause, count, evidence, facts } = withoutSecrets(incident);
    return {
        family,
        kind,
        local_rule: facts.localRule ?? null,
        subject,
        severity,
        title,
        cause,
        first: jsonTime(incident.firstSeen),
        last: jsonTime(incident.lastSeen),
        count,
        evidence: evidence.map(({ line, cursor, message }) => ({ line, cursor, message })),
    };
}

/** @param count how many entries of the log were read */
export function writeDrafts(terminal: Terminal, incidents: readonly IncidentDraft[], count: number): void {
    for (const incident of incidents) writeDraft(terminal, incident);
    const entries = ngettext('{count} entry', '{count} entries', count);
    terminal.line(
        incidents.length === 0
            ? _('No incidents in {entries}.', { entries })
            : ngettext('{count} incident in {entries}.', '{count} incidents in {entries}.', incidents.length, {
                  entries,
              }),
    );
}

function writeDraft(terminal: Terminal, incident: IncidentDraft): void {
    const {
        severity,
        title,
        cause,
        count,
        firstSeen,
        lastSeen,
        affected,
        evidence,
        facts: known,
    } = withoutSecrets(incident);
    const times = [firstSeen, lastSeen].filter(time => time !== 0).map(localTime);
    const when = [...new Set(times)].join(' – ');
    terminal.line(heading(terminal, `${severityText(severity)}: ${terminal.plain(title, 300)}`));
    const facts = [when, count > 1 ? `×${count}` : ''].filter(fact => fact !== '').join(' ');
    if (facts !== '') terminal.line(`  ${terminal.style('dim', facts)}`);
    if (cause !== '') terminal.line(terminal.wrap(terminal.plain(cause), '  '));
    if (affected.length > 0) {
        const names = terminal.plain(affected.join(', '));
        terminal.line(terminal.wrap(_('Also failed as a result: {names}', { names }), '  '));
    }
    if (known.localRule !== undefined)
        terminal.line(`  ${_('Local rule: {place}', { place: terminal.plain(known.localRule, 4096) })}`);
    for (const { piece, times } of folded(evidence)) {
        const number = piece.line === null ? '' : `${piece.line}: `;
        const often = times > 1 ? ` ×${times}` : '';
        terminal.line(`    ${terminal.style('dim', `${number}${terminal.plain(piece.message, 240)}${often}`)}`);
    }
    terminal.line();
}
