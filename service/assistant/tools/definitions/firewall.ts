import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
import { fact } from '../../../machine/evidence.ts';
import { firewallUnit, readFirewall } from '../../../machine/network/firewall.ts';
import { code, item } from '../../markup.ts';
import { required, toldTool } from '../tool.ts';

export const firewall = toldTool({
    name: 'firewall',
    description: 'Whether the firewall, ufw or firewalld, is on now and at the next start. Not its rules.',
    parameters: z.object({}),
    asked: {
        phrases: {
            en: [
                'is [the|my|a|any] firewall (on|off|enabled|disabled|active|running|working)',
                '(do i have|is there) [a] firewall',
                '(which|what) firewall (is used|is installed|do i have|do i use|is running)',
                '[is] [this] (computer|machine) [protected] [by a] firewall',
                'firewall (status|state)',
            ],
            de: [
                'ist [die|meine|eine] firewall (an|aus|aktiv|eingeschaltet|ausgeschaltet)',
                '(habe ich|gibt es) [eine] firewall',
                'läuft [die|eine] firewall',
                'welche firewall (läuft|habe ich|ist installiert)',
                'firewall status',
            ],
            ar: ['هل (جدار الحماية|الجدار الناري) (يعمل|مفعل|مشغل|متوقف)', 'حالة (جدار الحماية|الجدار الناري)'],
        },
        example: () => _('Is the firewall on?'),
    },
    absent: () => _('No firewall that I know is installed here: neither ufw nor firewalld.'),
    async find(_values, { machine, systemd, signal }, cite) {
        const state = required(await readFirewall(machine, systemd, signal), 'A firewall', 'ufw, firewalld');
        const words = `${state.kind} ${state.isOn ? 'on' : 'off'}, at the next start ${state.isOnAtStart ? 'on' : 'off'}`;
        cite(fact('system', state.kind === 'ufw' ? '/etc/ufw/ufw.conf' : firewallUnit, words));
        return { ...state, words };
    },
    write({ words }, out) {
        out.line(words);
    },
    *tell({ kind, isOn, isOnAtStart }) {
        const program = code(kind);
        yield `${isOn ? _('The firewall is on ({program}).', { program }) : _('The firewall is off ({program}).', { program })}\n\n`;
        if (isOn && !isOnAtStart) yield item(_('It will be off after the next start.'));
        if (!isOn && isOnAtStart) yield item(_('It will be on after the next start.'));
    },
});
