import * as z from 'zod';

import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { required, tool } from '../tool.ts';

export const networkPorts = tool({
    name: 'network_ports',
    description: 'Which programs listen on which TCP and UDP ports.',
    parameters: z.object({ port: z.int().optional().describe('only this port') }),
    async run({ port }, { machine, signal }, out) {
        // ss(8): numeric, listening, with processes, without a header.
        const output = required(await machine.run('ss', ['-H', '-tulpn'], { signal }), 'iproute2', 'ss');
        const rows = output.split('\n').flatMap(line => {
            const [protocol = '', , , , local = ''] = line.trim().split(/\s+/);
            if (local === '' || (port !== undefined && !local.endsWith(`:${port}`))) return [];
            const program = /users:\(\("([^"]*)",pid=(\d+)/.exec(line);
            const who = program === null ? 'a program of another user' : `${program[1]} (pid ${program[2]})`;
            return [`${protocol} ${safeText(local, 80)}: ${safeText(who, 80)}`];
        });
        const unique = [...new Set(rows)];
        out.cite(fact('system', 'ss -tulpn', `${unique.length} listening sockets`));
        out.list('Listening', unique, row => row, 30);
    },
});
