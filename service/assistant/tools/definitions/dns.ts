import * as z from 'zod';

import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { readText } from '../../../machine/machine.ts';
import { readNameServers } from '../../../machine/network/network.ts';
import { readProperties } from '../../../machine/properties.ts';
import { required, tool } from '../tool.ts';

const resolve1 = 'org.freedesktop.resolve1';
const resolveObject = { destination: resolve1, path: '/org/freedesktop/resolve1', interface: `${resolve1}.Manager` };
/** org.freedesktop.resolve1(5), properties of the manager. */
const resolveSchema = z.object({ DNSSEC: z.string(), DNSOverTLS: z.string(), ResolvConfMode: z.string() });

export const dns = tool({
    name: 'dns',
    description: 'Which name servers (DNS) are used, search domains, and systemd-resolved’s settings.',
    parameters: z.object({}),
    async run(_values, { machine, signal }, out) {
        const { servers, evidence } = required(
            await readNameServers(machine),
            'A list of name servers',
            '/etc/resolv.conf',
        );
        out.cite(evidence);
        out.line(`Name servers: ${servers.join(', ') || 'none'} (${evidence.origin})`);
        const search = /^search\s+(.+)$/m.exec((await readText(machine, '/etc/resolv.conf')) ?? '')?.[1];
        if (search !== undefined) out.line(`Search domains: ${safeText(search, 200)}`);
        const { data } = resolveSchema.safeParse(await readProperties(machine.system, resolveObject, signal));
        if (data === undefined) {
            out.line('systemd-resolved does not run.');
            return;
        }
        out.cite(fact('system', resolve1, JSON.stringify(data)));
        out.line(
            `systemd-resolved: DNSSEC ${data.DNSSEC}, DNS over TLS ${data.DNSOverTLS}, resolv.conf ${data.ResolvConfMode}`,
        );
    },
});
