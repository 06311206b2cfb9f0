import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { required, tool } from '../tool.ts';

export const printers = tool({
    name: 'printers',
    description: 'Printers, the default one, whether each accepts jobs, and waiting print jobs.',
    parameters: z.object({}),
    asked: {
        phrases: {
            en: [
                '(which|what|how many) printers (do i have|are there|are installed|are set up|are known)',
                '[list|show] [my] printers',
                '(what|which) is [my|the] default printer',
                '(what|which) printer is [the] default',
                'are [there] [any] (print jobs|jobs) [waiting|stuck|queued|in the queue]',
                '(what is|anything) [stuck|waiting] in [the|my] print queue',
                'is [the|my] printer (paused|stopped|ready|online|offline|busy)',
                '(print queue|print jobs|default printer)',
            ],
            de: [
                'welche drucker (habe ich|gibt es|sind eingerichtet|sind da)',
                '[zeige] [meine] drucker',
                '(was|welcher) ist [mein|der] standarddrucker',
                '(hängt|wartet|gibt es) [ein|noch] (druckauftrag|druckaufträge|druckjob)',
                '(druckaufträge|druckerwarteschlange|standarddrucker)',
                'ist [der|mein] drucker (angehalten|bereit|pausiert)',
            ],
            ar: [
                '(ما|ما هي) الطابعات (الموجودة|المتاحة|المثبتة)',
                '(ما|ما هي) الطابعة الافتراضية',
                'هل توجد مهام طباعة',
            ],
        },
        example: () => _('Which printers are there?'),
    },
    async run(_values, { machine, signal }, out) {
        // lpstat(1): scheduler, default printer, printers with their state, which accept jobs, jobs.
        const argv = ['-r', '-d', '-p', '-a', '-o'];
        const output = required(await machine.run('lpstat', argv, { signal }), 'CUPS', 'lpstat');
        const text = safeText(output.trim(), 3000, { multiline: true });
        out.cite(fact('system', `lpstat ${argv.join(' ')}`, text === '' ? 'nothing' : text));
        out.block(text === '' ? 'CUPS says nothing: it does not run, or there are no printers.' : text);
    },
});
