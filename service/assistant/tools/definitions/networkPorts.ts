import * as z from 'zod';

import { _, ngettext } from '../../../i18n/i18n.ts';
import { code } from '../../markup.ts';
import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { listed } from '../listed.ts';
import { required, toldTool } from '../tool.ts';

type Listening = { protocol: string; address: string; port: number; program: { name: string; pid: number } | null };

const shown = 20;

/** 127.0.0.0/8 and ::1, also mapped, and with the name of an interface behind a “%”. */
const isLoopback = (address: string) => /^(?:127\.|\[::1\]|\[::ffff:127\.)/.test(address);

export const networkPorts = toldTool({
    name: 'network_ports',
    description: 'Which programs listen on which TCP and UDP ports.',
    parameters: z.object({ port: z.int().optional().describe('only this port') }),
    asked: {
        phrases: {
            en: [
                '(which|what) (program|process|service) (uses|is using|listens on|binds|has|holds|occupies|blocks) [tcp|udp] port {number} [open]',
                '(what|who) (listens|is listening|runs|is running) on [tcp|udp] [port] {number}',
                '(what|who|which) (uses|is using|has|holds|occupies|blocks) [tcp|udp] port {number} [open|busy]',
                'is [tcp|udp] port {number} (open|free|in use|taken|occupied|used|busy|closed)',
                'port {number} is [already] (in use|taken|busy|occupied)',
                'is [there] (anything|something) listening on [tcp|udp] port {number}',
                '(which|what) [network|tcp|udp|listening] ports are (open|used|in use|listening)',
                '(list|show) [all] [open|listening|network|tcp|udp] ports',
                '[open|listening|network|tcp|udp] ports',
            ],
            de: [
                '(welches|welcher) (programm|prozess|dienst) (benutzt|nutzt|lauscht auf|hört auf|belegt|blockiert|hängt an|hält) [tcp|udp] port {number}',
                '(wer|was) (lauscht|hört|läuft|hängt) (auf|an) [tcp|udp] port {number}',
                '(wer|was) (benutzt|nutzt|belegt|blockiert|hält) [tcp|udp] port {number}',
                'von (wem|was) wird port {number} (belegt|benutzt|blockiert)',
                'ist [tcp|udp] port {number} (offen|frei|belegt|benutzt|zu)',
                'läuft etwas auf port {number}',
                'port {number} ist [schon] (belegt|in benutzung)',
                'welche [netzwerk] ports (sind offen|sind belegt|lauschen)',
                '[zeige] [alle] offene ports',
            ],
            ar: [
                '(اي برنامج|اي عملية|من|ما الذي) (يستخدم|يستعمل|يشغل|يحجز) المنفذ {number}',
                '(من|ما الذي|اي برنامج) (يستمع|يعمل) على المنفذ {number}',
                'هل المنفذ {number} (مفتوح|مغلق|مستخدم|محجوز|مشغول)',
                'ما [هي] المنافذ (المفتوحة|المستخدمة)',
                '[اعرض] المنافذ المفتوحة [على هذا الجهاز]',
            ],
        },
        example: () => _('Which program listens on port {port}?', { port: 8080 }),
        values: ({ number }) => (number === undefined ? {} : { port: Number(number) }),
    },
    async find({ port }, { machine, signal }, cite) {
        // ss(8): numeric, listening, with processes, without a header.
        const output = required(await machine.run('ss', ['-H', '-tulpn'], { signal }), 'iproute2', 'ss');
        const found = new Map<string, Listening>();
        for (const line of output.split('\n')) {
            const [protocol = '', , , , local = ''] = line.trim().split(/\s+/);
            const place = /^(.*):(\d+)$/.exec(local);
            if (place === null || (port !== undefined && Number(place[2]) !== port)) continue;
            const program = /users:\(\("([^"]*)",pid=(\d+)/.exec(line);
            found.set(`${protocol} ${local} ${program?.[2] ?? ''}`, {
                protocol,
                address: safeText(place[1] ?? '', 80),
                port: Number(place[2]),
                program: program === null ? null : { name: safeText(program[1] ?? '', 80), pid: Number(program[2]) },
            });
        }
        cite(fact('system', 'ss -tulpn', `${found.size} listening sockets`));
        return [...found.values()];
    },
    write(found, out) {
        out.list(
            'Listening',
            found,
            ({ protocol, address, port, program }) => {
                const who = program === null ? 'a program of another user' : `${program.name} (pid ${program.pid})`;
                return `${protocol} ${address}:${port}: ${who}`;
            },
            30,
        );
    },
    *tell(found, format, { port }) {
        const [first] = found;
        if (first === undefined) {
            yield port === undefined
                ? `${_('No program listens on a network port.')}\n`
                : `${_('Nothing listens on port {port}.', { port })}\n`;
            return;
        }
        if (port === undefined) {
            const programs = new Set(found.map(({ program }) => program?.name ?? null));
            const count = programs.size;
            yield `${ngettext('{count} program listens on network ports:', '{count} programs listen on network ports:', count, { count })}\n\n`;
        } else {
            yield first.program === null
                ? `${_('A program of another user listens on port {port}.', { port })}\n\n`
                : `${_('{program} (process {pid}) listens on port {port}.', { program: code(first.program.name), pid: first.program.pid, port })}\n\n`;
        }
        yield* listed(found, shown, format, ({ protocol, address, port: number, program }) => {
            const values = {
                port: `${number}/${protocol}`,
                program: program === null ? _('a program of another user') : code(program.name),
            };
            return isLoopback(address)
                ? _('{port}: {program}, only for this computer itself', values)
                : _('{port}: {program}, reachable from the network', values);
        });
    },
});
