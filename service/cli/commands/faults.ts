/**
 * `reeve faults`: the faults that Reeve recognises, also by local rules, and the results of a new rule.
 */
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';

import { describeFaults } from '../../faults/describe.ts';
import type { FamilyToDescribe, FaultDescription } from '../../faults/describe.ts';
import { families as described } from '../../faults/generated/text.ts';
import { families as served } from '../../faults/index.ts';
import { RuleFileError } from '../../faults/ruleFile.ts';
import { _ } from '../../i18n/i18n.ts';
import type { LoadedRules } from '../../localRules/loadedRules.ts';
import { diagnosedFamily } from '../../localRules/localFamily.ts';
import { placeOf } from '../../localRules/localRule.ts';
import type { LocalFamily } from '../../localRules/localRule.ts';
import { Analysis } from '../../textAnalysis/analysis.ts';
import { localTextDetector } from '../../textAnalysis/localTextJudge.ts';
import type { Context, Run } from '../command.ts';
import { CommandError, exit, UsageError, type ExitCode } from '../exit.ts';
import { heading } from '../describe.ts';
import { didYouMean } from '../didYouMean.ts';
import { onInterrupt } from '../interrupt.ts';
import { localRulesIn, localRulesOfComputer } from '../localRules.ts';
import { readJournal, readText } from '../logInput.ts';
import type { ReadOptions } from '../logInput.ts';
import type { Terminal } from '../terminal.ts';
import { draftJson, writeDrafts } from './analyze.ts';

type Listed = {
    family: FamilyToDescribe & { title: string };
    /** One for each file of local rules. */
    local: LocalFamily | null;
};

export const run: Run = async (context, { operands: [action, ...operands], options }) => {
    const [first, second] = operands;
    if (action === 'test') {
        if (first === undefined || second === undefined) throw new UsageError('faults test: FILE or LOG is missing');
        return await test(context, first, second);
    }
    if (second !== undefined) throw new UsageError(`faults ${action ?? ''}: unexpected argument “${second}”`);
    if (action === 'show') {
        if (first === undefined) throw new UsageError('faults show: KIND is missing');
        return show(context, first);
    }
    if (first !== undefined) throw new UsageError(`faults list: unexpected argument “${first}”`);
    return list(context, options.local === true);
};

function list({ terminal, json }: Context, isLocalOnly: boolean): ExitCode {
    const { families, problems } = readFamilies();
    const listed = families.filter(({ local }) => !isLocalOnly || local !== null);
    if (json)
        terminal.json({ faults: listed.flatMap(one => faultsOf(one).map(fault => faultJson(one, fault))), problems });
    else {
        for (const one of listed) {
            const place = one.local === null ? '' : ` ${terminal.style('dim', terminal.plain(one.local.path, 4096))}`;
            terminal.line(`${heading(terminal, terminal.plain(one.family.title))}${place}`);
            const rows = byKind(faultsOf(one)).map(({ kind, title }) => [`${one.family.name}/${kind}`, title] as const);
            const width = Math.max(...rows.map(([name]) => name.length));
            for (const [name, title] of rows)
                terminal.line(terminal.item(`${name.padEnd(width)}  ${terminal.plain(title)}`, '      ', '  '));
        }
        if (isLocalOnly && listed.length === 0 && problems.length === 0)
            terminal.line(_('This computer has no local rules.'));
        for (const problem of problems) terminal.note(terminal.item(`reeve: ${terminal.block(problem)}`, '  '));
    }
    return problems.length > 0 ? exit.notWell : exit.ok;
}

function show({ terminal, json }: Context, name: string): ExitCode {
    const { families } = readFamilies();
    const [wanted = '', kind] = name.split('/', 2);
    const one = families.find(({ family }) => family.name === wanted);
    const faults = one === undefined ? [] : faultsOf(one).filter(fault => kind === undefined || fault.kind === kind);
    if (one === undefined || faults.length === 0) throw unknownFault(name, families);
    if (json) terminal.json({ faults: faults.map(fault => faultJson(one, fault)) });
    else for (const fault of faults) writeFault(terminal, one, fault);
    return exit.ok;
}

function unknownFault(name: string, families: readonly Listed[]): CommandError {
    const names = families.flatMap(one => faultsOf(one).map(({ kind }) => `${one.family.name}/${kind}`));
    const hint =
        didYouMean(name, [...families.map(({ family }) => family.name), ...names]) || '; see reeve faults list';
    return new CommandError(exit.notFound, 'NotFound', `${_('There is no fault “{name}”', { name })}${hint}`);
}

/** Reeve's own, with all of their rules, then the local ones. */
function readFamilies(): { families: Listed[]; problems: readonly string[] } {
    const own = described.map(family => ({ ...served.find(({ name }) => name === family.name), ...family }));
    const loaded = localRulesOfComputer();
    return {
        families: [
            ...own.map(family => ({ family, local: null })),
            ...loaded.families.map(local => ({ family: { ...local, ...diagnosedFamily(local) }, local })),
        ],
        problems: loaded.problems,
    };
}

function faultsOf({ family }: Listed): FaultDescription[] {
    return describeFaults(family);
}

/** Of several rules with a kind the first. */
function byKind(faults: readonly FaultDescription[]): FaultDescription[] {
    return faults.filter(({ kind }, index) => faults.findIndex(other => other.kind === kind) === index);
}

function placeIn(local: LocalFamily | null, kind: string): string | null {
    const rule = local?.rules.find(one => one.kind === kind);
    return local === null || rule === undefined ? null : placeOf(local, rule);
}

function faultJson({ family, local }: Listed, { facts, event, kind, ...fault }: FaultDescription) {
    return {
        family: family.name,
        kind,
        ...(event !== '' && { event }),
        ...fault,
        facts: Object.fromEntries(facts),
        local_rule: placeIn(local, kind),
    };
}

function writeFault(terminal: Terminal, { family, local }: Listed, fault: FaultDescription): void {
    const { kind, event, facts, fixes, steps, advice, lines } = fault;
    const styled = (text: string) =>
        terminal.plain(text).replace(/`([^`]*)`/g, (_whole, code: string) => terminal.style('code', code));
    terminal.line(heading(terminal, `${family.name}/${kind}${event === '' ? '' : ` (${event})`}`));
    const place = placeIn(local, kind);
    const rows = place === null ? facts : [['local rule', place] as const, ...facts];
    for (const [name, text] of rows)
        terminal.line(terminal.item(`${terminal.style('dim', `${name}:`)} ${styled(text)}`, '      ', '  '));
    for (const { action, explanation } of fixes)
        terminal.line(terminal.item(`${terminal.style('dim', 'fix:')} ${action}: ${explanation}`, '      ', '  '));
    for (const { text } of steps)
        terminal.line(terminal.item(`${terminal.style('dim', 'step:')} ${terminal.plain(text)}`, '      ', '  '));
    if (advice !== '')
        terminal.line(terminal.item(`${terminal.style('dim', 'advice:')} ${terminal.plain(advice)}`, '      ', '  '));
    for (const line of lines) terminal.line(`    ${terminal.style('code', terminal.plain(line))}`);
    terminal.line();
}

/** The findings of a file of rules in a log. */
async function test({ terminal, json }: Context, file: string, log: string): Promise<ExitCode> {
    let rules: LoadedRules;
    try {
        rules = await localRulesIn(resolve(file));
    } catch (error) {
        if (!(error instanceof RuleFileError)) throw error;
        if (json) terminal.json({ problems: error.message.split('\n'), incidents: [], entries: 0 });
        else terminal.note(`reeve: ${terminal.block(error.message)}`);
        return exit.notWell;
    }
    using interrupt = onInterrupt();
    const reading: ReadOptions = {
        since: null,
        signal: interrupt.signal,
        warn: text => {
            terminal.note(`reeve: ${terminal.block(text)}`);
        },
    };
    const analysis = await analyse(rules, log, reading);
    if (interrupt.signal.aborted) return exit.interrupted;
    const incidents = analysis.incidents();
    if (json) terminal.json({ problems: [], incidents: incidents.map(draftJson), entries: analysis.entries });
    else writeDrafts(terminal, incidents, analysis.entries);
    return incidents.length === 0 ? exit.notWell : exit.ok;
}

async function analyse(
    rules: LoadedRules,
    path: string,
    reading: ReadOptions,
): Promise<Pick<Analysis<never>, 'entries' | 'incidents'>> {
    const kind = await kindOf(path);
    if (kind === 'text') {
        const analysis = new Analysis(localTextDetector(rules.families));
        await readText({ kind, path }, analysis.feed.bind(analysis), reading);
        return analysis;
    }
    const analysis = new Analysis(rules);
    const input =
        kind === 'export' ? ({ kind, path } as const) : ({ kind: 'journal', places: [{ kind, path }] } as const);
    await readJournal(input, analysis.feed.bind(analysis), reading);
    return analysis;
}

/**
 * By its first bytes: __CURSOR is the first field of the export format, and LPKSHHRH the signature of a journal file.
 */
async function kindOf(path: string): Promise<'text' | 'export' | 'file' | 'directory'> {
    if (path === '-') return 'text';
    try {
        await using file = await open(path);
        if ((await file.stat()).isDirectory()) return 'directory';
        const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
        const start = buffer.toString('latin1', 0, bytesRead);
        if (start.startsWith('LPKSHHRH')) return 'file';
        return /^__[A-Z_]+=/.test(start) ? 'export' : 'text';
    } catch {
        // The log reader reports a bad log itself.
        return 'text';
    }
}
