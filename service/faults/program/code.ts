import type { Sign } from '../../detection/faultRule.ts';
import type { Captures } from '../../detection/linePattern.ts';
import { persistent } from '../shared/signs.ts';

/** What cannot be done to a device or filesystem that exists. */
export const denied = ['cannot', "can't", "couldn't", 'could not', 'unable to', 'fail to'].flatMap(not =>
    [
        'read',
        'write',
        'access',
        'recover',
        'restore',
        'continue',
        'reset',
        'communicate',
        'reach',
        'resume',
        'start',
        'stop',
        'bring',
        're-enable',
        'complete',
        'open',
        'mount',
        'flush',
        'get buffer',
        'find free',
        'initialize',
        'use ',
        'attach',
        'get temperature',
        'get response',
        'set up ',
        'submit',
        'resubmit',
        'free ',
    ].map(verb => `${not} ${verb}`),
);

/**
 * The numbers by which drivers say that a device did not answer or not as it should, and some more that no driver has for what
 * is merely absent, where they end a sentence in other words: EIO, EBADMSG, EOVERFLOW, ETIME, ECOMM, ENOBUFS.
 */
export const codesAtEnd = ['returned', 'returns', 'ret', 'rc', 'err', 'errno', 'status', 'result', 'rv'].flatMap(word =>
    [' -', '=-', ' = -', ': -', ':-'].map(sign => `${word}${sign}{code:number}`),
);
/** EIO, EROFS, EBADMSG, EILSEQ and EUCLEAN, which is EFSCORRUPTED in most filesystems. */
const numbersOfDamage = new Set(['5', '30', '74', '84', '117']);
const numbersOfFailure = new Set(['5', '62', '70', '71', '74', '75', '84', '105', '110', '121']);

/**
 * Such a device does not exist, does not support it, or waits for another: ENOENT, ENXIO, ENODEV, ENOSYS, EOPNOTSUPP,
 * ENOTSUPP and EPROBE_DEFER.
 */
const ofAbsence = /-(?:2|6|19|38|95|517|524)\b|ENOENT|ENXIO|ENODEV|EPROBE_DEFER/;

export function isPresent({ rest = '' }: Captures): boolean {
    return !ofAbsence.test(rest);
}

export function isFailure({ code = '' }: Captures): boolean {
    return numbersOfFailure.has(code);
}

export function isDamage({ code = '' }: Captures): boolean {
    return numbersOfDamage.has(code.replace('-', ''));
}

export function endsThere({ rest = '' }: Captures): boolean {
    return rest === '';
}

/** Its own end, or that of a program whose parts the dynamic loader did not find. */
const final =
    /\b(?:fatal(?!: module |: the \S+ mail system is not running)|panic|emerg(?:ency)?|critical|(?:giving|gave) up|aborting|(?:cannot|can't|could not|unable to|failed to) start|start-?up failed|crashed|core dumped|segmentation fault|no space left|out of memory|loading shared librar(?:y|ies)|symbol lookup error|error relocating|not found \(required by|cannot continue|bail(?:ing)? out|(?:exiting|quitting|terminating|shutting down) (?:because of|due to|on|with) (?:an? |fatal )?error)\b/i;

/**
 * A failure in the same sentence says why it ends: `Error loading config file -- exiting`; not `without error, exiting`,
 * `Tracker error, terminating announce` or `SIGTERM received, exiting`.
 */
const endsForIt =
    /(?<!\b(?:no|0|zero|any|without) )\b(?:error|cannot|can't|couldn't|could not|unable to|failed|failure|invalid)\b(?<between>.{0,256}?)(?:[,;:.] |--? ?|\()(?:now )?(?:exiting|quitting|terminating|shutting down|bailing)(?: out)?(?=\W*$| ?[.,;:(]| (?:with|on|due|because|now)\b)/i;
const bySignal = /\bSIG[A-Z]{3}|\bsignal\b/;

/** Whether a program says that it cannot do its work at all. */
export function isFinal(message: string): boolean {
    return final.test(message) || isEndForFailure(message);
}

export function isEndForFailure(message: string): boolean {
    const { between } = endsForIt.exec(message)?.groups ?? {};
    return between !== undefined && !bySignal.test(between);
}

/** Most programs get over what they report once, unless it was their end. */
export function unlessFinal({ message }: { message: string }): Sign | null {
    return isFinal(message) ? null : persistent;
}

export { unlessGrave } from '../shared/signs.ts';
