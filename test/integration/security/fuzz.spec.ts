// Whatever is called on the session bus, the service answers as documented, does nothing, and goes on.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import fc from 'fast-check';

import { rootPath } from '../../../service/util/names.ts';
import { BusError, Connection } from '../../../service/dbus/connection.ts';
import { messageType } from '../../../service/dbus/wire.ts';
import { storeSample } from '../../contract/sample.ts';
import { startBuiltService, type BuiltService } from '../../support/builtService.ts';
import { anyCall, documentedErrors, interfaces, type GeneratedCall } from '../../support/security/calls.ts';
import { patience, progressOf, report, seed, tries } from '../../support/security/run.ts';

const busName = 'org.reevedesktop.Reeve1';
const calls = tries(1500, 200_000);
const atOnce = 50;
/** In one batch of so many the service rests afterwards, and is asked for what costs a second, or much more. */
const often = 20;
const seldom = 200;
/** D-Bus specification, and the errors of GDBus for what is not there. */
const standardErrors =
    /^org\.freedesktop\.DBus\.Error\.(?:Unknown(?:Object|Interface|Method|Property)|InvalidArgs|PropertyReadOnly)$/;
/** Those that take a tenth of a second, without which more can be tried. */
const dear = new Set(['Ask', 'AskAndWait', 'Verify']);
/** Those that take seconds of the computer, or of the network, however well they are asked for. */
const costly = new Set(['TryAccelerators', 'Doctor', 'Survey', 'Catalogue', 'Download']);
/** What the Shell may call and anybody else may not; it changes what it is called for. */
const forShell = new Set(['Dismiss', 'Decline', 'BeginDemo']);
/** Megabytes. The service is bounded at far less in docs/performance.md, when it only watches. */
const mostMemory = 400;
const counts = { calls: 0, answered: 0, refused: 0, 'of the Shell': 0, MB: 0 };

describe('A call that somebody makes up', () => {
    let service: BuiltService;
    let sample: ReturnType<typeof storeSample>;
    let monitor: Connection;
    /** What the service calls, of whomever. */
    const made: string[] = [];

    beforeAll(async () => {
        service = await startBuiltService({
            prepare: directory => {
                sample = storeSample(directory);
            },
        });
        monitor = await Connection.open({ address: address() });
        const owner = await monitor.nameOwner(busName);
        monitor.onCall = message => {
            if (message.type === messageType.call) made.push(`${message.interface ?? ''}.${message.member ?? ''}`);
        };
        await monitor.call({
            destination: 'org.freedesktop.DBus',
            path: '/org/freedesktop/DBus',
            interface: 'org.freedesktop.DBus.Monitoring',
            member: 'BecomeMonitor',
            signature: 'asu',
            arguments: [[`type='method_call',sender='${owner ?? ''}'`], 0],
        });
    }, 120_000);
    afterAll(async () => {
        await monitor[Symbol.asyncDispose]();
        await service[Symbol.asyncDispose]();
        report('calls', counts);
    });

    const address = () => service.environment.DBUS_SESSION_BUS_ADDRESS ?? '';
    const plans = () => [
        `${rootPath}/incident/${sample.incident}/proposal/${sample.proposal}`,
        `${rootPath}/task/${sample.task}/proposal/${sample.wished}`,
    ];
    const paths = () => ({
        ...Object.fromEntries(interfaces.map(({ name }) => [name, [rootPath]])),
        [`${busName}.Incident`]: [`${rootPath}/incident/${sample.incident}`],
        [`${busName}.Task`]: [`${rootPath}/task/${sample.task}`],
        [`${busName}.Proposal`]: plans(),
    });

    it(
        'is answered as documented, changes no plan and runs nothing, and the service goes on',
        async () => {
            const progress = progressOf('calls', calls);
            const before = await everyPlan();
            const present = homeOf(service);
            for (let batch = 0; counts.calls < calls; batch++) {
                // Half of them from whoever owns the name of the Shell, to get beyond the question who calls.
                const isShell = batch % 2 === 1;
                await using client = await Connection.open({ address: address() });
                if (isShell) await client.requestName('org.gnome.Shell');
                const some = anyCall(paths(), call => isMeant(call, isShell, batch));
                const generated = fc.sample(some, {
                    numRuns: Math.min(atOnce, calls - counts.calls),
                    seed: seed + batch,
                });
                await Promise.all(
                    generated.map(async call => {
                        await expectDocumented(client, call);
                        progress.done();
                    }),
                );
                counts.calls += generated.length;
                if (isShell) counts['of the Shell'] += generated.length;
                if (batch % often === 0) await rest(client);
            }
            expect(await everyPlan()).toEqual(before);
            expect(homeOf(service)).toEqual(present);
            expect(made.filter(changes)).toEqual([]);
            const journal = await entries();
            expect(journal.filter(event => /approved|appl|undo|declin|dismiss|finish/.test(event))).toEqual([]);
            counts.MB = Math.round(peakOf(service.pid) / 1024);
            expect(counts.MB).toBeLessThan(mostMemory);
        },
        patience,
    );

    /** @param batch one in many makes the costly calls with arguments that fit */
    function isMeant({ member, interface: of, signature }: GeneratedCall, isShell: boolean, batch: number): boolean {
        const fits = interfaces
            .find(({ name }) => name === of)
            ?.methods.some(
                ({ name, in: given }) => name === member && given.map(({ type }) => type).join('') === signature,
            );
        if (fits !== true) return true;
        if (isShell && forShell.has(member)) return false;
        if (member === 'TryAccelerators') return false;
        if (costly.has(member) || member === 'Pause') return batch % seldom === 0;
        return !dear.has(member) || batch % often === 0;
    }

    async function expectDocumented(client: Connection, call: GeneratedCall): Promise<void> {
        const { interface: of, member } = call;
        const shown = JSON.stringify(call, (_key, value: unknown) =>
            typeof value === 'bigint' ? String(value) : value,
        ).slice(0, 2000);
        try {
            const reply = await client.call({ ...call, destination: busName, timeout: 300_000 });
            counts.answered += 1;
            const method = interfaces.find(({ name }) => name === of)?.methods.find(({ name }) => name === member);
            if (method !== undefined) expect(reply.length).withContext(shown).toBe(method.out.length);
        } catch (error) {
            if (!(error instanceof BusError)) throw error;
            counts.refused += 1;
            const code = error.errorName.replace(`${busName}.Error.`, '');
            const isKnown =
                standardErrors.test(error.errorName) || (documentedErrors.get(of)?.has(code) ?? code === 'TooLarge');
            expect(isKnown).withContext(`${error.errorName}: ${error.message}\n${shown}`).toBeTrue();
            expect(error.message)
                .withContext(shown)
                .not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        }
    }

    /** Until nothing is paused or asked any more. */
    async function rest(client: Connection): Promise<void> {
        const manager = `${busName}.Manager`;
        const call = { destination: busName, path: rootPath, interface: manager, member: 'Resume', signature: 'a{sv}' };
        await client.call({ ...call, arguments: [{}], timeout: 300_000 });
        while ((await client.getProperty(busName, rootPath, manager, 'Answering')) === true) await setImmediate();
    }

    async function everyPlan(): Promise<unknown[]> {
        await using client = await Connection.open({ address: address() });
        return await Promise.all(plans().map(path => client.getProperties(busName, path, `${busName}.Proposal`)));
    }

    async function entries(): Promise<string[]> {
        const { output } = await service.reeve('audit', '--json');
        return [...output.matchAll(/"event":\s*"([^"]+)"/g)].map(([, event = '']) => event);
    }
});

/** Whether a method that plans may call, or a program of the user's session. */
function changes(method: string): boolean {
    return /\.(?:Start|Stop|Restart|Reset|Kill|Reload|Set|Enable|Disable|Mask|Delete|Activate|Lock|Suspend|Reboot|Shutdown)/.test(
        method,
    );
}

/** The files of the person, less Reeve's own. */
function homeOf({ environment: { HOME = '' } }: BuiltService): string[] {
    return readdirSync(HOME, { recursive: true, withFileTypes: true })
        .filter(entry => entry.isFile())
        .map(entry => join(entry.parentPath, entry.name))
        .filter(file => !/\/(?:state|config|run)\//.test(file));
}

/** The most memory that a process has had, kilobytes; VmHWM in proc_pid_status(5). */
function peakOf(pid: number): number {
    const file = `/proc/${pid}/status`;
    return existsSync(file) ? Number(/VmHWM:\s+(\d+)/.exec(readFileSync(file, 'utf8'))?.[1]) : Infinity;
}
