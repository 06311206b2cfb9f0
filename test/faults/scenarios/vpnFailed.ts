import { earlier, replay, service } from '../replay.ts';
import type { Scenario } from '../scenario.ts';

/** OpenVPN, src/openvpn/ssl.c; it tries again after each minute. */
const says = (message: string) => service('openvpn-client@work.service', 'openvpn', message);
const timedOut = says(
    'TLS Error: TLS key negotiation failed to occur within 60 seconds (check your network connectivity)',
);

export const scenario: Scenario = {
    title: 'a VPN does not come up',
    by: 'replayed',
    provoke: desktop =>
        replay(
            desktop,
            ...[180, 120, 60].map(seconds => earlier(seconds, timedOut)),
            timedOut,
            says('TLS Error: TLS handshake failed'),
        ),
    expect: { family: 'routing', subject: /./, cause: /VPN/ },
};
