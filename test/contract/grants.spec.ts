import { ProposalStore } from '../../service/approval/proposalStore.ts';
import { planDigest } from '../../service/approval/digest.ts';
import { proposalPath } from '../../service/api/paths.ts';
import { variant } from '../../service/dbus/connection.ts';
import { families } from '../../service/faults/index.ts';
import { Incidents } from '../../service/incidents/incidents.ts';
import type { Plan } from '../../service/model/proposal.ts';
import { Database } from '../../service/store/database.ts';
import { Timeline } from '../../service/timeline/timeline.ts';
import { failureOf } from '../unit/approval/loop.ts';
import { busName, Client, errorOf, rootPath, startLive, type Live } from './live.ts';
import { plan as systemPlan } from './sample.ts';

const name = 'sample.service';
const [restart] = systemPlan.steps;

/** Of a service of the user's: what was offered for it, and what nobody can allow. */
function store(stateDirectory: string): Record<'mine' | 'system' | 'final', string> {
    using database = Database.open(stateDirectory, () => undefined).database;
    const timeline = new Timeline({ database });
    const noise = () => ({ perHour: 10, minimumSeverity: 'low' as const });
    const incidents = new Incidents({ families, database, timeline, noise });
    const { id = 0 } = incidents.report({ ...failureOf(name), family: 'sample', scope: 'user' }) ?? {};
    if (restart === undefined) throw new Error('no step');
    const undo = { text: 'Stops it', steps: [restart] };
    const mine: Plan = {
        ...systemPlan,
        parameters: { scope: 'user', unit: name },
        undo,
        authentication: false,
    };
    const plans = { mine, system: { ...systemPlan, undo }, final: { ...mine, undo: null } };
    const proposals = new ProposalStore({ database });
    const added = Object.entries(plans).map(([key, plan], rank) => {
        return [key, proposalPath(proposals.add({ kind: 'incident', id }, rank, plan, planDigest(plan)))];
    });
    return Object.fromEntries(added) as ReturnType<typeof store>;
}

describe('Standing grants on the bus', () => {
    let live: Live;
    let shell: Client;
    let fixes: ReturnType<typeof store>;

    const propose = async (fix: string, options = {}): Promise<string> => {
        const [path] = await shell.call(rootPath, 'Grants.Propose', 'oa{sv}', fix, options);
        return String(path);
    };
    const list = async () => (await shell.get(rootPath, 'Grants.Grants')) as Record<string, unknown>[];
    /** Approves a plan as the Shell does. @returns the outcome */
    const apply = async (path: string): Promise<unknown> => {
        const ended = Promise.withResolvers<unknown>();
        const finished = { sender: busName, interface: `${busName}.Request`, member: 'Finished' };
        const following = await shell.connection.subscribe(finished, ({ body: [outcome] }) => {
            ended.resolve(outcome);
        });
        await shell.call(path, 'Proposal.Apply', 'sa{sv}', await shell.get(path, 'Proposal.Digest'), {});
        const outcome = await ended.promise;
        await following[Symbol.asyncDispose]();
        return outcome;
    };

    beforeEach(async () => {
        live = await startLive(directory => {
            fixes = store(directory);
        });
        shell = await Client.open(live.bus);
        await shell.connection.requestName('org.gnome.Shell');
    });
    afterEach(async () => {
        await shell[Symbol.asyncDispose]();
        await live[Symbol.asyncDispose]();
    });

    it('are made by a plan that a person approves, kept over a restart, and removed by anybody', async () => {
        expect(await list()).toEqual([]);
        expect(await shell.get(fixes.mine, 'Proposal.Grantable')).toBeTrue();
        const path = await propose(fixes.mine, { days: variant('u', 7) });
        expect(await shell.get(path, 'Proposal.Title')).toBe('Always restart sample.service when it fails');
        expect(await list()).toEqual([]);
        expect(await apply(path)).toBe(0);

        const [made] = await list();
        const expected = { subject: name, action: 'unit.restart', family: 'sample', kind: 'exit-code', root: false };
        expect(made).toEqual(
            jasmine.objectContaining({ ...expected, uses: 0, uses_allowed: 20, uses_per_hour: 3, state: 0 }),
        );
        expect(Number(made?.ends) - Number(made?.made)).toBe(7 * 86_400_000_000);
        expect(await shell.get(fixes.mine, 'Proposal.Grantable')).toBeFalse();

        await live.restart();
        const [kept] = await list();
        expect(kept).toEqual(made);
        await using anybody = await Client.open(live.bus);
        await anybody.call(rootPath, 'Grants.Remove', 's', kept?.id);
        expect(await list()).toEqual([]);
        expect(await errorOf(anybody.call(rootPath, 'Grants.Remove', 's', kept?.id))).toBe('Error.NotFound');
    });

    it('are not made by another program, nor without a plan', async () => {
        const path = await propose(fixes.mine);
        const [step] = (await shell.get(path, 'Proposal.Steps')) as { arguments: string[] }[];
        const [id = ''] = step?.arguments ?? [];
        await using anybody = await Client.open(live.bus);
        const digest = await shell.get(path, 'Proposal.Digest');
        expect(await errorOf(anybody.call(path, 'Proposal.Apply', 'sa{sv}', digest, {}))).toBe('Error.NotAuthorized');
        expect(await errorOf(anybody.call(rootPath, 'Grants.Add', 's', JSON.parse(id)))).toBe('Error.NotAuthorized');
        expect(await list()).toEqual([]);
    });

    it('are refused for what has to be approved each time', async () => {
        expect(await errorOf(propose(fixes.final))).toBe('Error.InvalidState');
        expect(await shell.get(fixes.final, 'Proposal.Grantable')).toBeFalse();
        // Without the mechanism nobody could keep what root may do.
        expect(await errorOf(propose(fixes.system))).toBe('Error.Unavailable');
        expect(await errorOf(propose(fixes.mine, { days: variant('u', 366) }))).toBe('Error.InvalidArgument');
        expect(await errorOf(propose(`${rootPath}/incident/9/proposal/9`))).toBe('Error.NotFound');
    });
});
