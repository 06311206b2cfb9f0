/** Levels of syslog by the words of other loggers: log4j, Python, glog, logrus, PostgreSQL, Xorg, apt, Telegraf. */
const levels = new Map(
    Object.entries({
        1: 'emerg emergency panic alert',
        2: 'crit critical fatal severe f c',
        3: 'err error eror ee e',
        4: 'warn warning wrn ww w',
        5: 'notice note hint',
        6: 'info inf information ii i verbose',
        7: 'debug dbg trace d',
    }).flatMap(([level, words]) => words.split(' ').map(word => [word, Number(level)] as const)),
);
const inWords = [...levels.keys()].filter(word => word.length >= 3).join('|');
/** What PostgreSQL adds to an error, in capitals. */
for (const word of ['statement', 'detail', 'context']) levels.set(word, 5);

/** Where the head of a message ends. */
const headOfMessage = 160;
const ownLevel = new RegExp(
    [
        // `[error]`, `<warn>`, `[core:error]`, `fatal:`, `Error:`, `"level":"error"`, `[ERROR   ]`, `ERROR[811]`
        String.raw`(?:^|[\s[<(|:"]|\[[\d;]{1,8}m)(${inWords}) {0,4}(?=[\]>:|")!]|\[\d|/[A-Z])`,
        String.raw`\b(?:level|lvl|severity|prio|priority)[=:] ?"?(${inWords})\b`,
        // ` ERROR `, as log4j and Java's own logger have it, and `DETAIL: `
        String.raw`(?:^|\s)(?-i:(EMERG|ALERT|CRIT|CRITICAL|FATAL|SEVERE|ERROR|ERR|WARN|WARNING|NOTICE|INFO|DEBUG|TRACE))(?=\s)`,
        String.raw`(?:^|\s)(?-i:(STATEMENT|DETAIL|CONTEXT))(?=: )`,
        // Xorg and Telegraf
        String.raw`\((EE|WW|II)\)`,
        String.raw`(?:^|\s)([EWID])!(?= )`,
        // glog's `E0301 10:11:12.123456`, MongoDB's `"s":"E"`, apt's `E: `
        String.raw`^([EWIF])(?=\d{4} \d\d:)`,
        String.raw`"s":"([FEWID])"`,
        String.raw`^([EW])(?=: )`,
        // GlusterFS: `[2024-03-01 10:11:12.123456] E [`
        String.raw`\] ([EWCID]) \[`,
    ].join('|'),
    'i',
);

/**
 * Every message that calls itself an error or worse contains one of these literals, except letters at its very beginning
 * (glog's `E0301 `, apt's `E: `) and routers, whose level is not in the message. `err` alone is part of too many words.
 */
export const wordsOfErrors = [
    ...[...levels].flatMap(([word, level]) => (level <= 3 && word.length > 3 ? [word] : [])),
    ...['err]', 'err>', 'err:', 'err|', 'err)', 'err!', 'err"', '=err', ' err '],
    '(ee)',
    ' e! ',
    '] e [',
    '] c [',
    '"s":"e"',
    '"s":"f"',
];

/** The severity that a program itself gives, as a level of syslog; null if it gives none. */
export function ownLevelOf(program: string, message: string): number | null {
    const found = ownLevel.exec(message.slice(0, headOfMessage));
    const word = found?.slice(1).find(Boolean);
    return (word === undefined ? null : levels.get(word.toLowerCase())) ?? levelOfRouter(program);
}

/** Cisco's routers have it in the position of the program: `%SEC-6-IPACCESSLOGP: `. */
function levelOfRouter(program: string): number | null {
    const found = program.startsWith('%') ? /^%\w{1,32}-([0-7])-/.exec(program)?.[1] : undefined;
    return found === undefined ? null : Number(found);
}
