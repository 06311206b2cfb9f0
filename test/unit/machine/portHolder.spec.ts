import { unit as unitFamily } from '../../../service/faults/unit/index.ts';
import { recognise, takenPort } from '../../../service/faults/unit/knownLines.ts';
import { filesOf } from '../../../service/machine/machine.ts';
import { parsePortHolder } from '../../../service/machine/network/portHolder.ts';
import type { Case } from '../../../service/diagnosis/playbook.ts';
import { incidentOf } from '../../support/faultyComputer.ts';
import { managerOf, recorded, recordedUnits, run as runUnit } from '../../support/recordedUnits.ts';

// ss.c of iproute2: the processes are those that we may see, the control group that of anybody's socket.
const ofSystem = 'tcp LISTEN 0 511 0.0.0.0:80 0.0.0.0:* ino:4711 sk:1 cgroup:/system.slice/nginx.service <->\n';
const own =
    'tcp LISTEN 0 5 127.0.0.1:80 0.0.0.0:* users:(("python3",pid=4711,fd=3)) cgroup:/user.slice/user-1000.slice/session-2.scope\n';

const nginx = { name: 'nginx.service', unit: { scope: 'system' as const, unit: 'nginx.service' }, pid: null };

describe('Who holds a port', () => {
    it('is the unit of the socket, or else the program', () => {
        expect(parsePortHolder(ofSystem, 1000)).toEqual(nginx);
        expect(parsePortHolder(own, 1000)).toEqual({ name: 'python3', unit: null, pid: 4711 });
        expect(parsePortHolder('', 1000)).toBeNull();
        expect(parsePortHolder('tcp LISTEN 0 5 *:80 *:* cgroup:unreachable:1a2b\n', 1000)).toBeNull();
    });

    it('is of the system or of the user whose manager has the unit', () => {
        const line = ofSystem.replace(
            '/system.slice/nginx',
            '/user.slice/user-1000.slice/user@1000.service/app.slice/nginx',
        );
        expect(parsePortHolder(line, 1000)?.unit).toEqual({ scope: 'user', unit: 'nginx.service' });
    });

    it('is one process only when no other has the socket, too', () => {
        const shared = own.replace('pid=4711,fd=3)', 'pid=4711,fd=3),("python3",pid=4712,fd=3)');
        expect(parsePortHolder(shared, 1000)?.pid).toBeNull();
    });

    it('is nobody in particular when several have it', () => {
        const resolver = ofSystem.replace('tcp LISTEN', 'udp UNCONN').replace('nginx', 'systemd-resolved');
        expect(parsePortHolder(ofSystem + ofSystem, 1000)).toEqual(nginx);
        expect(parsePortHolder(ofSystem + resolver, 1000)).toBeNull();
    });

    it('is asked for the port that a message names', () => {
        expect(takenPort('bind() to 0.0.0.0:80 failed (98: Address already in use)')).toEqual({ number: 80 });
        expect(takenPort('Error: listen EADDRINUSE: address already in use :::3000')).toEqual({
            number: 3000,
            protocol: 'tcp',
        });
        expect(takenPort('could not bind UDP socket to 0.0.0.0:53: Address already in use')).toEqual({
            number: 53,
            protocol: 'udp',
        });
        expect(takenPort('failed to create listening socket for port 5353: Address already in use')).toEqual({
            number: 5353,
            protocol: 'tcp',
        });
        expect(takenPort('OSError: [Errno 98] Address already in use')).toBeNull();
        expect(takenPort('listening on 0.0.0.0:80')).toBeNull();
    });

    it('is named in the cause of the unit that needs it, and is asked to make way', async () => {
        const asked: string[] = [];
        const run = (program: string, argv: readonly string[]) => {
            asked.push([program, ...argv].join(' '));
            return Promise.resolve(ofSystem);
        };
        const { signal } = new AbortController();
        const units = recordedUnits(262);
        units['nginx.service'] = structuredClone(recorded(units, 'sample-web.service'));
        Object.assign(units['nginx.service'].unit, { Id: 'nginx.service', Names: ['nginx.service'] });
        runUnit(units['nginx.service']);
        const { systemd } = managerOf(units);
        const subject = 'sample-exit.service';
        const message = 'bind() to 0.0.0.0:80 failed (98: Address already in use)';
        const evidence = [{ source: 'journal' as const, time: 1, origin: subject, message, cursor: null, line: null }];
        const findings = { summary: '', cause: 'It failed.', evidence, facts: {}, fixes: [] };
        const incident = incidentOf('unit', 'exit-code', { subject });
        const on = { machine: filesOf('/'), run };
        const of = { incident, tried: [], systemd, signal } as unknown as Case<never>;
        const enriched = await unitFamily.enrich?.(of, findings, on);
        const named = 'It needs network port 80, which nginx.service already uses.';
        expect(enriched?.cause).toBe(`${named} It failed.`);
        for (const known of [message, 'listen: Address already in use']) {
            const cause = `It needs web.service, which failed: ${recognise([known])?.text}`;
            const { cause: said } = (await unitFamily.enrich?.(of, { ...findings, cause }, on)) ?? {};
            expect(said).toBe(`It needs web.service, which failed: ${named}`);
        }
        expect(new Set(asked)).toEqual(new Set(['ss -H -t -u -l -n -p --cgroup sport = :80']));
        const fix = {
            action: 'unit.makeWay' as const,
            parameters: {
                start: { scope: 'system', unit: subject, reset: false },
                other: { scope: 'system', unit: 'nginx.service' },
            },
        };
        expect(enriched?.fixes).toEqual([jasmine.objectContaining(fix)]);
        // What did not help is not offered again.
        const again = await unitFamily.enrich?.({ ...of, tried: [fix] } as unknown as Case<never>, findings, on);
        expect(again?.fixes).toEqual([]);
        const udp = evidence.map(piece => ({ ...piece, message: `${message} (udp)` }));
        await unitFamily.enrich?.(of, { ...findings, evidence: udp }, on);
        expect(asked.at(-1)).toBe('ss -H -u -l -n -p --cgroup sport = :80');
        const itself = { ...incident, subject: 'nginx.service' };
        const same = await unitFamily.enrich?.({ ...of, incident: itself }, findings, on);
        expect([same?.cause, same?.fixes]).toEqual(['It failed.', []]);
    });
});
