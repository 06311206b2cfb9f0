import type { Scenario } from '../scenario.ts';
import { stopUnits } from '../units.ts';

/** Answers every question without looking it up, and says that it never would (RFC 1035, 4.1.1: RA is 0). */
const refusing = `import socket
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(('127.0.0.1', 5399))
while True:
    query, client = server.recvfrom(512)
    server.sendto(query[:2] + b'\\x81\\x00' + query[4:], client)
`;
/** Asks for the address of example.org. */
const ask = `import socket
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.settimeout(5)
client.sendto(b'\\0\\1\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0\\7example\\3org\\0\\0\\1\\0\\1', ('127.0.0.1', 5398))
client.recv(512)
`;
const complains =
    'for _ in 1 2 3 4 5 6; do journalctl --quiet --unit=dnsmasq.service --grep="refused to do" && exit; sleep 0.5; done; echo dnsmasq does not tell of it >&2; exit 1';
const units = ['dnsmasq.service', 'bench-upstream.service'];

export const scenario: Scenario = {
    title: 'the name server does not look names up',
    by: 'provoked',
    // dnsmasq 2.91 of trixie says nothing: its warning was restored in 2.92 (commit da868a2 of dnsmasq).
    suites: ['forky', 'sid'],
    files: {
        '/usr/local/lib/bench-upstream.py': refusing,
        '/etc/systemd/system/bench-upstream.service':
            '[Service]\nExecStart=/usr/bin/python3 /usr/local/lib/bench-upstream.py\n',
        '/etc/systemd/system/dnsmasq.service': `[Service]
ExecStart=/usr/sbin/dnsmasq --keep-in-foreground --conf-file=/dev/null --user=root --listen-address=127.0.0.1 --port=5398 --no-resolv --server=127.0.0.1#5399
`,
    },
    prepare: async desktop => {
        await desktop.exec(['systemctl', 'start', ...units]);
        const listens = "until ss --listening --udp --no-header 'sport = :5399' | grep -q .; do sleep 0.05; done";
        await desktop.exec(['sh', '-c', listens]);
    },
    provoke: async desktop => {
        await desktop.exec(['python3', '-c', ask]);
        await desktop.exec(['sh', '-c', complains], { timeout: 10_000 });
    },
    expect: { family: 'dns', subject: 'DNS', cause: /name server/ },
    clear: desktop => stopUnits(desktop, ...units),
};
