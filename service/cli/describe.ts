/** Incidents, plans and evidence in terminal output. */
import { _, ngettext } from '../i18n/i18n.ts';
import { differenceBeginning, differenceLines, isDifference } from './difference.ts';
import { ownerOf } from './objects.ts';
import type { Evidence, Incident, Proposal, Step, Survey } from './objects.ts';
import type { Terminal } from './terminal.ts';
import { localTime } from '../text/localTime.ts';

/** Microseconds: an older change was not just before. */
const shortly = 3_600_000_000;

const severityStyles = { low: 'dim', medium: 'warning', high: 'bad', critical: 'bad', unknown: 'dim' } as const;

export function severityText(severity: Incident['severity']): string {
    switch (severity) {
        case 'low':
            return _('low');
        case 'medium':
            return _('medium');
        case 'high':
            return _('high');
        case 'critical':
            return _('critical');
        case 'unknown':
            return '?';
    }
}

export function stateText(state: Incident['state']): string {
    switch (state) {
        case 'open':
            return _('open');
        case 'fixing':
            return _('being fixed');
        case 'fixed':
            return _('fixed');
        case 'recovered':
            return _('recovered by itself');
        case 'dismissed':
            return _('dismissed');
        case 'removed':
            return _('no longer exists');
        case 'unknown':
            return '?';
    }
}

/** Its title, and the name of a unit that is called by its description there. */
function fullTitle({ family, title, subject }: Incident): string {
    return family === 'unit' && !title.includes(subject) ? `${title} (${subject})` : title;
}

/** One line of the list: number, severity, title, when. */
export function incidentLine(terminal: Terminal, incident: Incident): string {
    const number = terminal.style('strong', String(incident.id).padStart(4));
    const severity = terminal.style(severityStyles[incident.severity], severityText(incident.severity).padEnd(8));
    const times = incident.count > 1 ? ` ×${incident.count}` : '';
    const seen = `${localTime(incident.lastSeen)}${times}`;
    const isPlain = incident.isOpen && incident.state !== 'fixing';
    const status = isPlain ? seen : _('{one}, {other}', { one: seen, other: stateText(incident.state) });
    const when = terminal.style('dim', `(${status})`);
    return `${number}  ${severity}  ${terminal.plain(fullTitle(incident), 300)} ${when}`;
}

export function writeIncident(terminal: Terminal, incident: Incident, proposals: readonly Proposal[]): void {
    const wrap = (text: string) => terminal.wrap(terminal.block(text, 16_384), '  ');
    terminal.line(terminal.style('strong', `${incident.id}: ${terminal.plain(fullTitle(incident), 400)}`));
    const one = terminal.style(severityStyles[incident.severity], severityText(incident.severity));
    terminal.line(`  ${_('{one}, {other}', { one, other: stateText(incident.state) })}`);
    const since = localTime(incident.firstSeen);
    const seen =
        incident.count === 1
            ? _('at {time}', { time: since })
            : ngettext('{count} time since {time}', '{count} times since {time}', incident.count, { time: since });
    terminal.line(`  ${seen}`);
    if (incident.localRule !== '')
        terminal.line(`  ${_('Local rule: {place}', { place: terminal.plain(incident.localRule, 4096) })}`);
    if (incident.summary !== '') terminal.line(`\n${wrap(incident.summary)}`);
    if (incident.cause !== '') terminal.line(`\n${heading(terminal, _('Why'))}\n${wrap(incident.cause)}`);
    if (incident.stillWrong !== '')
        terminal.line(`\n${heading(terminal, _('Still broken'))}\n${wrap(incident.stillWrong)}`);
    if (incident.affected.length > 0) {
        const names = incident.affected.map(name => terminal.plain(name, 256)).join(', ');
        terminal.line(`\n${heading(terminal, _('Also failed as a result'))}\n${terminal.wrap(names, '  ')}`);
    }
    const changes = incident.evidence.filter(({ source }) => source === 'timeline');
    const others = incident.evidence.filter(({ source }) => source !== 'timeline');
    if (changes.length > 0) {
        const isRecent = incident.began - (changes.at(-1)?.time ?? 0) < shortly;
        terminal.line(`\n${heading(terminal, isRecent ? _('Shortly before') : _('Earlier changes'))}`);
        writeEvidence(terminal, changes);
    }
    if (others.length > 0) {
        terminal.line(`\n${heading(terminal, _('Evidence'))}`);
        writeEvidence(terminal, others);
    }
    writeGuide(terminal, incident);
    const shown = proposals.filter(({ state }) => state !== 'void' && state !== 'declined');
    if (shown.length > 0 || incident.guide.length === 0) terminal.line(`\n${heading(terminal, _('Fixes'))}`);
    if (shown.length === 0 && incident.guide.length === 0)
        terminal.line(`  ${incident.isLooking ? lookingText() : _('No safe fix is known.')}`);
    for (const proposal of shown) {
        const state = proposal.state === 'offered' ? '' : ` (${proposalStateText(proposal.state)})`;
        terminal.line(`  ${proposal.number}. ${terminal.plain(proposal.title, 300)}${state}`);
        if (proposal.outcome !== '') terminal.line(terminal.wrap(terminal.block(proposal.outcome), '     '));
    }
}

export function lookingText(): string {
    return _('Reeve is looking for a fix.');
}

/** The steps of a person, and which of them Reeve has seen done. */
function writeGuide(terminal: Terminal, { guide }: Incident): void {
    if (guide.length === 0) return;
    terminal.line(`\n${heading(terminal, _('What you can do'))}`);
    for (const [index, { text, seen }] of guide.entries()) {
        const state = seen ? terminal.style('good', _('Seen')) : terminal.style('dim', _('Waiting'));
        terminal.line(terminal.wrap(`${index + 1}. ${terminal.plain(text, 400)} … ${state}`, '  '));
    }
}

export function heading(terminal: Terminal, text: string): string {
    return terminal.style('strong', text);
}

export function writeEvidence(terminal: Terminal, evidence: readonly Evidence[]): void {
    for (const { piece, times } of folded(evidence)) {
        const { time, origin, source, message } = piece;
        const [first = '', ...rest] = terminal.block(message, 4096).split('\n');
        const writer = terminal.plain(origin || source, 100);
        // Text that already names its subject needs no prefix.
        const place = [time === 0 ? '' : localTime(time), first.startsWith(writer) ? '' : writer].filter(Boolean);
        const often = times > 1 ? terminal.style('dim', ` ×${times}`) : '';
        terminal.line(`  ${terminal.style('dim', place.join(' '))} ${first}${often}`);
        const text = rest.join('\n');
        const lines = isDifference(text)
            ? differenceBeginning(terminal, text, '      ')
            : rest.map(line => `      ${line}`);
        for (const line of lines) terminal.line(line);
    }
}

/** Repeated lines once, with their count. */
export function folded<Piece extends { message: string; origin: string }>(
    pieces: readonly Piece[],
): { piece: Piece; times: number }[] {
    const seen = new Map<string, { piece: Piece; times: number }>();
    for (const piece of pieces) {
        const key = JSON.stringify([piece.origin, piece.message]);
        const { piece: first, times } = seen.get(key) ?? { piece, times: 0 };
        seen.set(key, { piece: first, times: times + 1 });
    }
    return [...seen.values()];
}

export function proposalStateText(state: Proposal['state']): string {
    switch (state) {
        case 'offered':
            return _('offered');
        case 'applying':
            return _('being applied');
        case 'applied':
            return _('applied');
        case 'failed':
            return _('could not be applied');
        case 'undoing':
            return _('being undone');
        case 'undone':
            return _('undone');
        case 'void':
            return _('no longer applicable');
        case 'declined':
            return _('declined');
        case 'partial':
            return _('partly done');
        case 'unknown':
            return '?';
    }
}

/** All that the user agrees to: steps, exact calls, risk, undo. */
export function planText(terminal: Terminal, proposal: Proposal): string {
    const lines = [
        terminal.style('strong', terminal.plain(proposal.title, 300)),
        terminal.wrap(terminal.block(proposal.explanation), '  '),
        '',
    ];
    lines.push(...stepLines(terminal, proposal.steps));
    if (proposal.opens) return lines.join('\n');
    lines.push(
        '',
        `  ${_('Risk: {risk}', { risk: severityText(proposal.risk) })}. ${terminal.plain(proposal.riskText)}`,
    );
    lines.push(
        proposal.reversible
            ? `  ${_('Undo: {text}', { text: terminal.plain(proposal.undoText) })}`
            : `  ${_('This cannot be undone.')}`,
    );
    return [...lines, ...passwordLines(proposal.passwords)].join('\n');
}

/** All that the user agrees to when finishing what ended halfway. */
export function finishPlanText(terminal: Terminal, { title, outcome, finishSteps, finishPasswords }: Proposal): string {
    return [
        terminal.style('strong', _('Finish: {title}', { title: terminal.plain(title, 300) })),
        terminal.wrap(terminal.block(outcome), '  '),
        '',
        ...stepLines(terminal, finishSteps),
        ...passwordLines(finishPasswords),
    ].join('\n');
}

function passwordLines(count: number): string[] {
    if (count === 0) return [];
    return [
        `  ${ngettext('The system may ask for your password.', 'The system may ask for your password {count} times.', count)}`,
    ];
}

/** All that the user agrees to when undoing a fix. @param first later fixes that should be undone before it */
export function undoPlanText(
    terminal: Terminal,
    { title, undoText, undoSteps, undoPasswords }: Proposal,
    first: readonly Proposal[],
): string {
    const warnings = first.map(other => {
        const values = { title: terminal.plain(other.title, 300), id: ownerOf(other) };
        return `  ${_('“{title}” later changed the same thing: undo that first, with reeve undo {id}', values)}`;
    });
    return [
        terminal.style('strong', _('Undo: {title}', { title: terminal.plain(title, 300) })),
        terminal.wrap(terminal.block(undoText), '  '),
        '',
        ...stepLines(terminal, undoSteps),
        '',
        ...warnings.map(warning => terminal.style('warning', warning)),
        ...passwordLines(undoPasswords),
    ].join('\n');
}

/** Nobody can agree to truncated text; paths are as long as PATH_MAX, and occur in a command more than once. */
const exactLimit = 65_536;

/** The steps in words, each with its difference, and then how they are carried out. */
function stepLines(terminal: Terminal, steps: readonly Step[]): string[] {
    return steps.flatMap((step, index) => {
        // The call of several steps stands below the last of them.
        const isLast = steps[index + 1] === undefined || steps[index + 1]?.bus !== undefined;
        const caller = steps.slice(0, index + 1).findLast(({ bus }) => bus !== undefined);
        const { commands = [step.command], cleanup, diff = '' } = step;
        const command = (text: string) => `     ${terminal.style('code', terminal.plain(text, exactLimit))}`;
        const changes = diff === '' ? [] : differenceLines(terminal, diff, '     ');
        return [
            `  ${index + 1}. ${terminal.plain(step.description)}`,
            ...changes,
            ...commands.map(command),
            ...(cleanup === undefined ? [] : [`     ${_('and finally, in any case:')}`, command(cleanup)]),
            ...(isLast && caller !== undefined ? callLines(terminal, caller) : []),
        ];
    });
}

function callLines(
    terminal: Terminal,
    { bus = '', destination = '', path = '', interface: of = '', member = '', arguments: values = [] }: Step,
): string[] {
    const args = values.map(argument => terminal.plain(argument, exactLimit)).join(', ');
    return [
        terminal.style('dim', `     D-Bus (${bus}): ${terminal.plain(`${of}.${member}`)}(${args})`),
        terminal.style('dim', `     ${terminal.plain(destination)} ${terminal.plain(path)}`),
    ];
}

/** How a model gets to the graphics card; empty where nothing is missing. */
export function missingPackageText(terminal: Terminal, { missing_package: missing }: Survey): string {
    const values = { package: terminal.plain(missing, 80) };
    return missing === '' ? '' : _('To run models on the graphics card, install the package {package}.', values);
}
