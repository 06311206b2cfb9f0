import { busOf, manager } from '../machine/units/systemd.ts';
import type { BusCall, BusValue, Plan, Step } from '../model/proposal.ts';
import { programForRoot, stepUnitPrefix } from './programStep.ts';
import { divided, type Change } from './several.ts';
import { systemctlArguments } from './units/unitPlan.ts';
import { sha256 } from '../util/sha256.ts';

/** One call, and the steps that it carries out: how many programs of it each of them is, in order. */
export type JoinedCall = { call: BusCall; steps: readonly [Step, ...Step[]]; programs: readonly number[] };

type Variant = { signature: string; value: BusValue };
type Properties = ReadonlyMap<string, Variant>;
type Part = { step: Step; properties: Properties; programs: BusValue[] };

/** Their values of several steps are one list; of any other property all steps of a call have the same, or only one has it. */
const lists = ['ExecStartEx', 'ExecStopPostEx', 'Environment'];

/**
 * The calls that carry out steps. Those in a row that the system's manager carries out are one call, for one transient unit
 * with the programs of them all: polkit asks again for each call where it does not keep an authorisation, which depends on the
 * session and on its rules. A plan is one approval, so it is one password.
 *
 * It follows from the steps alone: the same steps make the same calls.
 */
export function joinCalls(steps: readonly Step[]): JoinedCall[] {
    const joined: JoinedCall[] = [];
    let parts: Part[] = [];
    const end = () => {
        const [only, ...more] = parts;
        if (only !== undefined) joined.push(more.length === 0 ? alone(only.step) : together([only, ...more]));
        parts = [];
    };
    for (const step of steps) {
        const part = partOf(step);
        // A unit has one standard input.
        const fits =
            part !== null && !(hasInput(part) && parts.some(hasInput)) && parts.every(other => agree(part, other));
        if (!fits) end();
        if (part === null) joined.push(alone(step));
        else parts.push(part);
    }
    end();
    return joined;
}

/** How often the system asks for a password, where it keeps no authorisation. */
export function passwordsFor(steps: readonly Step[], { authentication }: Pick<Plan, 'authentication'>): number {
    return authentication ? joinCalls(steps).filter(({ call }) => call.bus === busOf.system).length : 0;
}

/** As `passwordsFor`, of a change: only those of its parts that need a password count. */
export function passwordsOf(change: Change): number {
    const parts = divided(change, (one, other) => one.authentication === other.authentication);
    return parts.reduce((sum, { steps, plan }) => sum + passwordsFor(steps, plan), 0);
}

/** How many of the steps are done once so many programs of their call have succeeded. */
export function stepsDone({ programs }: JoinedCall, succeeded: number): number {
    let left = succeeded;
    const unfinished = programs.findIndex(count => (left -= count) < 0);
    return unfinished < 0 ? programs.length : unfinished;
}

/** The programs that a call starts, each with its arguments, in the order in which they run; what cleans up is the last. */
export function programsOf(call: BusCall): string[][] {
    if (call.member !== 'StartTransientUnit') return [];
    const properties = propertiesOf(call);
    return ['ExecStartEx', 'ExecStopPostEx'].flatMap(name => listOf(properties.get(name))).map(argvOf);
}

/** Empty when the file that is run is not the first of its arguments. */
function argvOf(program: BusValue): string[] {
    const [file, argv] = Array.isArray(program) ? program : [];
    return Array.isArray(argv) && argv[0] === file ? argv.map(String) : [];
}

function alone(step: Step): JoinedCall {
    return { call: step.call, steps: [step], programs: [1] };
}

/** null for a step that no transient unit of the system can carry out. */
function partOf(step: Step): Part | null {
    const { call } = step;
    if (call.bus !== busOf.system || call.interface !== manager.interface) return null;
    if (call.member === 'StartTransientUnit') {
        const properties = propertiesOf(call);
        return { step, properties, programs: listOf(properties.get('ExecStartEx')) };
    }
    const words = systemctlArguments(call);
    if (words === null) return null;
    const systemctl = programForRoot('systemctl');
    return { step, properties: new Map(), programs: [[systemctl, [systemctl, ...words], ['no-env-expand']]] };
}

function together(parts: readonly [Part, ...Part[]]): JoinedCall {
    const [first, ...rest] = parts;
    const merged = new Map<string, Variant>([
        ['Description', { signature: 's', value: 'Reeve' }],
        ['Type', { signature: 's', value: 'oneshot' }],
        ['ExecStartEx', { signature: 'a(sasas)', value: parts.flatMap(({ programs }) => programs) }],
    ]);
    for (const [name, value] of parts.flatMap(({ properties }) => [...properties])) {
        if (name === 'ExecStartEx') continue;
        const known = merged.get(name);
        if (known === undefined) merged.set(name, value);
        else if (lists.includes(name)) merged.set(name, { ...value, value: [known, value].flatMap(listOf) });
    }
    merged.set('CollectMode', { signature: 's', value: 'inactive-or-failed' });
    // What one of them says of its failure; where there is an input, the output goes nowhere.
    merged.set('StandardError', { signature: 's', value: 'journal' });
    // It stays until this connection ends, and with it which of its programs succeeded; systemd-run(1) --wait does the same.
    merged.set('AddRef', { signature: 'b', value: true });
    const properties = [...merged];
    const identity = sha256(JSON.stringify(properties)).slice(0, 16);
    return {
        call: {
            bus: busOf.system,
            ...manager,
            member: 'StartTransientUnit',
            signature: 'ssa(sv)a(sa(sv))',
            arguments: [`${stepUnitPrefix}${identity}.service`, 'fail', properties, []],
        },
        steps: [first.step, ...rest.map(({ step }) => step)],
        programs: parts.map(({ programs }) => programs.length),
    };
}

/** Whether one unit can have the properties of both; its description is its own. */
function agree(one: Part, other: Part): boolean {
    return [...one.properties].every(([name, value]) => {
        const known = other.properties.get(name);
        if (known === undefined || name === 'Description' || lists.includes(name)) return true;
        return JSON.stringify(known) === JSON.stringify(value);
    });
}

function hasInput({ properties }: Part): boolean {
    return properties.has('StandardInputData');
}

function propertiesOf({ arguments: [, , properties = []] }: BusCall): Properties {
    const pairs = Array.isArray(properties) ? properties : [];
    return new Map(
        pairs.flatMap(pair => {
            const [name, value] = Array.isArray(pair) ? pair : [];
            return typeof name === 'string' && isVariant(value) ? [[name, value] as const] : [];
        }),
    );
}

/** A plan that is read from the database may have anything there. */
function isVariant(value: BusValue | undefined): value is Variant {
    return typeof value === 'object' && 'signature' in value;
}

function listOf(variant: Variant | undefined): BusValue[] {
    return Array.isArray(variant?.value) ? variant.value : [];
}
