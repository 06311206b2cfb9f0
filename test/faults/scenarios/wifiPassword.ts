import { replay, service } from '../replay.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'the Wi-Fi password is wrong',
    by: 'replayed',
    provoke: desktop =>
        replay(
            desktop,
            // wpas_auth_failed() in wpa_supplicant/wpa_supplicant.c; nm-device-wifi.c of NetworkManager.
            service(
                'wpa_supplicant.service',
                'wpa_supplicant',
                'wlp2s0: WPA: 4-Way Handshake failed - pre-shared key may be incorrect',
                5,
            ),
            service(
                'wpa_supplicant.service',
                'wpa_supplicant',
                'wlp2s0: CTRL-EVENT-SSID-TEMP-DISABLED id=0 ssid="Home" auth_failures=1 duration=10 reason=WRONG_KEY',
                5,
            ),
            service(
                'NetworkManager.service',
                'NetworkManager',
                '<warn>  [1763711111.1234] device (wlp2s0): Activation: (wifi) disconnected during association, asking for new key',
            ),
        ),
    expect: { family: 'wifi', subject: /Home|wlp2s0/, cause: /password/i },
};
