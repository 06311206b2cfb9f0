import { unit as unitFamily } from '../../../service/faults/unit/index.ts';
import { takenPort } from '../../../service/faults/unit/knownLines.ts';
import { filesOf } from '../../../service/machine/machine.ts';
import { parsePortHolder } from '../../../service/machine/network/portHolder.ts';
import type { Case } from '../../../service/diagnosis/playbook.ts';
import { incidentOf } from '../../support/faultyComputer.ts';

// ss.c of iproute2: the processes are those that we may see, the control group that of anybody's socket.
const ofSystem = 'tcp LISTEN 0 511 0.0.0.0:80 0.0.0.0:* ino:4711 sk:1 cgroup:/system.slice/nginx.service <->\n';
const own =
    'tcp LISTEN 0 5 127.0.0.1:80 0.0.0.0:* users:(("python3",pid=4711,fd=3)) cgroup:/user.slice/user-1000.slice/session-2.scope\n';

describe('Who holds a port', () => {
    it('is the unit of the socket, or else the program', () => {
        expect(parsePortHolder(ofSystem)).toBe('nginx.service');
        expect(parsePortHolder(own)).toBe('python3');
        expect(parsePortHolder('')).toBeNull();
        expect(parsePortHolder('tcp LISTEN 0 5 *:80 *:* cgroup:unreachable:1a2b\n')).toBeNull();
    });

    it('is nobody in particular when several have it', () => {
        const resolver = ofSystem.replace('tcp LISTEN', 'udp UNCONN').replace('nginx', 'systemd-resolved');
        expect(parsePortHolder(ofSystem + ofSystem)).toBe('nginx.service');
        expect(parsePortHolder(ofSystem + resolver)).toBeNull();
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
        expect(takenPort('OSError: [Errno 98] Address already in use')).toBeNull();
        expect(takenPort('listening on 0.0.0.0:80')).toBeNull();
    });

    it('is named in the cause of the unit that needs it', async () => {
        const asked: string[] = [];
        const run = (program: string, argv: readonly string[]) => {
            asked.push([program, ...argv].join(' '));
            return Promise.resolve(ofSystem);
        };
        const { signal } = new AbortController();
        const message = 'bind() to 0.0.0.0:80 failed (98: Address already in use)';
        const evidence = [
            { source: 'journal' as const, time: 1, origin: 'apache2', message, cursor: null, line: null },
        ];
        const findings = { summary: '', cause: 'It failed.', evidence, facts: {}, fixes: [] };
        const incident = incidentOf('unit', 'exit-code', { subject: 'apache2.service' });
        const on = { machine: filesOf('/'), run };
        const enriched = await unitFamily.enrich?.({ incident, signal } as unknown as Case<never>, findings, on);
        expect(enriched?.cause).toBe('nginx.service is using port 80. It failed.');
        expect(asked).toEqual(['ss -H -t -u -l -n -p --cgroup sport = :80']);
        const udp = evidence.map(piece => ({ ...piece, message: `${message} (udp)` }));
        await unitFamily.enrich?.({ incident, signal } as unknown as Case<never>, { ...findings, evidence: udp }, on);
        expect(asked[1]).toBe('ss -H -u -l -n -p --cgroup sport = :80');
        const itself = { ...incident, subject: 'nginx.service' };
        const same = await unitFamily.enrich?.({ incident: itself, signal } as unknown as Case<never>, findings, on);
        expect(same?.cause).toBe('It failed.');
    });
});
