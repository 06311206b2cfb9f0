import { earlier, kernel, replay } from '../replay.ts';
import type { Scenario } from '../scenario.ts';

/** azx_rirb_get_response() in sound/pci/hda/hda_controller.c. */
const timedOut = kernel(
    'snd_hda_intel 0000:00:1f.3: azx_get_response timeout, switching to polling mode: last cmd=0x000f0000',
    4,
);

export const scenario: Scenario = {
    title: 'a sound card does not answer',
    by: 'replayed',
    provoke: desktop =>
        replay(
            desktop,
            earlier(90, timedOut),
            earlier(45, timedOut),
            // azx_rirb_get_response() and azx_probe_codecs() of the same.
            kernel('snd_hda_intel 0000:00:1f.3: No response from codec, disabling MSI: last cmd=0x000f0000', 4),
            kernel('snd_hda_intel 0000:00:1f.3: no codecs found!'),
        ),
    expect: {
        family: 'audio',
        subject: /./,
        cause: /./,
        fix: 'unit.restart',
        isChecked: false,
        changes: /wireplumber/,
    },
};
