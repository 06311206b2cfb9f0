import * as z from 'zod';

import { _, ngettext } from '../../../i18n/i18n.ts';
import { code } from '../../markup.ts';
import { readInterfaces } from '../../../machine/network/network.ts';
import { listed } from '../listed.ts';
import { required, toldTool } from '../tool.ts';

const shown = 20;

export const networkLinks = toldTool({
    name: 'network_links',
    description:
        'Network interfaces: whether they are up, whether they have a cable or radio link, and their addresses.',
    parameters: z.object({}),
    asked: {
        phrases: {
            en: [
                '(what|which) is my [local] (ip|ip address|ipv4 address|ipv6 address)',
                '[what is] my local ip [address]',
                'do i have an (ipv6 address|ipv4 address|ip address)',
                'is my (lan|ethernet|network cable) connected',
                '(which|what) network (interfaces|adapters|cards) (do i have|are there|exist)',
                '[show] [me] [my] mac address',
                '[what is] my mac address',
                'how fast is [my] (ethernet|wired|network) link',
                'is [the|my] (network|ethernet|lan) cable (plugged in|connected)',
                '[list|show] [all] network (interfaces|adapters)',
            ],
            de: [
                '(wie lautet|was ist|wie ist) meine (ip adresse|ip|ipv6 adresse)',
                'habe ich eine (ipv6 adresse|ip adresse)',
                'steckt [das] (netzwerkkabel|lan kabel)',
                'welche (netzwerkschnittstellen|netzwerkkarten|netzwerkadapter) (gibt es|habe ich)',
                'wie ist [meine] mac adresse',
                'ist [das] (netzwerkkabel|netzwerk kabel|lan kabel) (eingesteckt|verbunden|angeschlossen)',
            ],
            ar: [
                'ما عنوان (mac|ip) [لبطاقة] [الشبكة]',
                'ما [هو] عنوان (ip|الاي بي) [لجهازي|الخاص بي]',
                'ما واجهات الشبكة [عندي]',
                'هل كابل الشبكة (موصول|متصل)',
                '(ما|ما هي) واجهات الشبكة',
                'ما [هو] عنوان mac',
            ],
        },
        example: () => _('Which network interfaces are there?'),
    },
    async find(_values, { machine, signal }, cite) {
        const interfaces = required(await readInterfaces(machine, signal), 'iproute2', 'ip');
        cite(...interfaces.map(({ evidence }) => evidence));
        return interfaces;
    },
    write(interfaces, out) {
        out.list('Interfaces', interfaces, ({ name, up, carrier, addresses }) => {
            const link = up ? (carrier ? 'up, with a link' : 'up, no cable or radio link') : 'switched off';
            return `${name}: ${link}; addresses ${addresses.join(', ') || 'none'}`;
        });
    },
    *tell(interfaces, format) {
        const count = interfaces.length;
        if (count === 0) {
            yield `${_('This computer has no network interface.')}\n`;
            return;
        }
        yield `${ngettext('There is {count} network interface:', 'There are {count} network interfaces:', count, { count })}\n\n`;
        yield* listed(interfaces, shown, format, ({ name, up, carrier, addresses }) => {
            const values = { interface: code(name), addresses: format.list(addresses.map(code)) };
            if (!up) return _('{interface} is switched off', values);
            else if (!carrier) return _('{interface} has no cable or radio link', values);
            else if (addresses.length === 0) return _('{interface} is connected, but has no address', values);
            else return _('{interface} is connected: {addresses}', values);
        });
    },
});
