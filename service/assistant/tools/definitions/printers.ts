import * as z from 'zod';

import { _, ngettext } from '../../../i18n/i18n.ts';
import { item, plain, strong } from '../../markup.ts';
import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { readPrintQueues } from '../../../machine/printing/printQueues.ts';
import type { PrintQueue } from '../../../machine/printing/printQueues.ts';
import { required, toldTool } from '../tool.ts';

export const printers = toldTool({
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
    absent: () => _('The print service, CUPS, does not answer, or it is not installed.'),
    async find(_values, { machine, signal }, cite) {
        const queues = required(await readPrintQueues(machine, signal), 'CUPS', 'lpstat');
        // lpstat(1) knows the user's own default, too: "system default destination: NAME".
        const output = (await machine.run('lpstat', ['-d'], { signal })) ?? '';
        const preferred = /: (\S+)\s*$/.exec(output)?.[1] ?? null;
        const jobs = queues.flatMap(queue => queue.jobs).length;
        cite(fact('system', 'CUPS', `${queues.length} printers, ${jobs} jobs`));
        return { queues, preferred };
    },
    write({ queues, preferred }, out) {
        out.line(`Default printer: ${preferred === null ? 'none' : safeText(preferred, 128)}`);
        out.list('Printers', queues, ({ name, title, state, accepts, message, jobs }) => {
            const said = message === '' ? '' : `, “${message}”`;
            return `${name} (${title}): ${state}${accepts ? '' : ', REJECTS JOBS'}${said}, ${jobs.length} jobs`;
        });
    },
    *tell({ queues, preferred }) {
        const count = queues.length;
        if (count === 0) {
            yield `${_('No printer is set up.')}\n`;
            return;
        }
        const main = queues.find(({ name }) => name === preferred);
        yield main === undefined
            ? `${ngettext('{count} printer is set up, and none is the default:', '{count} printers are set up, and none is the default:', count, { count })}\n\n`
            : `${_('The default printer is {printer}.', { printer: strong(plain(main.title)) })}\n\n`;
        for (const { title, state, accepts, message, jobs } of queues) {
            const parts = [_('{printer}: {state}', { printer: plain(title), state: stateOf(state) })];
            if (!accepts) parts.push(_('it takes no new jobs'));
            if (message !== '') parts.push(plain(message));
            const waiting = jobs.length;
            if (waiting > 0) parts.push(ngettext('{count} job', '{count} jobs', waiting, { count: waiting }));
            yield item(parts.join(', '));
        }
    },
});

function stateOf(state: PrintQueue['state']): string {
    if (state === 'printing') return _('printing');
    return state === 'stopped' ? _('stopped') : _('ready');
}
