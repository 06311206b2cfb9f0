import { _ } from '../../i18n/i18n.ts';
import type { Change } from '../../model/timelineEntry.ts';
import type { NetworkState } from './state.ts';

type ChangeDraft = Omit<Change, 'time' | 'detail'>;

/** The changes of the network between two moments. */
export function networkChanges(before: NetworkState, after: NetworkState, time: number): Change[] {
    return [...linkChanges(before, after), ...addressChanges(before, after), ...routeChanges(before, after)].map(
        change => ({ ...change, time, detail: '' }),
    );
}

function linkChanges(before: NetworkState, after: NetworkState): ChangeDraft[] {
    const changes: ChangeDraft[] = [];
    const names = new Set([...Object.keys(before.links), ...Object.keys(after.links)]);
    for (const name of names) {
        const add = (event: string, summary: string) => {
            changes.push({ kind: 'link', event, subject: name, summary, facts: { interface: name } });
        };
        const values = { interface: name };
        const was = before.links[name];
        const is = after.links[name];
        if (is === undefined) add('removed', _('The network interface {interface} is gone', values));
        else if (was === undefined) add('added', _('There is a new network interface, {interface}', values));
        else if (was.isUp !== is.isUp) {
            if (is.isUp) add('up', _('{interface} was turned on', values));
            else add('down', _('{interface} was turned off', values));
        } else if (was.hasCarrier !== is.hasCarrier && is.isUp) {
            if (is.hasCarrier) add('carrier', _('{interface} has a link again', values));
            else add('carrier-lost', _('{interface} lost its link: the cable or radio connection is gone', values));
        }
    }
    return changes;
}

function addressChanges(before: NetworkState, after: NetworkState): ChangeDraft[] {
    const changes: ChangeDraft[] = [];
    const add = (event: string, entry: string, summary: (values: Record<string, string>) => string) => {
        const [name = '', address = ''] = entry.split(' ');
        const values = { interface: name, address };
        changes.push({ kind: 'address', event, subject: name, summary: summary(values), facts: values });
    };
    for (const entry of before.addresses) {
        if (after.addresses.includes(entry)) continue;
        add('address-removed', entry, values => _('{interface} lost the address {address}', values));
    }
    for (const entry of after.addresses) {
        if (before.addresses.includes(entry)) continue;
        add('address-added', entry, values => _('{interface} has the address {address}', values));
    }
    return changes;
}

function routeChanges(before: NetworkState, after: NetworkState): ChangeDraft[] {
    const changes: ChangeDraft[] = [];
    for (const family of ['inet', 'inet6'] as const) {
        const [was] = before.defaultRoutes[family];
        const [is] = after.defaultRoutes[family];
        if (was === is) continue;
        const [gateway = '', name = ''] = (is ?? was ?? '').split(' ');
        const facts = { family, gateway, interface: name };
        const add = (event: string, summary: string) => {
            changes.push({ kind: 'address', event, subject: name, summary, facts });
        };
        const protocol = family === 'inet' ? 'IPv4' : 'IPv6';
        const values = { protocol, gateway, interface: name };
        if (is === undefined) {
            add('default-route-lost', _('The default route for {protocol} through {interface} is gone', values));
        } else if (gateway === '') {
            add('default-route', _('The default route for {protocol} leads through {interface}', values));
        } else {
            const summary = _('The default route for {protocol} leads to {gateway} through {interface}', values);
            add('default-route', summary);
        }
    }
    return changes;
}
