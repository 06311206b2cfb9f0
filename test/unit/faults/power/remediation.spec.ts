import { faultyComputer, incidentOf, minute } from '../../../support/faultyComputer.ts';
import { batteryReplies } from '../../../support/recordedMachine.ts';

describe('Heat and batteries', () => {
    const computer = faultyComputer();

    it('checks whether a part is still so warm that the kernel slows it down, however cool that is elsewhere', async () => {
        const warm = incidentOf('power', 'throttled', { subject: 'heat' });
        const zone = '/sys/class/thermal/thermal_zone0';
        computer.write(`${zone}/cdev0/type`, 'Processor\n');
        computer.write(`${zone}/trip_point_0_type`, 'passive\n');
        computer.write(`${zone}/trip_point_0_temp`, '70000\n');
        computer.write(`${zone}/temp`, '71000\n');
        expect(await computer.isGone(warm, 60 * minute)).toBeFalse();
        computer.write(`${zone}/temp`, '69000\n');
        expect(await computer.isGone(warm, 5 * minute)).toBeFalse();
        expect(await computer.isGone(warm, 60 * minute)).toBeTrue();
    });

    it('asks the battery itself whether it is worn, which the sum of all batteries never knows', async () => {
        const display = { Type: 2, IsPresent: true, PowerSupply: true, State: 2, Percentage: 41, Capacity: 0 };
        const battery = incidentOf('power', 'worn', { subject: 'SMP 01AV430' });
        const withBatteries = async (capacities: Record<string, number>, more = {}) => {
            computer.replies = { ...batteryReplies(capacities, more) };
            computer.replies['org.freedesktop.UPower /org/freedesktop/UPower/devices/DisplayDevice'] = display;
            return computer.isGone(battery);
        };
        expect(await computer.isGone(battery)).toBeFalse();
        expect(await withBatteries({ BAT0: 62 })).toBeFalse();
        expect(await withBatteries({ BAT0: 78 })).toBeFalse();
        expect(await withBatteries({ BAT0: 97, BAT1: 62 })).toBeFalse();
        expect(await withBatteries({ BAT0: 97 })).toBeTrue();
        expect(await withBatteries({ BAT0: 97 }, { Model: 'Other' })).toBeTrue();
        expect(await withBatteries({})).toBeFalse();
    });
});
