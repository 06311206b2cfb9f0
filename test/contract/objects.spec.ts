import { variant } from '../../service/dbus/connection.ts';
import { busName, Client, errorOf, rootPath, startLive, type Live } from './live.ts';
import { hostileText, plan, storeSample, wish } from './sample.ts';

describe('Incidents and proposals on the bus', () => {
    let live: Live;
    let client: Client;
    let sample: ReturnType<typeof storeSample>;
    let incident: string;
    let proposal: string;

    beforeEach(async () => {
        live = await startLive(stateDirectory => {
            sample = storeSample(stateDirectory);
        });
        client = await Client.open(live.bus);
        incident = `${rootPath}/incident/${sample.incident}`;
        proposal = `${incident}/proposal/${sample.proposal}`;
    });

    afterEach(async () => {
        await client[Symbol.asyncDispose]();
        await live[Symbol.asyncDispose]();
    });

    /** Becomes the process that may approve: the owner of the Shell's name. */
    const becomeShell = () => client.connection.requestName('org.gnome.Shell');

    it('are listed by the object manager with all their properties', async () => {
        const [objects] = await client.call(rootPath, 'org.freedesktop.DBus.ObjectManager.GetManagedObjects');
        const task = `${rootPath}/task/${sample.task}`;
        const wished = `${task}/proposal/${sample.wished}`;
        const ofEither = {
            version: 1,
            Number: 1,
            Action: 'unit.restart',
            Title: plan.title,
            Explanation: plan.explanation,
            ProposedBy: '',
            Steps: [
                {
                    description: 'Restart sample.service',
                    command: 'systemctl restart sample.service',
                    bus: 'system',
                    destination: 'org.freedesktop.systemd1',
                    path: '/org/freedesktop/systemd1',
                    interface: 'org.freedesktop.systemd1.Manager',
                    member: 'RestartUnit',
                    signature: 'ss',
                    arguments: ['"sample.service"', '"replace"'],
                },
            ],
            Risk: 1,
            Confirmation: '',
            RiskText: plan.riskText,
            Opens: false,
            Reversible: false,
            UndoText: '',
            UndoSteps: [],
            UndoFirst: [],
            Applied: 0,
            Grant: '',
            Grantable: false,
            Authentication: true,
            Passwords: 1,
            UndoPasswords: 0,
            FinishSteps: [],
            FinishDigest: '',
            FinishPasswords: 0,
            Digest: sample.digest,
            State: 0,
            Outcome: '',
        };
        expect(objects).toEqual({
            [incident]: {
                [`${busName}.Incident`]: {
                    version: 1,
                    Id: sample.incident,
                    Family: 'sample',
                    LocalRule: '',
                    Kind: 'exit-code',
                    Subject: 'sample.service',
                    Scope: 'system',
                    Severity: 3,
                    Title: 'sample.service failed',
                    Summary: '',
                    Cause: hostileText,
                    State: 0,
                    StillWrong: '',
                    FirstSeen: 1_700_000_000_000_000,
                    Began: 1_700_000_000_000_000,
                    LastSeen: 1_700_000_000_000_000,
                    Count: 1,
                    Affected: [],
                    Evidence: [
                        {
                            source: 'journal',
                            time: 1_700_000_000_000_000,
                            origin: 'sample.service',
                            message: hostileText,
                            cursor: 's=1',
                        },
                        { source: 'system', time: 0, origin: '', message: 'without a time', cursor: '' },
                    ],
                    Steps: [],
                    Proposals: [proposal],
                    Looking: false,
                    AnnouncedWith: 0,
                    Notification: 1,
                },
            },
            [proposal]: {
                [`${busName}.Proposal`]: { ...ofEither, Id: sample.proposal, Incident: incident, Task: '/' },
            },
            [task]: {
                [`${busName}.Task`]: {
                    version: 1,
                    Id: sample.task,
                    Created: 1_700_000_000_000_000,
                    Asked: wish,
                    Proposals: [wished],
                },
            },
            [wished]: { [`${busName}.Proposal`]: { ...ofEither, Id: sample.wished, Incident: '/', Task: task } },
        });
    });

    it('announce what changed of them, once, before the call that changed it is answered', async () => {
        const changes: unknown[][] = [];
        await client.connection.subscribe(
            {
                sender: busName,
                interface: 'org.freedesktop.DBus.Properties',
                member: 'PropertiesChanged',
                pathNamespace: incident,
            },
            ({ path, body }) => changes.push([path, ...body]),
        );
        await client.call(incident, 'Incident.MarkNotified');
        expect(changes).toEqual([[incident, `${busName}.Incident`, { Notification: 2 }, []]]);
        await client.call(incident, 'Incident.MarkNotified');
        await client.call(rootPath, 'org.freedesktop.DBus.Peer.Ping');
        expect(changes.length).withContext('nothing changed the second time').toBe(1);
    });

    it('let only the Shell or reeve on a terminal approve, decline or dismiss', async () => {
        const calls = [
            () => client.call(proposal, 'Proposal.Apply', 'sa{sv}', sample.digest, {}),
            () => client.call(proposal, 'Proposal.Finish', 'sa{sv}', sample.digest, {}),
            () => client.call(proposal, 'Proposal.Undo', 'sa{sv}', sample.digest, {}),
            () => client.call(proposal, 'Proposal.Decline', 'a{sv}', {}),
            () => client.call(incident, 'Incident.Dismiss', 'a{sv}', {}),
        ];
        for (const call of calls) expect(await errorOf(call())).toBe('Error.NotAuthorized');
        expect(await client.get(incident, 'Incident.State')).toBe(0);
        expect(await client.get(proposal, 'Proposal.State')).toBe(0);
        const [audited] = await client.call(rootPath, 'Audit.List', 'a{sv}', {});
        expect((audited as { event: string }[]).map(({ event }) => event)).toEqual(['sample']);
    });

    it('bind an approval to the digest', async () => {
        await becomeShell();
        for (const digest of ['', 'x'.repeat(64), sample.digest.toUpperCase(), `${sample.digest} `]) {
            expect(await errorOf(client.call(proposal, 'Proposal.Apply', 'sa{sv}', digest, {}))).toBe(
                'Error.DigestMismatch',
            );
            expect(await errorOf(client.call(proposal, 'Proposal.Undo', 'sa{sv}', digest, {}))).toBe(
                'Error.DigestMismatch',
            );
        }
        expect(await errorOf(client.call(proposal, 'Proposal.Undo', 'sa{sv}', sample.digest, {}))).toBe(
            'Error.NotReversible',
        );
        expect(await errorOf(client.call(proposal, 'Proposal.Finish', 'sa{sv}', sample.digest, {}))).toBe(
            'Error.DigestMismatch',
        );
        expect(await errorOf(client.call(proposal, 'Proposal.CheckUndo', 's', sample.digest)))
            .withContext('nobody need be asked first')
            .toBe('Error.NotReversible');
        expect(await client.get(proposal, 'Proposal.State')).toBe(0);
    });

    it('refuse options of the wrong type by name', async () => {
        const apply = (options: object) =>
            errorOf(client.call(proposal, 'Proposal.Apply', 'sa{sv}', sample.digest, options));
        expect(await apply({ handle_token: variant('s', 'with spaces') })).toBe('Error.InvalidArgument');
        expect(await apply({ handle_token: variant('u', 1) })).toBe('Error.InvalidArgument');
        expect(await apply({ confirmation: variant('b', true) })).toBe('Error.InvalidArgument');
        const dismiss = client.call(incident, 'Incident.Dismiss', 'a{sv}', { forever: variant('s', 'yes') });
        expect(await errorOf(dismiss)).toBe('Error.InvalidArgument');
    });

    it('can be declined and dismissed by the Shell, and the audit log says so', async () => {
        await becomeShell();
        await client.call(proposal, 'Proposal.Decline', 'a{sv}', {});
        expect(await client.get(proposal, 'Proposal.State')).toBe(7);
        expect(await errorOf(client.call(proposal, 'Proposal.Decline', 'a{sv}', {}))).toBe('Error.InvalidState');
        await client.call(incident, 'Incident.Dismiss', 'a{sv}', { forever: variant('b', true) });
        expect(await client.get(incident, 'Incident.State')).toBe(4);
        expect(await client.get(rootPath, 'Manager.OpenIncidents')).toBe(0);
        const [audited] = await client.call(rootPath, 'Audit.List', 'a{sv}', {});
        const entries = audited as { event: string; actor: string }[];
        expect(entries.slice(0, 2).map(({ event, actor }) => `${event} by ${actor}`)).toEqual([
            'dismissed by shell',
            'declined by shell',
        ]);
        expect((await client.call(rootPath, 'Audit.Verify'))[0]).toBe(true);
    });

    it('of a kind that was dismissed for ever are listed as muted until anyone takes that back', async () => {
        const muted: unknown[] = [];
        await client.connection.subscribe(
            {
                sender: busName,
                interface: 'org.freedesktop.DBus.Properties',
                member: 'PropertiesChanged',
                path: rootPath,
            },
            ({ body: [, changed] }) => {
                if (Object.hasOwn(changed as object, 'Muted')) muted.push((changed as { Muted: unknown }).Muted);
            },
        );
        await becomeShell();
        await client.call(incident, 'Incident.Dismiss', 'a{sv}', {});
        await client.call(incident, 'Incident.Dismiss', 'a{sv}', { forever: variant('b', true) });
        const entry = {
            family: 'sample',
            scope: 'system',
            subject: 'sample.service',
            since: jasmine.any(Number),
        };
        expect(await client.get(rootPath, 'Manager.Muted')).toEqual([entry]);

        await using preferences = await Client.open(live.bus);
        const unmute = (subject: string) =>
            errorOf(preferences.call(rootPath, 'Manager.Unmute', 'sssa{sv}', 'sample', 'system', subject, {}));
        expect(await unmute('other.service')).toBe('Error.NotFound');
        expect(await unmute('sample.service')).toBeNull();
        expect(await unmute('sample.service')).toBe('Error.NotFound');
        expect(await client.get(rootPath, 'Manager.Muted')).toEqual([]);
        expect(muted).toEqual([[entry], []]);
        const [audited] = await client.call(rootPath, 'Audit.List', 'a{sv}', {});
        expect((audited as unknown[])[0]).toEqual(
            jasmine.objectContaining({ event: 'unmuted', actor: 'other', subject: 'sample.service' }),
        );
    });
});

describe('A paused service', () => {
    it('says so, refuses work, and stays paused over a restart until it is resumed', async () => {
        await using live = await startLive(storeSample);
        await using client = await Client.open(live.bus);
        const states: unknown[] = [];
        await client.connection.subscribe(
            {
                sender: busName,
                interface: 'org.freedesktop.DBus.Properties',
                member: 'PropertiesChanged',
                path: rootPath,
            },
            ({ body: [, changed] }) => states.push((changed as { State?: number }).State),
        );
        await client.call(rootPath, 'Manager.Pause', 'a{sv}', {});
        expect(states).toContain(3);
        const since = await client.get(rootPath, 'Manager.PausedSince');
        expect(since).toBeGreaterThan(0);
        await client.call(rootPath, 'Manager.Pause', 'a{sv}', {});
        expect(await client.get(rootPath, 'Manager.PausedSince'))
            .withContext('paused twice')
            .toBe(since);

        const refused: [string, string, string, unknown[]][] = [
            [rootPath, 'Assistant.Ask', 'sa{sv}', ['what failed', {}]],
            [rootPath, 'Assistant.AskAndWait', 'sa{sv}', ['what failed', {}]],
            [`${rootPath}/incident/1`, 'Incident.Recheck', 'a{sv}', [{}]],
            [`${rootPath}/incident/1/proposal/1`, 'Proposal.Apply', 'sa{sv}', ['', {}]],
            [`${rootPath}/incident/1/proposal/1`, 'Proposal.Finish', 'sa{sv}', ['', {}]],
            [`${rootPath}/incident/1/proposal/1`, 'Proposal.Undo', 'sa{sv}', ['', {}]],
        ];
        for (const [path, method, signature, args] of refused) {
            expect(await errorOf(client.call(path, method, signature, ...args)))
                .withContext(method)
                .toBe('Error.Paused');
        }
        expect(await errorOf(client.call(rootPath, 'Audit.Verify'))).toBeNull();
        expect(await errorOf(client.call(rootPath, 'Timeline.Query', 'a{sv}', {}))).toBeNull();
        expect(await errorOf(client.call(rootPath, 'Manager.Doctor', 'a{sv}', {}))).toBeNull();
        expect(
            await errorOf(client.call(rootPath, 'Manager.Doctor', 'a{sv}', { hardware: variant('b', true) })),
        ).toBeNull();
        expect(await errorOf(client.call(rootPath, 'Manager.Doctor', 'a{sv}', { hardware: variant('s', 'all') }))).toBe(
            'Error.InvalidArgument',
        );

        await live.restart();
        expect(await client.get(rootPath, 'Manager.State')).toBe(3);
        expect(await client.get(rootPath, 'Manager.PausedSince')).toBe(since);

        await client.call(rootPath, 'Manager.Resume', 'a{sv}', {});
        expect(await client.get(rootPath, 'Manager.State')).not.toBe(3);
        expect(await client.get(rootPath, 'Manager.PausedSince')).toBe(0);
        const [audited] = await client.call(rootPath, 'Audit.List', 'a{sv}', {});
        const events = (audited as { event: string }[]).map(({ event }) => event);
        expect(events.slice(0, 2)).withContext('each once').toEqual(['resumed', 'paused']);
    });
});

describe('The service', () => {
    it('ends when its bus does', async () => {
        await using live = await startLive();
        await live.bus.stop();
        await live.service.ended;
    });

    it('does not start a second time on one bus', async () => {
        await using live = await startLive();
        await expectAsync(live.startAnother()).toBeRejectedWithError(/already owns/);
        await using client = await Client.open(live.bus);
        expect(await client.get(rootPath, 'Manager.version')).toBe(1);
    });
});
