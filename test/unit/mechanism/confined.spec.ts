import { confined } from '../../../mechanism/confined.ts';
import { programStep } from '../../../service/actions/programStep.ts';
import { unitStep } from '../../../service/actions/units/unitPlan.ts';
import type { Step } from '../../../service/model/proposal.ts';

describe('The limits of a step that root runs', () => {
    const propertiesOf = ({ call }: Step) => {
        const pairs = call.arguments[2] as unknown as [string, { value: unknown }][];
        return new Map(pairs.map(([name, { value }]) => [name, value]));
    };
    const write: Step = {
        description: 'Restore',
        file: { path: '/etc/ssh/sshd_config', before: null, after: null },
        ...programStep('system', ['true']),
    };

    it('let a change of a file write nothing but its folder, and reach no network', () => {
        const properties = propertiesOf(confined(write));
        expect(properties.get('ProtectSystem')).toBe('strict');
        expect(properties.get('ReadWritePaths')).toEqual(['/etc/ssh']);
        expect(properties.get('PrivateNetwork')).toBeTrue();
        expect(properties.get('NoNewPrivileges')).toBeTrue();
        // CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_FSETID, CAP_SETFCAP, CAP_MAC_ADMIN: linux/capability.h.
        expect(Number(properties.get('CapabilityBoundingSet')).toString(16)).toBe('28000001b');
        // What it runs is the same.
        expect(properties.get('ExecStartEx')).toEqual(propertiesOf(write).get('ExecStartEx'));
    });

    it('leave any other step as it is', () => {
        const restart = unitStep('RestartUnit', { scope: 'system', name: 'a.service' });
        expect(confined(restart)).toBe(restart);
        const install: Step = { description: 'Install', ...programStep('system', ['true']) };
        expect(confined(install)).toBe(install);
    });
});
