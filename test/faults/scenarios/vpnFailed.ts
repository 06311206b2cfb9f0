import { replay, service } from '../replay.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'a VPN does not come up',
    by: 'replayed',
    provoke: desktop =>
        replay(
            desktop,
            // OpenVPN, src/openvpn/ssl.c.
            service(
                'openvpn-client@work.service',
                'openvpn',
                'TLS Error: TLS key negotiation failed to occur within 60 seconds (check your network connectivity)',
            ),
            service('openvpn-client@work.service', 'openvpn', 'TLS Error: TLS handshake failed'),
        ),
    expect: { family: 'routing', subject: /./, cause: /VPN/ },
};
