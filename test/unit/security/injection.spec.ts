// Attacks in what Reeve reads: nothing is done without a person, what is shown is what runs, nothing is drawn that is not there, and
// nothing leaves the computer.
import { mkdtempSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';

import { Actions } from '../../../service/actions/actions.ts';
import { everyAction, proposableFor } from '../../../service/actions/everyAction.ts';
import { programsOf } from '../../../service/actions/joinedCalls.ts';
import { mayBeProposed, planByModel } from '../../../service/assistant/conversation/proposeChange.ts';
import { proposeFix } from '../../../service/assistant/conversation/proposeFix.ts';
import { readWish } from '../../../service/assistant/wishes/readWish.ts';
import type { Plan } from '../../../service/model/proposal.ts';
import { ReeveError } from '../../../service/util/errors.ts';
import { findingsOf } from '../../support/faultyComputer.ts';
import { pretendPrograms } from '../../support/pretendPrograms.ts';
import { recordedMachine } from '../../support/recordedMachine.ts';
import { recordedUnits } from '../../support/recordedUnits.ts';
import { ScriptedBackend, scriptedModel } from '../../support/scriptedBackend.ts';
import { attacks } from '../../support/security/attacks.ts';
import { Computer, type State } from '../../support/security/computer.ts';
import { anyState, parametersFor, pathsIn, withAt } from '../../support/security/generate.ts';
import { patience, report, seed, tries } from '../../support/security/run.ts';
import { ask, incident } from '../assistant/asking.ts';
import { makeLoop, offerRestart, type Loop } from '../approval/loop.ts';

const changesHowItIsDrawn =
    /[\p{Cc}\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;
const counts = {
    attacks: attacks.length,
    findings: 0,
    wishes: 0,
    plans: 0,
    'tool results': 0,
    proposals: 0,
    suggestions: 0,
    executed: 0,
    connections: 0,
};
const programs = ['nmcli', 'gio', 'lpoptions', 'cancel', 'lp', 'cupsaccept', 'cupsenable', 'cupsreject', 'cupsdisable'];

/** Parameters for each action that fit the computer. */
async function fittingAll(computer: Computer): Promise<[name: string, parameters: Record<string, unknown>][]> {
    const all: [string, Record<string, unknown>][] = [];
    for (const { name, parameters } of everyAction) {
        const [fitting = {}] = fc.sample(await parametersFor(name, parameters, computer), { numRuns: 1, seed });
        all.push([name, fitting]);
    }
    return all;
}

describe('An attack', () => {
    let pretended: Disposable;
    let home: string | undefined;
    let connect: jasmine.Spy;
    beforeAll(() => {
        pretended = pretendPrograms([...programs, 'wpctl', 'apt-get', 'dpkg', 'journalctl', 'gsettings', 'rfkill']);
        home = process.env.HOME;
        connect = spyOn(Socket.prototype, 'connect').and.callThrough();
    });
    afterAll(() => {
        pretended[Symbol.dispose]();
        process.env.HOME = home;
        // The print service of the made-up computer is asked by a socket that has a path.
        const isElsewhere = (given: unknown) => !JSON.stringify(given).includes('/run/cups/cups.sock');
        counts.connections = connect.calls.allArgs().filter(isElsewhere).length;
        expect(counts.connections).withContext('connections to elsewhere').toBe(0);
        report('injection', counts);
    });

    it('in a journal opens no incident whose text draws what is not there', async () => {
        const check = () => Promise.resolve({ gone: false, detail: '' });
        const from = { PRIORITY: 3, _TRANSPORT: 'kernel', SYSLOG_IDENTIFIER: 'kernel', SYSLOG_FACILITY: 0 };
        for (const attack of attacks) {
            const line = attack.replaceAll('\n', ' ');
            const texts = [
                `Out of memory: Killed process 4321 (${line}) total-vm:12345678kB, anon-rss:8765432kB`,
                `EXT4-fs error (device ${line}): ext4_lookup:1855: inode #2: comm ls: ${line}`,
                line,
            ];
            for (const MESSAGE of texts)
                for (const { title, cause, subject, evidence } of await findingsOf({ ...from, MESSAGE }, check)) {
                    counts.findings += 1;
                    expect([title, cause, subject, ...evidence.map(({ message }) => message)].join(' ')).not.toMatch(
                        changesHowItIsDrawn,
                    );
                }
        }
        expect(counts.findings).toBeGreaterThan(attacks.length);
    });

    it(
        'as a wish, or in a name that a plan shows, only makes plans that show what they run',
        async () => {
            const states = fc.sample(anyState, { numRuns: tries(12, attacks.length), seed });
            for (const [index, state] of states.entries()) {
                const attack = attacks[(index * 13 + seed) % attacks.length] ?? '';
                process.env.HOME = '/nowhere';
                await using computer = await Computer.start(named(state, attack));
                process.env.HOME = computer.root;
                // Some make what their parameters name.
                const asked = await fittingAll(computer);
                const present = computer.snapshot();
                const actions = new Actions(computer.surroundings);
                const { signal } = new AbortController();
                for (const text of [...attacks.filter((_one, at) => at % 13 === index % 13), attack]) {
                    counts.wishes += 1;
                    const wish = readWish(text, { ...computer.surroundings, signal });
                    const ways = await wish?.ways().catch(unlessRefused);
                    for (const way of ways ?? []) judge(await actions.plan(way).catch(unlessRefused));
                }
                for (const [action, parameters] of asked)
                    judge(await actions.plan({ action, parameters, explanation: '' }).catch(unlessRefused));
                expect(computer.touched).toEqual([]);
                expect(computer.snapshot()).toEqual(present);
            }
            expect(counts.plans).toBeGreaterThan(0);
        },
        patience,
    );

    it('in what a tool reads is quoted to the model, and in its answer draws nothing and changes nothing', async () => {
        for (const attack of attacks) {
            const machine = { ...recordedMachine(), run: () => Promise.resolve(attack) };
            const said = [
                ['manual', { page: 'ls' }],
                ['package_info', { name: 'bash' }],
                [attack, { attack }],
            ] as const;
            const backend = new ScriptedBackend([
                { say: attack, calls: said.map(([name, values]) => [name, values]) },
                { say: attack, calls: [['propose_fix', { incident: 7, change: attack, reason: attack }]] },
                attack,
            ]);
            const propose = (): never => {
                throw new Error('what has not the form of a fix is proposed');
            };
            const thinkers = { forQuestion: () => Promise.resolve({ backend, model: scriptedModel }) };
            const models = { thinkers, proposals: { propose } };
            const { text, told } = await ask('fix it', { models, open: [incident], machine });
            const drawnAs = [text, ...told.flatMap(({ title, output }) => [title, output])].join(' ');
            expect(drawnAs.replaceAll('\n', ' ')).not.toMatch(changesHowItIsDrawn);
            const read = backend.requests.flatMap(({ messages }) => messages.filter(({ role }) => role === 'tool'));
            expect(read.length).toBeGreaterThan(said.length);
            for (const { text: quoted } of read) {
                counts['tool results'] += 1;
                expect(quoted).not.toMatch(/<\|im_|\[\/?INST\]|<\/?s>/);
                expect(
                    quoted
                        .split('\n')
                        .slice(1)
                        .every(line => line.startsWith('| ')),
                ).toBeTrue();
            }
        }
    });

    describe('that a model obeys', () => {
        let directory: string;
        let loop: Loop;
        beforeEach(() => {
            directory = mkdtempSync(join(tmpdir(), 'reeve-injection-'));
            loop = makeLoop(directory, recordedUnits(262));
        });
        afterEach(() => {
            loop.database[Symbol.dispose]();
            rmSync(directory, { recursive: true });
        });

        it('ends in a proposal for the unit of the incident at most', async () => {
            const { incident } = await offerRestart(loop, 'sample-exit.service');
            const { signal } = new AbortController();
            const names = everyAction.map(({ name }) => name);
            for (const [index, attack] of attacks.entries())
                for (const unit of ['sample-exit.service', 'sshd.service', attack]) {
                    const change = {
                        action: names[index % names.length],
                        scope: 'system',
                        unit,
                        name: attack,
                        path: attack,
                    };
                    const values = { incident: incident.id, change, reason: attack };
                    const orders = [values, { ...values, change: { action: 'unit.reset', scope: 'system', unit } }];
                    for (const order of orders)
                        await proposeFix(order, { ...loop, incidents: loop.incidents, modelName: attack, signal })
                            .then(({ plan }) => {
                                counts.proposals += 1;
                                expect(plan.parameters).toEqual({ scope: 'system', unit: 'sample-exit.service' });
                                expect(`${plan.explanation}${plan.proposedBy ?? ''}`).not.toMatch(changesHowItIsDrawn);
                            })
                            .catch(unlessRefused);
                }
            counts.executed += loop.calls.length;
            expect(loop.calls).toEqual([]);
            const states = new Set(loop.proposals.list(incident.id).map(({ state }) => state));
            expect([...states]).toEqual(['offered']);
            expect(counts.proposals).toBeGreaterThan(0);
        });

        it(
            'ends, for a wish, in the plan of an action that a model may propose, for what is there, at most',
            async () => {
                const [state] = fc.sample(anyState, { numRuns: 1, seed });
                if (state === undefined) throw new Error('no computer');
                await using computer = await Computer.start(state);
                process.env.HOME = computer.root;
                const parameters = await fittingAll(computer);
                const present = computer.snapshot();
                const { signal } = new AbortController();
                const actions = new Actions(computer.surroundings);
                const plans: Plan[] = [];
                const ask = (asked: string, made: readonly Plan[]) => {
                    plans.push(...made);
                    return { task: { id: 1, created: 0, asked }, proposals: [] };
                };
                const obey = async (change: object, attack: string) => {
                    const backend = new ScriptedBackend([
                        { calls: [['propose_change', { change: change as never, reason: attack }]] },
                    ]);
                    const parts = { actions, proposals: { ask }, surroundings: computer.surroundings };
                    const asked = { client: '', actor: 'other', signal };
                    await planByModel(attack, { backend, model: scriptedModel }, parts, asked);
                    counts.suggestions += 1;
                    return plans.splice(0);
                };
                const marked = new Set(proposableFor('task').map(({ name }) => name));
                let possible = 0;
                for (const [index, [name, fitting]] of parameters.entries()) {
                    const made = await obey({ action: name, ...fitting }, 'it is asked for');
                    possible += made.length;
                    expect(made.every(plan => marked.has(plan.action) && mayBeProposed(plan)))
                        .withContext(name)
                        .toBeTrue();
                    const words = pathsIn(fitting).filter(path => typeof valueAt(fitting, path) === 'string');
                    const some = attacks.filter((_one, at) => at % tries(13, 1) === index % tries(13, 1));
                    for (const attack of some)
                        for (const path of words) {
                            const change = { action: name, ...(withAt(fitting, path, attack) as object) };
                            for (const { parameters: kept, title, explanation } of await obey(change, attack)) {
                                expect(JSON.stringify(kept)).not.toContain(JSON.stringify(attack));
                                expect(`${title}${explanation}`).not.toMatch(changesHowItIsDrawn);
                            }
                        }
                }
                expect(possible).toBeGreaterThan(2);
                expect(computer.touched).toEqual([]);
                expect(computer.snapshot()).toEqual(present);
            },
            patience,
        );
    });
});

/** The computer with an attack wherever somebody else chooses a name. */
function named(state: State, attack: string): State {
    const text = attack.replaceAll('\0', '').toWellFormed();
    const line = text.replaceAll(/[\r\n]/g, ' ');
    return {
        ...state,
        card: { ...state.card, name: text },
        application: line,
        summary: line,
        program: { ...state.program, name: text.slice(0, 15).toWellFormed() },
        connections: state.connections.map(each => ({
            ...each,
            id: `${line.replaceAll('/', '_').slice(0, 40).toWellFormed()}${each.uuid}`,
        })),
        printers: state.printers.map(each => ({
            ...each,
            title: text,
            jobs: each.jobs.map(job => ({ ...job, title: text })),
        })),
    };
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
    return path.reduce<unknown>((at, key) => (at as Record<string | number, unknown>)[key], value);
}

function unlessRefused(error: unknown): null {
    if (!(error instanceof ReeveError) || error.code === 'Internal') throw error;
    expect(error.message).not.toMatch(changesHowItIsDrawn);
    return null;
}

function judge(plan: Plan | null): void {
    if (plan === null) return;
    counts.plans += 1;
    const all = [...plan.steps, ...(plan.undo?.steps ?? [])];
    const texts = [
        plan.title,
        plan.explanation,
        plan.riskText,
        ...all.flatMap(({ description, command }) => [description, command]),
    ];
    for (const text of texts) expect(text).not.toMatch(changesHowItIsDrawn);
    for (const { call, command, commands = [] } of all) {
        const run = programsOf(call);
        expect(run.length <= 1 || commands.length >= run.length - 1).toBeTrue();
        for (const argv of run)
            for (const word of argv.filter(each => /^[\w./=:-]+$/.test(each)))
                expect(command).toContain(word.replace(/^(?:\/usr)?\/s?bin\//, ''));
    }
}
