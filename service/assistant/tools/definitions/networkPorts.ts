import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { required, tool } from '../tool.ts';

export const networkPorts = tool({
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
