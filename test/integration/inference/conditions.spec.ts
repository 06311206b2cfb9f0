import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection, variant } from '../../../service/dbus/connection.ts';
import type { UnloadReason } from '../../../service/inference/backend.ts';
import { watchConditions, type ConditionOptions } from '../../../service/inference/local/conditions.ts';
import { startPrivateBus } from '../../support/privateBus.ts';

/** Something on the bus with one property, as far as it is looked at. */
type Fake = { name: string; path: string; interface: string; property: string; value: unknown };

const gameMode = (games: number): Fake => ({
    name: 'com.feralinteractive.GameMode',
    path: '/com/feralinteractive/GameMode',
    interface: 'com.feralinteractive.GameMode',
    property: 'ClientCount',
    value: variant('i', games),
});
const powerProfiles = (profile: string): Fake => ({
    name: 'org.freedesktop.UPower.PowerProfiles',
    path: '/org/freedesktop/UPower/PowerProfiles',
    interface: 'org.freedesktop.UPower.PowerProfiles',
    property: 'ActiveProfile',
    value: variant('s', profile),
});

async function openRig(fakes: readonly Fake[], options: Partial<ConditionOptions> = {}) {
    await using stack = new AsyncDisposableStack();
    const bus = stack.use(await startPrivateBus());
    const folder = await mkdtemp(join(tmpdir(), 'reeve-conditions-'));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, 'pressure'), pressure(0));
    const others = stack.use(await Connection.open({ address: bus.address }));
    others.onCall = call => {
        const fake = fakes.find(({ path }) => path === call.path);
        if (fake !== undefined) others.reply(call, 'v', [fake.value]);
    };
    for (const { name } of [...fakes, { name: 'org.freedesktop.login1' }]) await others.requestName(name);
    const ours = stack.use(await Connection.open({ address: bus.address }));
    const reasons: UnloadReason[] = [];
    const waiting: (() => void)[] = [];
    stack.use(
        await watchConditions(
            { session: ours, system: () => ours, pressureFile: join(folder, 'pressure'), inhibitor: null, ...options },
            reason => {
                reasons.push(reason);
                for (const wake of waiting.splice(0)) wake();
                return Promise.resolve();
            },
        ),
    );
    const everything = stack.move();
    return {
        folder,
        reasons,
        /** Resolves with the next reason to unload. */
        next: async () => {
            const count = reasons.length;
            await new Promise<void>(resolve => waiting.push(resolve));
            return reasons[count];
        },
        signal: (path: string, iface: string, member: string, signature: string, body: unknown[]) => {
            others.emit({ path, interface: iface, member, signature, body });
        },
        change: (fake: Fake) => {
            const body = [fake.interface, { [fake.property]: fake.value }, []];
            others.emit({
                path: fake.path,
                interface: 'org.freedesktop.DBus.Properties',
                member: 'PropertiesChanged',
                signature: 'sa{sv}as',
                body,
            });
        },
        [Symbol.asyncDispose]: () => everything.disposeAsync(),
    };
}

describe('A loaded model frees memory', () => {
    it('for a game that starts', async () => {
        await using rig = await openRig([gameMode(0)]);
        expect(rig.reasons).toEqual([]);
        const next = rig.next();

        rig.change(gameMode(1));

        expect(await next).toBe('game');
    });

    it('for a game that runs already', async () => {
        await using rig = await openRig([gameMode(1)]);

        expect(rig.reasons).toEqual(['game']);
    });

    it('when the battery is to be saved', async () => {
        await using rig = await openRig([powerProfiles('balanced')]);
        const next = rig.next();

        rig.change(powerProfiles('performance'));
        rig.change(powerProfiles('power-saver'));

        expect(await next).toBe('battery-saver');
        expect(rig.reasons).toEqual(['battery-saver']);
    });

    it('before a suspend, which waits for it and for nothing else', async () => {
        const folder = await mkdtemp(join(tmpdir(), 'reeve-inhibitor-'));
        const marker = join(folder, 'held');
        // Holds as systemd-inhibit does: for as long as its input is open.
        const inhibitor = [
            process.execPath,
            '-e',
            `fs.writeFileSync(${JSON.stringify(marker)}, String(process.pid)); process.stdin.resume()`,
        ] as const;
        await using rig = await openRig([], { inhibitor });
        const pid = await readWhenThere(marker);
        const next = rig.next();

        rig.signal('/org/freedesktop/login1', 'org.freedesktop.login1.Manager', 'PrepareForSleep', 'b', [true]);

        expect(await next).toBe('suspend');
        await untilGone(Number(pid));
        await rm(folder, { recursive: true });
    });

    it('when memory is short, and not before', async () => {
        await using calm = await openRig([], { pressureEvery: 5 });
        const pressureFile = join(calm.folder, 'short');
        await writeFile(pressureFile, pressure(42));
        await using short = await openRig([], { pressureEvery: 5, pressureFile });

        expect(short.reasons[0] ?? (await short.next())).toBe('memory-pressure');
        expect(calm.reasons).toEqual([]);
    });
});

const pressure = (full: number) =>
    `some avg10=50.00 avg60=1.00 avg300=0.20 total=1\nfull avg10=${full.toFixed(2)} avg60=0.00 avg300=0.00 total=1\n`;

async function readWhenThere(file: string): Promise<string> {
    for (;;) {
        const text = await readFile(file, 'utf8').catch(() => '');
        if (text !== '') return text;
        await new Promise(resolve => setTimeout(resolve, 10));
    }
}

async function untilGone(pid: number): Promise<void> {
    for (;;) {
        try {
            process.kill(pid, 0);
        } catch {
            return;
        }
        await new Promise(resolve => setTimeout(resolve, 10));
    }
}
