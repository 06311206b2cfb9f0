import { faultyComputer, incidentOf } from '../../../support/faultyComputer.ts';

describe('A way to the internet', () => {
    const computer = faultyComputer();

    it('checks whether a route leads out again, or nothing is connected that could have one', async () => {
        const noRoute = incidentOf('routing', 'no-route', { facts: { interface: 'eth0', family: 'inet' } });
        const interfaces = (flags: string, local: string) =>
            `[{"ifname":"eth0","flags":[${flags}],"addr_info":[${local}]}]`;
        const address = '{"local":"192.0.2.1","prefixlen":24,"scope":"global"}';
        expect(await computer.isGone(noRoute)).toBeFalse();
        computer.output['ip -json address'] = interfaces('"UP","LOWER_UP"', address);
        computer.output['ip -json -4 route get 198.41.0.4'] = '';
        expect(await computer.isGone(noRoute)).toBeFalse();
        computer.output['ip -json -4 route get 198.41.0.4'] =
            '[{"dst":"198.41.0.4","gateway":"192.0.2.254","dev":"eth0"}]';
        expect(await computer.isGone(noRoute)).toBeTrue();
        computer.output['ip -json -4 route get 198.41.0.4'] = '';
        computer.output['ip -json address'] = interfaces('"UP","LOWER_UP"', '');
        expect(await computer.isGone(noRoute)).toBeTrue();
        computer.output['ip -json address'] = interfaces('"UP"', address);
        expect(await computer.isGone(noRoute)).toBeTrue();
    });

    it('calls a silent router over once it answers, or no way leads to it, and does not guess', async () => {
        const facts = { interface: 'eth0', family: 'inet', gateway: '192.0.2.254' };
        const silent = incidentOf('routing', 'gateway', { facts });
        const neighbour = 'ip -json neighbour show to 192.0.2.254 dev eth0';
        expect(await computer.isGone(silent)).toBeFalse();
        computer.output['ip -json -6 route show default'] = '[]';
        computer.output['ip -json -4 route show default'] = '[{"dst":"default","gateway":"192.0.2.254","dev":"eth0"}]';
        for (const [state, isOver] of [
            ['FAILED', false],
            ['INCOMPLETE', false],
            ['STALE', true],
            ['REACHABLE', true],
        ] as const) {
            computer.output[neighbour] = `[{"dst":"192.0.2.254","dev":"eth0","state":["${state}"]}]`;
            expect(await computer.isGone(silent))
                .withContext(state)
                .toBe(isOver);
        }
        computer.output[neighbour] = '[]';
        expect(await computer.isGone(silent)).toBeFalse();
        computer.output['ip -json -4 route show default'] = '[{"dst":"default","gateway":"192.0.2.99","dev":"eth0"}]';
        expect(await computer.isGone(silent)).toBeTrue();
    });
});
