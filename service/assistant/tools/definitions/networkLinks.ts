import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
import { readInterfaces } from '../../../machine/network/network.ts';
import { required, tool } from '../tool.ts';

export const networkLinks = tool({
    name: 'network_links',
    description:
        'Network interfaces: whether they are up, whether they have a cable or radio link, and their addresses.',
    parameters: z.object({}),
    asked: {
        phrases: {
            en: [
                '(which|what) network (interfaces|adapters|cards) (do i have|are there|exist)',
                '[show] [me] [my] mac address',
                '[what is] my mac address',
                'how fast is [my] (ethernet|wired|network) link',
                'is [the|my] (network|ethernet|lan) cable (plugged in|connected)',
                '[list|show] [all] network (interfaces|adapters)',
            ],
            de: [
                'welche (netzwerkschnittstellen|netzwerkkarten|netzwerkadapter) (gibt es|habe ich)',
                'wie ist [meine] mac adresse',
                'ist [das] (netzwerkkabel|netzwerk kabel|lan kabel) (eingesteckt|verbunden|angeschlossen)',
            ],
            ar: ['هل كابل الشبكة (موصول|متصل)', '(ما|ما هي) واجهات الشبكة', 'ما [هو] عنوان mac'],
        },
        example: () => _('Which network interfaces are there?'),
    },
    async run(_values, { machine, signal }, out) {
        const interfaces = required(await readInterfaces(machine, signal), 'iproute2', 'ip');
        out.cite(...interfaces.map(({ evidence }) => evidence));
        out.list('Interfaces', interfaces, ({ name, up, carrier, addresses }) => {
            const link = up ? (carrier ? 'up, with a link' : 'up, no cable or radio link') : 'switched off';
            return `${name}: ${link}; addresses ${addresses.join(', ') || 'none'}`;
        });
    },
});
