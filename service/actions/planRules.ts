/** What every plan keeps to, whichever action made it. It is checked where plans are made, and a plan that breaks a rule is refused. */
import { busOf, manager } from '../machine/units/systemd.ts';
import { plan as planSchema, type BusValue, type SinglePlan, type Step, type UndoStep } from '../model/proposal.ts';
import { safeText } from '../text/sanitise.ts';
import { programsOf } from './joinedCalls.ts';
import { cleanupParts, shownWord } from './programStep.ts';
import { callName, reachOf } from './reach.ts';
import { isUnitStep, unitOf } from './units/unitPlan.ts';

type Rule = (plan: SinglePlan, everyStep: readonly Step[]) => boolean;

/** Longer than any text of a plan. */
const longest = 2 ** 20;
/** Of umask(2): what lets a group or everybody write, and what lets a program run as its owner. */
const opening = 0o6022;

/** Each by what is wrong with a plan that breaks it. */
const rules: Readonly<Record<string, Rule>> = {
    'does not have the form of a plan': plan => planSchema().safeParse(plan).success,
    'shows characters that change how a text is drawn': ({ title, explanation, riskText, subject, undo }, everyStep) =>
        [title, explanation, riskText, subject ?? '', undo?.text ?? '', ...everyStep.flatMap(textsOf)].every(isClean),
    'calls or runs what actions of its sort do not': ({ action }, everyStep) =>
        everyStep.every(step => isWithinReach(action, step)),
    'sets up its unit as no step does': (_plan, everyStep) => everyStep.every(({ call }) => isPlainUnit(call)),
    'runs what it does not show': (_plan, everyStep) => everyStep.every(showsPrograms),
    'opens a file to others': ({ steps }) => steps.every(step => !opensFile(step)),
    'has an undo that is not the inverse of its steps': ({ steps, undo }) =>
        (undo?.steps ?? []).every(step => isInverse(step, steps)),
    'changes the system without saying that a password is needed': ({ authentication }, everyStep) =>
        authentication || everyStep.every(({ call }) => !isOfManager(call) || call.bus !== busOf.system),
};

/**
 * What is wrong with a plan, in words for the log; null when it keeps to every rule.
 *
 * @param isWished whether people can ask for it: then it needs a word of its own, where an incident has a subject
 */
export function brokenRule(plan: SinglePlan, { isWished }: { isWished: boolean }): string | null {
    const everyStep = [...plan.steps, ...(plan.undo?.steps ?? [])];
    if (isWished && plan.risk === 'high' && (plan.subject ?? '') === '')
        return 'can lose data, and has no word that a person would type for it';
    return Object.entries(rules).find(([, keeps]) => !keeps(plan, everyStep))?.[0] ?? null;
}

function textsOf({ description, command, commands = [], cleanup = '', diff = '' }: Step): string[] {
    return [description, command, ...commands, cleanup, diff.replaceAll(/[\t\n]/g, ' ')];
}

function isClean(text: string): boolean {
    return safeText(text, longest, { isolates: true }) === text;
}

function isWithinReach(action: string, { call }: Step): boolean {
    const { calls = [], user = [], system = [] } = reachOf(action) ?? {};
    if (call.member !== 'StartTransientUnit') return calls.includes(callName(call));
    const programs = programsOf(call);
    const allowed = call.bus === busOf.system ? system : user;
    return programs.length > 0 && programs.every(([path = '']) => allowed.includes(nameIn(path)));
}

/** The name of a program that is where only root can put one; empty for any other. */
function nameIn(path: string): string {
    return /^(?:\/usr)?\/s?bin\/([^/]+)$|^\/run\/current-system\/sw\/bin\/([^/]+)$/.exec(path)?.slice(1).join('') ?? '';
}

/** Those that steps have. Others run programs too, such as ExecStartPre; systemd adds up what comes twice. */
const unitProperties = new Set([
    ...['Description', 'Type', 'ExitType', 'Slice', 'CollectMode', 'ExecStartEx', 'ExecStopPostEx'],
    ...['Environment', 'StandardInput', 'StandardInputData', 'StandardOutput'],
]);

/** Whether the transient unit of a call runs its programs, with their arguments as they are, and nothing beside them. */
function isPlainUnit({ member, arguments: [, , properties, others] }: Step['call']): boolean {
    if (member !== 'StartTransientUnit') return true;
    if (!Array.isArray(properties) || !Array.isArray(others) || others.length > 0) return false;
    const names = properties.map(pair => (Array.isArray(pair) && typeof pair[0] === 'string' ? pair[0] : ''));
    return (
        new Set(names).size === names.length &&
        names.every(name => unitProperties.has(name)) &&
        properties.every((pair, index) => names[index]?.startsWith('Exec') !== true || areVerbatim(pair))
    );
}

/** With the flag that keeps systemd from putting the values of variables into arguments; systemd.service(5). */
function areVerbatim(property: BusValue): boolean {
    const [, value] = Array.isArray(property) ? property : [];
    const programs = typeof value === 'object' && 'value' in value && Array.isArray(value.value) ? value.value : [null];
    return programs.every(
        program => Array.isArray(program) && JSON.stringify(program.slice(2)) === '[["no-env-expand"]]',
    );
}

/** Whether the command has each program with all of its arguments, in the order in which they run. */
function showsPrograms({ call, command, commands, cleanup }: Step): boolean {
    if (call.member !== 'StartTransientUnit') return true;
    const programs = programsOf(call);
    const parts =
        commands === undefined ? [command] : [...commands, ...(cleanup === undefined ? [] : cleanupParts(cleanup))];
    return (
        parts.length === programs.length &&
        programs.every(([path = '', ...argv], index) => {
            const part = parts[index] ?? '';
            const words = [nameIn(path), ...argv.map(shownWord)].join(' ');
            return command.includes(part) && (part.endsWith(words) || part.includes(`${words} < `));
        })
    );
}

function opensFile(step: Step): boolean {
    return programsOf(step.call).some(([path = '', ...argv]) => {
        const mode = argv.find(word => /^0?[0-7]{3,4}$/.test(word.replace(/^--mode=/, ''))) ?? '';
        switch (nameIn(path)) {
            case 'install':
                return (parseInt(mode.replace('--mode=', ''), 8) & opening) !== 0;
            case 'chmod':
                return opensMore(step, mode);
            default:
                return false;
        }
    });
}

/** A file may only get the mode that the step names, and nobody else may write it who could not before. */
function opensMore({ permissions }: Step, mode: string): boolean {
    if (permissions === undefined) return true;
    const [before = 0, after = 0] = [permissions.before, permissions.after].map(text =>
        parseInt(text.split(' ')[1] ?? '', 8),
    );
    return parseInt(mode, 8) !== after || (after & ~before & 0o6002) !== 0;
}

/** What it sets back is what the step that it undoes has set, and it stops or starts no other unit. */
function isInverse(undo: UndoStep, steps: readonly Step[]): boolean {
    const of = steps[undo.undoes ?? 0];
    if (of === undefined) return false;
    const touched = steps.filter(isUnitStep).map(step => JSON.stringify(unitOf(step)));
    if (isUnitStep(undo) && !touched.includes(JSON.stringify(unitOf(undo)))) return false;
    return isBack(undo.file, of.file) && isBack(undo.permissions, of.permissions);
}

type Fact = { path: string; before: string | null; after: string | null };

function isBack(undo: Fact | undefined, done: Fact | undefined): boolean {
    if (undo === undefined) return true;
    return undo.path === done?.path && undo.before === done.after && undo.after === done.before;
}

function isOfManager({ interface: name }: Step['call']): boolean {
    return name === manager.interface;
}
