import type { FaultRule, Sign } from '../detection/faultRule.ts';
import { programName } from '../detection/programs.ts';
import { isEndForFailure, unlessFinal } from '../faults/program/code.ts';
import { complaintPhrases } from './complaintPhrases.ts';
import { ownLevelOf, wordsOfErrors } from './ownLevel.ts';
import { withoutLonger } from './phrases.ts';
import type { TextLogEntry } from './textLogEntry.ts';
import { familyOfDaemon, subjectMatterOf } from './subsystems.ts';
import { isStranger } from './textSources.ts';
import { verbosityOf } from './verbosity.ts';

/** A message without any of these is no complaint, whatever number it ends with. */
const wordsOfComplaint = withoutLonger([
    ...wordsOfErrors,
    ...complaintPhrases.literalsOf('certain', 'likely'),
    // How something ended; `status` and `code` alone are too common.
    'exit ',
    'exited',
    'returned',
    'return code',
    'with status',
    ' rc=',
    'terminated with',
]);

/** General complaints of programs. */
export const ofComplaints: FaultRule = {
    kind: 'failure',
    from: 'anybody',
    complains: true,
    lines: wordsOfComplaint,
    isHint: true,
    sign: unlessCalledError,
    severity: 'medium',
    title: '{subject} reports a failure',
    subject: { of: 'device', as: 'bare' },
};

/**
 * To say it again is no second witness: a program that gets over it may say so for years. Of loose words, only what it calls an
 * error itself becomes a fault by being repeated; the others belong to whatever else fails.
 */
function unlessCalledError({ message }: { message: string }): Sign | null {
    const sign = unlessFinal({ message });
    // `…, error: No such file` explains.
    const isError = (ownLevelOf('', message.replace(/[,;] err(?:or)?: .*/i, '')) ?? 4) <= 3;
    return sign === null || isError ? sign : true;
}

/**
 * Whether a program that no rule knows reports a failure in words of its own. The signs are the level that the program gives,
 * words for failure, and the rest of the line: who was to blame, and whether the program went on. For text only, where a line
 * is judged by itself.
 *
 * @param folded the message with its letters in lower case
 */
export function isComplaint(entry: TextLogEntry, identifier: string, message: string, folded: string): boolean {
    const priority = entry.field('PRIORITY');
    if (priority !== null && Number(priority) >= 6) return false;
    const program = programName(identifier);
    const verbosity = verbosityOf(program);
    const own = ownLevelOf(program, message);
    if (own !== null && own >= 5) return false;
    const isEnd = isEndForFailure(message);
    if (verbosity.has('loud') && !isEnd && (own === null || own > 2)) return false;
    if (isOfList(message)) return false;
    const says = complaintPhrases.read(entry, folded);
    if (says('mild') || isOfObject(folded) || (says('count') && hasCountOfNone(folded))) return false;
    const isFatal = own !== null && own <= 2 && !verbosity.has('serving');
    if (!isFatal && (says('of others') || isFromAddress(folded)) && !says('own limit')) return false;
    const isSure = says('certain') || (says('status') && hasFailingStatus(folded)) || isEnd;
    if (verbosity.has('talkative')) return isSure && (own === null || own <= 4);
    // What PostgreSQL calls an error is mostly a client's error.
    if (own !== null && own <= (program.startsWith('postgres') ? 2 : 3)) return true;
    // What a program itself calls a warning did not fail, unless it says what ran out or was given up.
    if (own === 4) return isSure && (says('grave') || says('own limit') || subjectMatterOf(folded)?.isPlain === true);
    return isSure || (own === null && isDaemon(identifier, program) && says('likely'));
}

/**
 * Whether a program looks after a part of the system, so that its loose words count: a rule knows it, it is called as daemons are,
 * or it starts the system.
 */
function isDaemon(identifier: string, program: string): boolean {
    return (
        !isStranger(identifier) ||
        familyOfDaemon(program, '') !== null ||
        /d(?:[_.\d-]|$)|[-_]daemon$|^(?:rc|boot|sh)\b|\.sh$|ctl$/.test(program)
    );
}

/** The X server's `(EE)` for whatever it tries, and for each line of a back-trace; its end has a rule of its own. */
function isOfList(message: string): boolean {
    return (
        /^(?:\[[ \d.]{4,20}\] )?\(EE\) /.test(message) &&
        !/fatal server error|no screens found|caught signal/i.test(message)
    );
}

/** Methods and objects of Objective-C: `-[Class method:]`, `<Class 0x7f89e8c00520` */
function isOfObject(folded: string): boolean {
    return /[-+]\[[a-z]\w{0,64}[ (]|<\w{1,64}:? 0x/.test(folded);
}

/** `errors: 0`, `failed=0`, `"error":null`, `error rate: 0.00`; not `error 0.5`, nor the address of `failed: 0.0.0.0:80`. */
const countOfNone =
    /(?:err(?:or)?s?|fail(?:ed|ures?)|missing(?: files)?|exception|error rate|\blost)"?(?:[:=] ?| )(?:0(?:\.0{1,16})?\b(?![.:]\d)|""|null\b|nil\b|<nil>|none\b|false\b|\[\])|(?<![\d][.:])\b0 (?:errors?|fail)/;

function hasCountOfNone(folded: string): boolean {
    return countOfNone.test(folded);
}

const status =
    /(?:exit(?:ed|s)?|returned|status|code|rc)(?: (?:with|on|due to))?(?: error)?[:= ]{0,2}\(?-?(\d{1,5})\b(?! (?:rows?|results?|items?|records?|entries)\b)/g;

/**
 * Whether something ended with a status that is neither 0 nor a harmless HTTP status. For a program that exited, it is no HTTP
 * status: ssh, Perl and PHP end with 255.
 */
function hasFailingStatus(folded: string): boolean {
    const ended = folded.search(/\b(?:exited|terminated)\b/);
    for (const { index, 1: digits } of folded.matchAll(status)) {
        const number = Number(digits);
        const isOfHttp = number >= 200 && number < 400 && (ended < 0 || ended > index);
        if (number !== 0 && !isOfHttp) return true;
    }
    return false;
}

/** `from 192.0.2.7`, `from host.example[192.0.2.7]` */
function isFromAddress(folded: string): boolean {
    return /\bfrom (?:\[?\d{1,3}\.\d|\S{1,255}\[\d)/.test(folded);
}
