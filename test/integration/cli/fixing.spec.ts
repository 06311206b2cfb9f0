import { cpSync } from 'node:fs';
import { join } from 'node:path';

import { until } from '../../desktop/waiting.ts';
import { startBuiltService, type BuiltService } from '../../support/builtService.ts';
import { recorded, recordedUnits, run, type RecordedUnit } from '../../support/recordedUnits.ts';
import { startUnitManager } from '../../support/unitManager.ts';

const name = 'sample-exit.service';

/** Of an incident that may not be there yet. */
type Shown = { state?: string; proposals?: { state: string }[] };

describe('A fix that is agreed to on a terminal', () => {
    let unit: RecordedUnit;

    beforeEach(() => {
        unit = recorded(recordedUnits(262), name);
    });

    const json = async (service: BuiltService, ...args: string[]) =>
        JSON.parse((await service.reeve(...args, '--json')).output) as Record<string, unknown>;

    const show = async (service: BuiltService) => (await json(service, 'show', '1')) as Shown;

    const untilOffered = (service: BuiltService) =>
        until('a fix is offered', async () => {
            const { proposals = [] } = await show(service);
            return proposals.some(({ state }) => state === 'offered');
        });

    const auditOf = async (service: BuiltService) => {
        const { entries } = (await json(service, 'audit')) as { entries: { event: string }[] };
        return entries.map(({ event }) => event);
    };

    it('is made, checked, and taken back', async () => {
        await using manager = await startUnitManager({ [name]: unit }, member => {
            if (member === 'RestartUnit') run(unit);
            else Object.assign(unit.unit, { ActiveState: 'inactive', SubState: 'dead' });
            return 'done';
        });
        await using service = await startBuiltService({ systemBus: manager.address });
        await untilOffered(service);

        const other = await service.reeveOnTerminal(['fix', '1', '7'], 'y\n');
        expect(other.output).toContain('There is no fix 7. To see the fixes: reeve show 1');
        expect(other.code).toBe(5);
        const fixed = await service.reeveOnTerminal(['fix', '1', '1'], 'y\n');
        expect(fixed.output).toContain('Fixed and checked.');
        expect(fixed.output).toContain('reeve undo 1');
        expect(fixed.code).toBe(0);
        expect(await show(service)).toEqual(jasmine.objectContaining({ state: 'fixed' }));

        // Somebody has started it again: nobody is asked for what cannot be done.
        const left = unit.unit.InvocationID;
        unit.unit.InvocationID = Array.from({ length: 16 }, () => 9);
        const refused = await service.reeveOnTerminal(['undo', '1'], 'y\n');
        expect(refused.output).toContain(`${name} has been started again since then`);
        expect(refused.output).not.toContain('Undo it?');
        expect(refused.code).toBe(6);
        unit.unit.InvocationID = left;

        const undone = await service.reeveOnTerminal(['undo', '1'], 'y\n');
        expect(undone.output).toContain(`systemctl stop ${name}`);
        expect(undone.output).toContain('D-Bus (system): org.freedesktop.systemd1.Manager.StopUnit');
        expect(undone.output).toContain('Undone.');
        expect(undone.code).toBe(0);
        expect((await show(service)).proposals?.[0]?.state).toBe('undone');
        expect(manager.calls).toEqual([`RestartUnit ${name}`, `StopUnit ${name}`]);
        expect(await auditOf(service)).toEqual(['undone', 'undo-approved', 'applied', 'approved']);
    }, 60_000);

    it('is neither lost nor made again when the service is killed in the middle of it', async () => {
        let kill = () => false;
        await using manager = await startUnitManager({ [name]: unit }, () => {
            kill();
            run(unit);
            Object.assign(unit.unit, { ActiveEnterTimestamp: Date.now() * 1000 });
            return 'done';
        });
        await using killed = await startBuiltService({ systemBus: manager.address });
        kill = () => process.kill(killed.pid, 'SIGKILL');
        await untilOffered(killed);
        expect((await killed.reeveOnTerminal(['fix', '1'], 'y\n')).code).not.toBe(0);

        await using service = await startBuiltService({
            systemBus: manager.address,
            prepare: state => {
                cpSync(join(killed.environment.XDG_STATE_HOME ?? '', 'reeve'), state, { recursive: true });
            },
        });
        await until('the change is found made', async () => (await show(service)).state === 'fixed');
        expect((await show(service)).proposals?.[0]?.state).toBe('applied');
        expect(manager.calls).toEqual([`RestartUnit ${name}`]);
        expect(await auditOf(service)).toEqual(['interrupted', 'approved']);
        expect(await json(service, 'audit', 'verify')).toEqual(jasmine.objectContaining({ ok: true }));
    }, 60_000);
});
