import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
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
    asked: {
        phrases: {
            en: [
                '(which|what) (dns|name) (server|servers|resolver) (am i using|are used|is used|do i use|do i have|is set|are set)',
                'what (is|are) [my] (dns|name) (server|servers|settings|resolver)',
                '[my] (dns|name) (server|servers|settings)',
                '[my] (dns|nameserver|nameservers)',
                '(what|which) dns [do i have|do i use|am i using]',
                'is (dns over tls|dnssec) (on|enabled|active|used)',
                '(who|what) resolves [my] (names|host names|hostnames)',
            ],
            de: [
                '(welchen|welche|welcher) (dns server|dns|nameserver|namensserver) (benutze ich|nutze ich|habe ich|wird benutzt|werden benutzt|ist eingestellt|sind eingestellt|gibt es)',
                '(wie lautet|was ist|wie heißt) mein (dns|dns server|nameserver)',
                '[meine] (dns server|nameserver|dns einstellungen)',
                'ist (dns over tls|dnssec) (an|aktiv)',
            ],
            ar: [
                '(ما|ما هو|ما هي) (خادم|خوادم) (dns|الاسماء|دي ان اس) [الذي استخدمه|المستخدمة|المستعملة|المستخدم]',
                '(خادم|خوادم|اعدادات) dns',
            ],
        },
        example: () => _('Which name servers are used?'),
    },
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
