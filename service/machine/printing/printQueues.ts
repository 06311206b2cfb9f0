import { userInfo } from 'node:os';

import { safeText } from '../../text/sanitise.ts';
import type { Machine } from '../machine.ts';
import { askCups, groupTags, operations, type IppAttributes } from './ipp.ts';

export type PrintJob = {
    id: number;
    /** Empty where CUPS keeps it from us: it is somebody else's. */
    title: string;
    isOwn: boolean;
    state: 'waiting' | 'held' | 'printing' | 'stopped';
    /** It waits until somebody releases it, and for no time or password. */
    isHeldForGood: boolean;
    /** What CUPS says about it now, in its own words. */
    message: string;
};

export type PrintQueue = {
    name: string;
    /** What people call it; its name where it has none. */
    title: string;
    state: 'idle' | 'printing' | 'stopped';
    accepts: boolean;
    /** Why it is in that state, in CUPS's own words; may be empty. */
    message: string;
    /** Not finished yet, the first in line first. */
    jobs: PrintJob[];
};

/**
 * Names that CUPS accepts for a queue: validate_name() in its systemv/lpadmin.c. One that begins with “-” could pass for an option, and one
 * with invisible characters for another one: there are none such for us.
 */
export const queueName = /^(?!-)[^\s/\\?'"#\p{Cc}\p{Default_Ignorable_Code_Point}]{1,127}$/u;

const printerAttributes = [
    'printer-name',
    'printer-info',
    'printer-state',
    'printer-state-message',
    'printer-is-accepting-jobs',
];
const jobAttributes = [
    'job-id',
    'job-name',
    'job-state',
    'job-printer-uri',
    'job-originating-user-name',
    'job-printer-state-message',
    'job-hold-until',
];

/** printer-state and job-state of RFC 8011, sections 5.4.11 and 5.3.7. */
const queueStates: Readonly<Record<number, PrintQueue['state']>> = { 3: 'idle', 4: 'printing', 5: 'stopped' };
const jobStates: Readonly<Record<number, PrintJob['state']>> = {
    3: 'waiting',
    4: 'held',
    5: 'printing',
    6: 'stopped',
};
/** client-error-not-found: CUPS says so when there are no printers. */
const notFound = 0x0406;

/** The queues of this computer with their jobs; null when CUPS does not answer. */
export async function readPrintQueues(machine: Machine, signal: AbortSignal): Promise<PrintQueue[] | null> {
    const user = userInfo().username;
    const [printers, jobs] = await Promise.all([
        askCups(machine, { operation: operations.cupsGetPrinters, user, attributes: printerAttributes }, signal),
        askCups(machine, { operation: operations.getJobs, user, attributes: jobAttributes }, signal),
    ]);
    if (printers?.status === notFound) return [];
    if (printers === null || jobs === null || printers.status > 0xff) return null;
    const all = jobs.groups.flatMap(({ tag, attributes }) => (tag === groupTags.job ? jobIn(attributes, user) : []));
    return printers.groups.flatMap(({ tag, attributes }) => {
        const queue = tag === groupTags.printer ? queueIn(attributes) : null;
        if (queue === null) return [];
        return [{ ...queue, jobs: all.filter(job => job.queue === queue.name).map(({ job }) => job) }];
    });
}

function queueIn(of: IppAttributes): Omit<PrintQueue, 'jobs'> | null {
    const [name] = of['printer-name'] ?? [];
    const state = queueStates[Number(of['printer-state']?.[0])];
    if (typeof name !== 'string' || !queueName.test(name) || state === undefined) return null;
    return {
        name,
        title: textOf(of, 'printer-info') || name,
        state,
        accepts: of['printer-is-accepting-jobs']?.[0] !== false,
        message: textOf(of, 'printer-state-message'),
    };
}

function jobIn(of: IppAttributes, user: string): { queue: string; job: PrintJob }[] {
    const [id] = of['job-id'] ?? [];
    const state = jobStates[Number(of['job-state']?.[0])];
    if (typeof id !== 'number' || state === undefined) return [];
    // ipp://HOST/printers/NAME, or /classes/NAME.
    const uri = textOf(of, 'job-printer-uri', 1024);
    const queue = decoded(uri.slice(uri.lastIndexOf('/') + 1));
    const job = {
        id,
        title: textOf(of, 'job-name'),
        isOwn: of['job-originating-user-name']?.[0] === user,
        state,
        isHeldForGood: state === 'held' && of['job-hold-until']?.[0] === 'indefinite',
        message: textOf(of, 'job-printer-state-message'),
    };
    return [{ queue, job }];
}

function textOf(of: IppAttributes, name: string, limit = 128): string {
    const [value = ''] = of[name] ?? [];
    return safeText(String(value), limit);
}

function decoded(text: string): string {
    try {
        return decodeURIComponent(text);
    } catch (error) {
        if (error instanceof URIError) return text;
        throw error;
    }
}
