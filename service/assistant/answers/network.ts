import { _ } from '../../i18n/i18n.ts';
import { fact } from '../../machine/evidence.ts';
import { readDefaultRoutes, readInterfaces, readNameServers, readNeighbour } from '../../machine/network/network.ts';
import type { DefaultRoute, Interface } from '../../machine/network/network.ts';
import { readNetworkManager } from '../../machine/network/networkManager.ts';
import type { Connectivity, DeviceTrouble, NetworkManagerState } from '../../machine/network/networkManager.ts';
import type { Answer, Question } from '../answer.ts';
import { code, item, strong } from '../markup.ts';
import { mentions } from '../understanding.ts';

/** One step of the way to the internet. `holds` is null when unknown. */
type Step = { name: string; holds: boolean | null; text: string };

export const network: Answer = {
    id: 'network',
    phrases: {
        en: [
            'is (the|my) (network|wifi|internet) (up|down|connected|working|ok) [and if not where does it stop]',
            '(am i|are we) (online|offline|connected) [to the internet]',
            'why is there no internet',
            '[why] (do i have|i have|there is) no (internet|wifi|connection|network)',
            'no (internet|wifi|connection|network)',
            '(network|internet|wifi) [is] (not working|does not work|down|broken|unreachable)',
            '[my|is there] [a] (network|internet) [connection] (problem|problems)',
            'why cant i connect to the internet',
            '(is|does) dns (working|work|fail)',
            'why does dns fail',
            '[can i] reach the gateway',
            'why is the internet [so] slow',
            '[what is the] (network|wifi|internet) (status|state)',
            '[the] state of the network',
            'check my network',
            '(wifi|network|internet|connection) [keeps] (disconnecting|dropping|drops|fail|fails|broken) [all the time]',
            'why does the network fail [all the time]',
            'at what time did the network fail',
            'what happened at the time the network broke',
            'where does the network stop',
            'cannot resolve host names',
            'are my network cards ok',
            '(what|which program) is using my network',
            'lan cable unplugged',
        ],
        de: [
            '(warum|wieso) (geht|funktioniert) [das|mein] internet nicht',
            'warum habe ich kein (internet|wlan|netz)',
            '(ich habe) kein (internet|wlan|netz|netzwerk)',
            'kein (internet|wlan|netz)',
            'bin ich (online|offline|verbunden)',
            '[ist|funktioniert|geht] [das|mein] (netzwerk|internet|wlan|netz) [verbunden]',
            '(wlan|internet|netzwerk) (funktioniert|geht) nicht',
            '[die] verbindung bricht [ständig|dauernd] ab',
            '[gibt es] [ein] (problem|probleme) mit dem (netzwerk|internet|wlan)',
            'wie ist der (status|zustand) des netzwerks',
        ],
        ar: [
            'هل (الشبكة|الانترنت) (تعمل|يعمل)',
            'لماذا لا يوجد (انترنت|اتصال)',
            'هل انا متصل [بالانترنت]',
            '[ما] حالة (الشبكة|الاتصال)',
        ],
    },
    examples: () => [_('Is the network up?'), _('Why is there no internet?')],
    async *answer(question) {
        const { machine, signal } = question;
        const [interfaces, manager] = await Promise.all([
            readInterfaces(machine, signal),
            readNetworkManager(machine, signal),
        ]);
        if (manager !== null) question.cite(...manager.evidence);
        if (interfaces === null && manager === null) {
            yield `${_('Neither NetworkManager nor the ip program is available, so the network cannot be checked.')}\n`;
            return;
        }
        const steps = await walk(question, interfaces ?? [], manager);
        const stop = steps.find(step => step.holds === false);
        const doubtful = steps.find(step => step.holds === null);
        if (stop !== undefined)
            yield `${_('The network does not reach the internet: it stops at “{step}”.', { step: stop.name })}\n\n`;
        else if (doubtful === undefined) yield `${_('The network is up, and the internet can be reached.')}\n\n`;
        else yield `${_('As far as this computer can tell, the network is up.')}\n\n`;
        for (const { name, text } of steps) yield item(_('{step}: {state}', { step: strong(name), state: text }));
        if (manager === null)
            yield `\n${_('NetworkManager is not running, so it is not known whether the internet can be reached.')}\n`;
        if (mentions(question.understanding, 'slow')) yield `\n${_('The speed was not measured.')}\n`;
        if (mentions(question.understanding, 'usage', 'application'))
            yield `\n${_('This computer does not count how much each program sends and receives.')}\n`;
        question.suggest(_('What changed recently?'));
    },
};

/** From the cable to the internet; ends with the first step that does not hold. */
async function walk(
    question: Question,
    interfaces: readonly Interface[],
    manager: NetworkManagerState | null,
): Promise<Step[]> {
    const { machine, signal } = question;
    const routes = (await readDefaultRoutes(machine, signal)) ?? [];
    const route = routes[0];
    const used = interfaces.find(({ name }) => name === route?.interface) ?? likeliest(interfaces);
    question.cite(used?.evidence ?? fact('system', 'ip address', 'no interface but the loopback'));
    const steps: Step[] = [];
    const add = (name: string, holds: boolean | null, text: string): boolean => {
        steps.push({ name, holds, text });
        return holds !== false;
    };

    if (!add(_('Link'), ...linkStep(question, used, manager))) return steps;
    if (!add(_('Address'), ...addressStep(question, used, manager))) return steps;
    question.cite(route?.evidence ?? fact('system', 'ip route', 'no default route'));
    if (!add(_('Route'), ...routeStep(route))) return steps;
    const gateway = route?.gateway ?? null;
    if (route !== undefined && gateway !== null) {
        if (!add(_('Gateway'), ...(await gatewayStep(question, gateway, route.interface)))) return steps;
    }

    const dns = await readNameServers(machine);
    if (dns !== null) question.cite(dns.evidence);
    const servers = dns?.servers ?? [];
    const hasServers = servers.length > 0;
    const known = _('{servers} (not contacted)', { servers: question.format.list(servers.map(code)) });
    if (!add(_('Name servers'), hasServers, hasServers ? known : _('none is set, so names cannot be resolved')))
        return steps;
    add(_('Internet'), ...internetStep(manager));
    return steps;
}

/** Without a default route: the interface that is nearest to working. */
function likeliest(interfaces: readonly Interface[]): Interface | undefined {
    const rank = ({ addresses, carrier, up }: Interface) =>
        (addresses.length > 0 ? 4 : 0) + (carrier ? 2 : 0) + (up ? 1 : 0);
    return interfaces.reduce<Interface | undefined>(
        (best, next) => (best === undefined || rank(next) > rank(best) ? next : best),
        undefined,
    );
}

function linkStep(
    question: Question,
    used: Interface | undefined,
    manager: NetworkManagerState | null,
): [boolean, string] {
    if (manager?.networkingEnabled === false) return [false, _('networking is turned off')];
    if (used?.carrier === true) {
        const name = manager?.primaryConnection ?? null;
        return [
            true,
            name === null
                ? _('{interface} is connected', { interface: code(used.name) })
                : _('{interface} is connected to {connection}', { interface: code(used.name), connection: code(name) }),
        ];
    }
    const device = manager?.devices.find(({ interface: name }) => name === used?.name) ?? manager?.devices[0];
    if (device !== undefined) question.cite(device.evidence);
    const hasWifi = manager?.devices.some(({ kind }) => kind === 'wifi') ?? false;
    if (hasWifi && manager?.wifiSwitchedOn === false) return [false, _('Wi-Fi is blocked by a hardware switch or key')];
    if (hasWifi && manager?.wifiEnabled === false) return [false, _('Wi-Fi is turned off')];
    if (used === undefined) return [false, _('there is no network device')];
    const trouble = device === undefined ? null : troubleText(device.trouble);
    if (trouble !== null) return [false, _('{interface}: {trouble}', { interface: code(used.name), trouble })];
    if (!used.up) return [false, _('{interface} is turned off', { interface: code(used.name) })];
    return [false, _('{interface} has no connection: no cable, or no radio link', { interface: code(used.name) })];
}

function troubleText(trouble: DeviceTrouble | null): string | null {
    switch (trouble) {
        case 'unplugged':
            return _('the cable is unplugged, or the other end is off');
        case 'password':
            return _('a password is missing');
        case 'authentication':
            return _('the access point refused: the password is probably wrong');
        case 'notInRange':
            return _('the network is not in range');
        case 'firmware':
            return _('the device’s firmware is missing');
        case 'userDisconnected':
            return _('the user disconnected it');
        case 'noAddress':
            return _('the network assigned no address (DHCP)');
        case 'other':
        case null:
            return null;
    }
}

function addressStep(
    question: Question,
    used: Interface | undefined,
    manager: NetworkManagerState | null,
): [boolean, string] {
    const addresses = used?.addresses ?? [];
    if (addresses.length > 0) return [true, question.format.list(addresses.map(code))];
    const device = manager?.devices.find(({ interface: name }) => name === used?.name);
    if (device !== undefined) question.cite(device.evidence);
    if (device?.state === 'connecting')
        return [false, _('none yet: {interface} is still requesting one', { interface: code(device.interface) })];
    return [false, troubleText(device?.trouble ?? null) ?? _('none')];
}

function routeStep(route: DefaultRoute | undefined): [boolean, string] {
    if (route === undefined) return [false, _('there is no default route: only the local network can be reached')];
    if (route.gateway === null) return [true, _('through {interface}', { interface: code(route.interface) })];
    return [
        true,
        _('through {gateway} on {interface}', { gateway: code(route.gateway), interface: code(route.interface) }),
    ];
}

/** The NUD_* states of include/uapi/linux/neighbour.h, as ip-neighbour(8) prints them. */
async function gatewayStep(question: Question, gateway: string, device: string): Promise<[boolean | null, string]> {
    const { state, evidence } = await readNeighbour(question.machine, gateway, device, question.signal);
    question.cite(evidence);
    switch (state) {
        case 'REACHABLE':
        case 'DELAY':
        case 'PROBE':
        case 'STALE':
        case 'PERMANENT':
        case 'NOARP':
            return [true, _('it has answered')];
        case 'FAILED':
        case 'INCOMPLETE':
            return [false, _('it does not answer')];
        case null:
        default:
            return [null, _('nothing has been sent to it recently')];
    }
}

function internetStep(manager: NetworkManagerState | null): [boolean | null, string] {
    const connectivity: Connectivity = manager?.connectivity ?? 'unknown';
    if (!manager?.checksConnectivity) return [null, _('not checked')];
    switch (connectivity) {
        case 'full':
            return [true, _('NetworkManager’s check succeeded')];
        case 'portal':
            return [false, _('the network requires a log-in: open a web page to log in')];
        case 'limited':
        case 'none':
            return [false, _('NetworkManager’s check failed')];
        case 'unknown':
            return [null, _('NetworkManager has not checked yet')];
    }
}
