import { earlier, kernel, replay } from '../replay.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'the firmware of a Wi-Fi card crashes',
    by: 'replayed',
    provoke: desktop =>
        replay(
            desktop,
            earlier(60, kernel('iwlwifi 0000:02:00.0: Microcode SW error detected. Restarting 0x2000000.')),
            // iwl_mvm_dump_nic_error_log() and iwl_mvm_nic_error() in drivers/net/wireless/intel/iwlwifi.
            kernel('iwlwifi 0000:02:00.0: Microcode SW error detected. Restarting 0x2000000.'),
            kernel('iwlwifi 0000:02:00.0: Start IWL Error Log Dump:'),
            kernel('ieee80211 phy0: Hardware restart was requested', 6),
        ),
    expect: { family: 'wifi', subject: /./, cause: /./ },
};
