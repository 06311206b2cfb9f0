import * as z from 'zod';

import { _, ngettext } from '../../../i18n/i18n.ts';
import { code, item } from '../../markup.ts';
import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { readText } from '../../../machine/machine.ts';
import { readNameServers } from '../../../machine/network/network.ts';
import { readProperties } from '../../../machine/properties.ts';
import { required, toldTool } from '../tool.ts';

const resolve1 = 'org.freedesktop.resolve1';
const resolveObject = { destination: resolve1, path: '/org/freedesktop/resolve1', interface: `${resolve1}.Manager` };
/** org.freedesktop.resolve1(5), properties of the manager. */
const resolveSchema = z.object({ DNSSEC: z.string(), DNSOverTLS: z.string(), ResolvConfMode: z.string() });

export const dns = toldTool({
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
    async find(_values, { machine, signal }, cite) {
        const { servers, evidence } = required(
            await readNameServers(machine),
            'A list of name servers',
            '/etc/resolv.conf',
        );
        cite(evidence);
        const search = /^search\s+(.+)$/m.exec((await readText(machine, '/etc/resolv.conf')) ?? '')?.[1];
        const resolved =
            resolveSchema.safeParse(await readProperties(machine.system, resolveObject, signal)).data ?? null;
        if (resolved !== null) cite(fact('system', resolve1, JSON.stringify(resolved)));
        return { servers, origin: evidence.origin, search: safeText(search ?? '', 200), resolved };
    },
    write({ servers, origin, search, resolved }, out) {
        out.line(`Name servers: ${servers.join(', ') || 'none'} (${origin})`);
        if (search !== '') out.line(`Search domains: ${search}`);
        out.line(
            resolved === null
                ? 'systemd-resolved does not run.'
                : `systemd-resolved: DNSSEC ${resolved.DNSSEC}, DNS over TLS ${resolved.DNSOverTLS}, resolv.conf ${resolved.ResolvConfMode}`,
        );
    },
    *tell({ servers, search, resolved }, format) {
        const names = format.list(servers.map(code));
        yield servers.length === 0
            ? `${_('No name server is set, so names such as example.org cannot be looked up.')}\n\n`
            : `${ngettext('Names are looked up at the name server {servers}.', 'Names are looked up at the name servers {servers}.', servers.length, { servers: names })}\n\n`;
        if (search !== '') yield item(_('Search domains: {domains}', { domains: code(search) }));
        if (resolved === null) return;
        // “yes”, “no”, “opportunistic”, “allow-downgrade”: resolved.conf(5).
        yield item(
            resolved.DNSOverTLS === 'no'
                ? _('DNS queries are not encrypted (DNS over TLS is off)')
                : _('DNS over TLS: {mode}', { mode: code(safeText(resolved.DNSOverTLS, 32)) }),
        );
        yield item(
            resolved.DNSSEC === 'no'
                ? _('DNS replies are not validated (DNSSEC is off)')
                : _('DNSSEC: {mode}', { mode: code(safeText(resolved.DNSSEC, 32)) }),
        );
    },
});
